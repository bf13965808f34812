package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// Writes the container of a pack in one pass: `docs/spec/pack-1.md` section 2.
public final class PackWriter {

    static final String MAGIC = "tallypack/1\n";

    private static final int CHUNK = 1 << 16;

    private final OutputStream out;
    /// Of the lines.
    private final MessageDigest digest = sha256();
    private @Nullable EntryName last;
    private long entries;

    public PackWriter(OutputStream out) throws IOException {
        this.out = out;
        line(MAGIC);
    }

    /// @throws IllegalArgumentException if it does not come after the entry before, or is too large
    public void entry(EntryName name, Bytes content) throws IOException {
        begin(name, content.size(), Hash.of(content));
        out.write(content.toArray());
        out.write('\n');
    }

    /// The same with content that is not held in memory.
    ///
    /// @param hash of the content
    public void entry(EntryName name, long length, Hash hash, InputStream content) throws IOException {
        begin(name, length, hash);
        byte[] chunk = new byte[CHUNK];
        long left = length;
        for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
            out.write(chunk, 0, read);
            left -= read;
        }
        if (left != 0) {
            throw new IOException("entry " + name + " has another length than was said");
        }
        out.write('\n');
    }

    private void begin(EntryName name, long length, Hash hash) throws IOException {
        if (last != null && last.compareTo(name) >= 0) {
            throw new IllegalArgumentException("entry " + name + " after " + last);
        }
        if (length > name.group().largest()) {
            throw new IllegalArgumentException("entry " + name + " of " + length + " bytes, more than "
                    + name.group().largest());
        }
        last = name;
        entries++;
        line("entry " + name + " " + length + " " + hash + "\n");
    }

    /// Writes the last line. The stream stays open.
    public void end() throws IOException {
        String all = Bytes.copyOf(digest.digest()).toHex();
        out.write(("end " + entries + " " + all + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void line(String line) throws IOException {
        byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
        digest.update(octets);
        out.write(octets);
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
