package org.tallystick.ledger.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;

/// The lines of a file as octets, with a byte order mark of UTF-8 left aside. A line ends in LF or CR LF.
final class Lines implements AutoCloseable {

    /// The most octets of a line.
    static final int LONGEST = 256 * 1024;

    private static final int BUFFER = 64 * 1024;
    private static final int MARK = 3;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[1024];
    private long number;
    private final boolean marked;

    /// @param in is closed with this
    Lines(InputStream in) throws IOException {
        this.in = in;
        end = in.readNBytes(buffer, 0, MARK);
        marked = end == MARK && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb && buffer[2] == (byte) 0xbf;
        if (marked) {
            at = MARK;
        }
    }

    /// @param ended whether a line end followed
    /// @param tooLong whether it was longer than [#LONGEST]; then it is cut
    record Line(long number, Bytes octets, boolean ended, boolean tooLong) {

        /// Whether there is nothing but space.
        boolean isBlank() {
            for (int i = 0; i < octets.size(); i++) {
                if (octets.at(i) != ' ' && octets.at(i) != '\t') {
                    return false;
                }
            }
            return true;
        }
    }

    /// Whether the file begins with the byte order mark of UTF-8.
    boolean marked() {
        return marked;
    }

    Optional<Line> next() throws IOException {
        int length = 0;
        boolean ended = false;
        boolean any = false;
        boolean tooLong = false;
        while (!ended) {
            if (at == end) {
                at = 0;
                end = in.read(buffer);
                if (end <= 0) {
                    end = 0;
                    break;
                }
            }
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            int taken = Math.min(at - from, LONGEST - length);
            tooLong |= taken < at - from;
            if (length + taken > line.length) {
                line = Arrays.copyOf(line, Math.max(2 * line.length, length + taken));
            }
            System.arraycopy(buffer, from, line, length, taken);
            length += taken;
            if (at < end) {
                at++;
                ended = true;
            }
        }
        if (!any) {
            return Optional.empty();
        }
        number++;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return Optional.of(new Line(number, Bytes.copyOf(Arrays.copyOf(line, length)), ended, tooLong));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
