package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// Reads the container of a pack in one pass and in bounded memory: `docs/spec/pack-1.md` sections 2 and 7.
///
/// A checksum finds damage and proves nothing, so an entry whose checksum is wrong is handed out with that said. Any
/// other departure from the form ends the reading: what follows has no certain meaning.
public final class PackReader {

    private static final Pattern ENTRY = Pattern.compile("entry ([A-Za-z0-9./-]+) (0|[1-9][0-9]{0,18}) ([0-9a-f]{64})");
    private static final Pattern END = Pattern.compile("end (0|[1-9][0-9]{0,18}) ([0-9a-f]{64})");
    /// The longest line that has the form of one.
    private static final int LONGEST_LINE = 6 + PackLimits.NAME + 1 + 19 + 1 + 64;

    private static final int CHUNK = 1 << 16;
    /// As much as most transactions need. For a larger entry there is never more than twice what was read.
    private static final int ROOM = 1 << 20;

    private final InputStream in;
    /// Of the lines.
    private final MessageDigest digest = PackWriter.sha256();
    private long at;
    private long entries;
    private String place = "";
    private @Nullable EntryName last;
    private @Nullable Streaming streaming;
    private @Nullable Next ended;

    public PackReader(InputStream in) {
        this.in = in;
    }

    /// What comes next.
    public sealed interface Next {}

    /// An entry too large to be held. Its bytes can be read until the next call, which then gives the entry itself.
    public record Streamed(EntryName name, InputStream content) implements Next {}

    /// An entry.
    ///
    /// @param content of documents and of what was streamed nothing: their hash alone is computed
    /// @param stated the checksum in the entry's line
    /// @param computed the checksum of the bytes
    public record Entry(EntryName name, Optional<Bytes> content, Hash stated, Hash computed) implements Next {}

    /// The end, where it belongs.
    public record End(long entries, Hash stated, Hash computed) implements Next {}

    /// The bytes do not begin as a pack does.
    public record NotAPack() implements Next {}

    /// The bytes have not the form of a pack from here on.
    ///
    /// @param code `too_large`, or what is wrong in one word
    /// @param at how many bytes were read before
    /// @param place the entry it was found in or after; empty before the first
    public record Damaged(String code, long at, String place, String text) implements Next {}

    /// Ends the reading; never leaves this class.
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Next next;

        Stop(Next next) {
            super("", null, false, false);
            this.next = next;
        }
    }

    /// The next entry, or how the pack ends; asked again, the end once more.
    public Next next() throws IOException {
        if (ended != null) {
            return ended;
        }
        Next next;
        try {
            next = read();
        } catch (Stop stop) {
            next = stop.next;
        }
        if (!(next instanceof Entry || next instanceof Streamed)) {
            ended = next;
        }
        return next;
    }

    /// The bytes of an entry that is streamed, counted as they are read.
    private final class Streaming extends InputStream {
        private final EntryName name;
        private final Hash stated;
        private final MessageDigest own = PackWriter.sha256();
        private final byte[] one = new byte[1];
        private long left;

        Streaming(EntryName name, long length, Hash stated) {
            this.name = name;
            this.left = length;
            this.stated = stated;
        }

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, offset, (int) Math.min(length, left));
            if (read > 0) {
                own.update(into, offset, read);
                at += read;
                left -= read;
            }
            return read;
        }

        Entry end() throws IOException, Stop {
            byte[] chunk = new byte[CHUNK];
            while (left > 0) {
                if (read(chunk, 0, CHUNK) < 0) {
                    throw stop("truncated", "the pack ends too early");
                }
            }
            return ended(name, Optional.empty(), stated, own);
        }
    }

    private Entry ended(EntryName name, Optional<Bytes> content, Hash stated, MessageDigest own)
            throws IOException, Stop {
        if (octet() != '\n') {
            throw stop("length", "no LF after the bytes");
        }
        return new Entry(name, content, stated, hash(own));
    }

    private Next read() throws IOException, Stop {
        if (streaming != null) {
            Streaming open = streaming;
            streaming = null;
            return open.end();
        }
        if (at == 0) {
            byte[] magic = in.readNBytes(PackWriter.MAGIC.length());
            if (!new String(magic, StandardCharsets.ISO_8859_1).equals(PackWriter.MAGIC)) {
                throw new Stop(new NotAPack());
            }
            at += magic.length;
            digest.update(magic);
        }
        String line = line();
        Matcher end = END.matcher(line);
        if (end.matches()) {
            return end(end);
        }
        Matcher entry = ENTRY.matcher(line);
        if (!entry.matches()) {
            throw stop("line_form", "this is neither the line of an entry nor the last line");
        }
        digest.update((line + "\n").getBytes(StandardCharsets.US_ASCII));
        return entry(entry);
    }

    private Next entry(Matcher line) throws IOException, Stop {
        EntryName name = name(line.group(1));
        if (last != null && last.compareTo(name) >= 0) {
            throw stop("order", "entry " + name + " comes after " + last);
        }
        if (last == null && !name.equals(EntryName.COVER)) {
            throw stop("order", "the first entry is " + name + ", not " + EntryName.COVER);
        }
        place = name.text();
        last = name;
        if (++entries > PackLimits.ENTRIES) {
            throw stop("too_large", "more than " + PackLimits.ENTRIES + " entries");
        }
        long length = number(line.group(2));
        if (length > name.group().largest()) {
            throw stop("too_large", length + " bytes, more than " + name.group().largest());
        }
        if (length > PackLimits.PACK - at) {
            throw stop("too_large", "the pack has more than " + PackLimits.PACK + " bytes");
        }
        Hash stated = new Hash(line.group(3));
        if (name.group().isStreamed()) {
            Streaming open = new Streaming(name, length, stated);
            streaming = open;
            return new Streamed(name, open);
        }
        MessageDigest own = PackWriter.sha256();
        Optional<Bytes> content = content(length, own, name.group().isHeld());
        return ended(name, content, stated, own);
    }

    private EntryName name(String text) throws Stop {
        if (text.length() > PackLimits.NAME) {
            throw stop("too_large", "a name of " + text.length() + " characters, more than " + PackLimits.NAME);
        }
        Optional<EntryName> name = EntryName.parse(text);
        if (name.isEmpty()) {
            throw stop("name_form", "no entry is named " + text);
        }
        return name.get();
    }

    private Next end(Matcher line) throws IOException, Stop {
        long stated = number(line.group(1));
        if (stated != entries) {
            throw stop("count", "the last line says " + stated + " entries, there are " + entries);
        }
        if (in.read() >= 0) {
            throw stop("trailing", "there are bytes after the last line");
        }
        return new End(entries, new Hash(line.group(2)), hash(digest));
    }

    /// A number of at most nineteen digits.
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    /// Reads a line without its LF.
    private String line() throws IOException, Stop {
        StringBuilder line = new StringBuilder();
        for (int octet = octet(); octet != '\n'; octet = octet()) {
            if (line.length() == LONGEST_LINE) {
                throw stop("line_form", "a line of more than " + LONGEST_LINE + " bytes");
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    private int octet() throws IOException, Stop {
        int octet = in.read();
        if (octet < 0) {
            throw stop("truncated", "the pack ends too early");
        }
        at++;
        return octet;
    }

    /// Reads in pieces, so that not much more is allocated than there is.
    private Optional<Bytes> content(long length, MessageDigest own, boolean held) throws IOException, Stop {
        if (held) {
            byte[] all = new byte[(int) Math.min(length, ROOM)];
            int read = in.readNBytes(all, 0, all.length);
            while (read == all.length && read < length) {
                all = Arrays.copyOf(all, (int) Math.min(length, 2L * read));
                read += in.readNBytes(all, read, all.length - read);
            }
            own.update(all, 0, read);
            at += read;
            if (read < length) {
                throw stop("truncated", "the pack ends too early");
            }
            return Optional.of(Bytes.sharing(all, 0, read));
        }
        byte[] chunk = new byte[CHUNK];
        for (long left = length; left > 0; ) {
            int read = in.read(chunk, 0, (int) Math.min(left, CHUNK));
            if (read < 0) {
                throw stop("truncated", "the pack ends too early");
            }
            own.update(chunk, 0, read);
            at += read;
            left -= read;
        }
        return Optional.empty();
    }

    private Stop stop(String code, String text) {
        return new Stop(new Damaged(code, at, place, text));
    }

    private static Hash hash(MessageDigest digest) {
        return new Hash(Bytes.copyOf(digest.digest()).toHex());
    }
}
