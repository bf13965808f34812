package org.tallystick.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// A disk that runs full: after so many bytes a write stores what still fits and fails.
final class FailingDisk extends FileChannel {
    private final FileChannel disk;
    private long free;

    FailingDisk(FileChannel disk, long free) {
        this.disk = disk;
        this.free = free;
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        if (bytes.remaining() <= free) {
            int written = disk.write(bytes, position);
            free -= written;
            return written;
        }
        int _ = disk.write(bytes.slice(bytes.position(), (int) free), position);
        free = 0;
        throw new IOException("No space left on device");
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        return disk.read(bytes);
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
        return disk.read(bytes, offset, length);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        return disk.read(bytes, position);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        throw new UnsupportedOperationException("the block file is written at positions");
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        throw new UnsupportedOperationException("the block file is written at positions");
    }

    @Override
    public long position() throws IOException {
        return disk.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        return disk.position(position);
    }

    @Override
    public long size() throws IOException {
        return disk.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        return disk.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
        disk.force(metadata);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return disk.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        return disk.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return disk.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return disk.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return disk.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        disk.close();
    }
}
