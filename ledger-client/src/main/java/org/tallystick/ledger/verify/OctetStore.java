package org.tallystick.ledger.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.SpoolFile;

/// Octets that may become too many for memory, each found again by where it lies.
///
/// The first of them stay in memory. When there are more, all go to a temporary file, which nobody else reads and which
/// is gone when this is closed.
final class OctetStore implements AutoCloseable {

    private static final int IN_MEMORY = 4 << 20;
    /// So much is read at a time, as what lies together is often read together.
    private static final int READ_AHEAD = 1 << 16;
    /// A place is a number: where it begins, and how long it is, for which there are so many bits.
    private static final int LENGTH_BITS = 25;

    private byte[] last = new byte[READ_AHEAD];
    private int used;
    /// Of what is in the file.
    private long written;
    private @Nullable FileChannel file;
    private byte[] read = new byte[0];
    private long readFrom;

    /// @return where they lie
    long add(Bytes octets) {
        if (octets.size() >= 1 << LENGTH_BITS) {
            throw new IllegalArgumentException(octets.size() + " octets are too many for one value");
        }
        long place = (written + used) << LENGTH_BITS | octets.size();
        if (used + octets.size() > IN_MEMORY) {
            flush();
        }
        if (used + octets.size() > last.length) {
            last = Arrays.copyOf(last, Math.max(Math.min(2 * last.length, IN_MEMORY), used + octets.size()));
        }
        octets.copyTo(last, used);
        used += octets.size();
        return place;
    }

    private void flush() {
        try {
            if (file == null) {
                file = SpoolFile.open();
            }
            ByteBuffer octets = ByteBuffer.wrap(last, 0, used);
            while (octets.hasRemaining()) {
                written += file.write(octets, written);
            }
            used = 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param place as [#add] gave it
    Bytes read(long place) {
        return read(place >>> LENGTH_BITS, (int) (place & (1 << LENGTH_BITS) - 1));
    }

    private Bytes read(long at, int length) {
        if (at >= written) {
            int from = (int) (at - written);
            return Bytes.sharing(Arrays.copyOfRange(last, from, from + length), 0, length);
        }
        if (at < readFrom || at + length > readFrom + read.length) {
            fill(at, Math.max(length, READ_AHEAD));
        }
        int from = (int) (at - readFrom);
        return Bytes.sharing(Arrays.copyOfRange(read, from, from + length), 0, length);
    }

    private void fill(long at, int length) {
        try {
            byte[] octets = new byte[(int) Math.min(length, written - at)];
            ByteBuffer into = ByteBuffer.wrap(octets);
            while (into.hasRemaining()) {
                if (file == null || file.read(into, at + into.position()) < 0) {
                    throw new IOException("a temporary file became shorter");
                }
            }
            read = octets;
            readFrom = at;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
