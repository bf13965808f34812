package org.tallystick.ledger.pack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// Bytes that are too many for memory, on their way into a pack: a temporary file, gone when it is closed, or when the
/// process ends in whatever way.
final class Spool implements AutoCloseable {

    private final FileChannel file;
    private final OutputStream out;
    private final MessageDigest digest = PackWriter.sha256();
    private long length;
    private long count;

    Spool() throws IOException {
        file = SpoolFile.open();
        out = new BufferedOutputStream(Channels.newOutputStream(file));
    }

    /// Appends one thing, in parts.
    void append(Bytes... parts) throws IOException {
        for (Bytes part : parts) {
            byte[] octets = part.toArray();
            digest.update(octets);
            out.write(octets);
            length += octets.length;
        }
        count++;
    }

    /// How many things were appended.
    long count() {
        return count;
    }

    long length() {
        return length;
    }

    /// Of all that was appended; nothing is appended any more.
    Hash hash() {
        return new Hash(Bytes.copyOf(digest.digest()).toHex());
    }

    /// All that was appended; closing it closes this.
    InputStream content() throws IOException {
        out.flush();
        return new BufferedInputStream(Channels.newInputStream(file.position(0)));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
