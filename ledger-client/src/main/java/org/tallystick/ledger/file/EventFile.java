package org.tallystick.ledger.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.client.EventLines;
import org.tallystick.ledger.client.FileReport;

/// A file of revenue events: `.json` (an array, or an object with `events`), `.jsonl` (one on each line), `.csv`
/// (with a header).
///
/// Without a mapping the columns of a CSV are named after members, see [NamedColumns].
public final class EventFile implements FileReport.Opened {

    /// The most octets of a file that is read whole.
    public static final long LARGEST_JSON = 4 << 20;
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Path path;
    private final Optional<Mapping> mapping;
    private final LongConsumer progress;
    private MessageDigest digest = sha256();

    /// @param progress is told how many octets were read
    public EventFile(Path path, Optional<Mapping> mapping, LongConsumer progress) {
        this.path = path;
        this.mapping = mapping;
        this.progress = progress;
    }

    /// The file has no events that could be read.
    public static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1;

        private final String hint;

        Unreadable(String message, String hint) {
            super(message);
            this.hint = hint;
        }

        public String hint() {
            return hint;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Counts and digests what is read.
    private final class Watched extends FilterInputStream {
        private long read;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int count = in.read(into, from, most);
            if (count > 0) {
                digest.update(into, from, count);
                read += count;
                progress.accept(read);
            }
            return count;
        }
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public Hash hash() {
        try {
            MessageDigest soFar = (MessageDigest) digest.clone();
            Hash file = new Hash(HexFormat.of().formatHex(soFar.digest()));
            return mapping.isEmpty()
                    ? file
                    : Hash.of(Bytes.ofUtf8(file.hex() + mapping.get().hash().hex()));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's SHA-256 can be copied", e);
        }
    }

    @Override
    public Hash digest() throws IOException {
        digest = sha256();
        try (InputStream in = new Watched(Files.newInputStream(path))) {
            long _ = in.transferTo(OutputStream.nullOutputStream());
        }
        return hash();
    }

    @Override
    public EventLines open() throws IOException {
        String ending = name().toLowerCase(Locale.ROOT);
        if (mapping.isPresent() && !ending.endsWith(".csv")) {
            throw new Unreadable("a mapping is for .csv, not for " + path, "leave --mapping out");
        }
        digest = sha256();
        if (ending.endsWith(".jsonl")) {
            return new JsonEvents.OnLines(lines());
        }
        if (ending.endsWith(".json")) {
            return json();
        }
        if (ending.endsWith(".csv")) {
            Encoding encoding = mapping.map(Mapping::encoding).orElse(Encoding.UTF_8);
            char separator = mapping.map(Mapping::separator).orElse(',');
            Columns columns = mapping.<Columns>map(MappedColumns::new).orElseGet(NamedColumns::new);
            return new CsvEvents(new CsvRecords(lines(), encoding, separator), columns);
        }
        throw new Unreadable(path + " has an ending that is not known", "events are read from .json, .jsonl and .csv");
    }

    private Lines lines() throws IOException {
        return new Lines(new Watched(Files.newInputStream(path)));
    }

    /// Without a byte order mark of UTF-8, which some programs begin a file with and JSON does not know.
    private static Bytes unmarked(byte[] octets) {
        int begin = Arrays.mismatch(octets, MARK) == MARK.length ? MARK.length : 0;
        return Bytes.copyOf(Arrays.copyOfRange(octets, begin, octets.length));
    }

    private EventLines json() throws IOException {
        if (Files.size(path) > LARGEST_JSON) {
            throw new Unreadable(
                    path + " has " + Files.size(path) + " octets; a JSON array may have " + LARGEST_JSON,
                    "write one event on each line of a .jsonl");
        }
        Bytes all;
        try (InputStream in = new Watched(Files.newInputStream(path))) {
            all = unmarked(in.readAllBytes());
        }
        String hint = "an event is as in docs/spec/terms-1.md section 6";
        return switch (JsonReader.read(all, JsonReader.Profile.FILE)) {
            case JsonReader.Value(var json) ->
                JsonEvents.of(json).orElseThrow(() -> new Unreadable(path + " has no array of events", hint));
            case JsonReader.Fault(var code, var at) ->
                throw new Unreadable(path + " is not JSON: " + code + " after " + at + " characters", hint);
        };
    }
}
