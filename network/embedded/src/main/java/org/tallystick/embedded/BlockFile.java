package org.tallystick.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// An append-only file of frames; what it gives back is what it was given, or it says where it is damaged.
///
///     frame  = header body
///     header = length of the body (4 bytes) | CRC-32C of length and body (4) | CRC-32C of these eight bytes (4)
///
/// The header has a checksum of its own so that a changed length is damage and never looks like a frame that was
/// not finished. A frame is forced to the disk before [#append] returns. So a crash can leave only one thing: an
/// incomplete last frame, which nobody was told about. Incomplete means that the file ends inside it, or that
/// nothing but zeros follows the last complete frame (some file systems grow a file before they fill it). That alone
/// is cut off. A complete last frame with a wrong checksum could be either, and is damage: it is not ours to guess
/// that it was never acknowledged.
final class BlockFile implements AutoCloseable {
    static final int HEADER_BYTES = 12;
    private static final int CHECKED_HEADER_BYTES = 8;
    private static final int ZERO_SCAN_BYTES = 1 << 16;

    private static final System.Logger LOG = System.getLogger(BlockFile.class.getName());

    private final Path path;
    private final FileChannel channel;
    private long end;

    BlockFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Told of every frame, from the first to the last.
    interface Reader {
        void frame(long offset, byte[] body) throws IOException;
    }

    /// Reads everything, and cuts an incomplete last frame off. Must be called once, before anything else.
    void scan(Reader reader) throws IOException {
        long size = channel.size();
        end = 0;
        while (end < size) {
            if (isIncomplete(end, size)) {
                cut(size);
                return;
            }
            byte[] body = read(end);
            reader.frame(end, body);
            end += HEADER_BYTES + body.length;
        }
    }

    private boolean isIncomplete(long offset, long size) throws IOException {
        if (size - offset < HEADER_BYTES) {
            return true;
        }
        ByteBuffer header = readFully(offset, HEADER_BYTES);
        if (!headerHolds(header)) {
            return isZeroFrom(offset, size);
        }
        return size - offset - HEADER_BYTES < header.getInt(0);
    }

    private void cut(long size) throws IOException {
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}: cut off an incomplete last frame of {1} bytes at offset {2}; nothing in it was acknowledged",
                path,
                Long.toString(size - end),
                Long.toString(end));
        cutFrom(end);
    }

    /// Cuts off everything from the frame at this offset on.
    void cutFrom(long offset) throws IOException {
        FileChannel _ = channel.truncate(offset);
        channel.force(true);
        end = offset;
    }

    /// Where the next frame will begin.
    long end() {
        return end;
    }

    private boolean isZeroFrom(long offset, long size) throws IOException {
        for (long at = offset; at < size; at += ZERO_SCAN_BYTES) {
            ByteBuffer bytes = readFully(at, (int) Math.min(ZERO_SCAN_BYTES, size - at));
            while (bytes.hasRemaining()) {
                if (bytes.get() != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The body of the frame at this offset, checked again.
    byte[] read(long offset) throws IOException {
        ByteBuffer header = readFully(offset, HEADER_BYTES);
        if (!headerHolds(header)) {
            throw new DamagedLedgerException(path, offset, "the header of the frame does not match its checksum");
        }
        int length = header.getInt(0);
        if (length <= 0 || length > Limits.FRAME_BYTES) {
            throw new DamagedLedgerException(path, offset, "a frame cannot be " + length + " bytes long");
        }
        byte[] body = new byte[length];
        readFully(offset + HEADER_BYTES, ByteBuffer.wrap(body));
        if (header.getInt(4) != checksum(length, body)) {
            throw new DamagedLedgerException(path, offset, "the frame does not match its checksum");
        }
        return body;
    }

    /// Returns the frame's offset once the frame is on the disk. After an exception the file must not be appended to.
    long append(byte[] body) throws IOException {
        if (body.length == 0 || body.length > Limits.FRAME_BYTES) {
            throw new IllegalArgumentException("a frame cannot be " + body.length + " bytes long");
        }
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body.length)
                .putInt(body.length)
                .putInt(checksum(body.length, body));
        frame.putInt(headerChecksum(frame)).put(body).flip();
        long offset = end;
        while (frame.hasRemaining()) {
            int _ = channel.write(frame, offset + frame.position());
        }
        channel.force(false);
        end = offset + HEADER_BYTES + body.length;
        return offset;
    }

    private static boolean headerHolds(ByteBuffer header) {
        return header.getInt(CHECKED_HEADER_BYTES) == headerChecksum(header);
    }

    private static int headerChecksum(ByteBuffer header) {
        var crc = new CRC32C();
        crc.update(header.slice(0, CHECKED_HEADER_BYTES));
        return (int) crc.getValue();
    }

    private static int checksum(int length, byte[] body) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
        crc.update(body);
        return (int) crc.getValue();
    }

    private ByteBuffer readFully(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        readFully(offset, bytes);
        return bytes.flip();
    }

    private void readFully(long offset, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(path + " ends inside the frame at " + offset);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
