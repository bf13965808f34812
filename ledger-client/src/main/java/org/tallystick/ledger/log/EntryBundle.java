package org.tallystick.ledger.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;

/// The leaves under one tile, as they are served: each behind its length in 16 bits (C2SP tlog-tiles).
public record EntryBundle(List<Bytes> entries) {

    private static final int LENGTH = 2;

    public EntryBundle {
        entries = List.copyOf(entries);
        if (entries.isEmpty() || entries.size() > LogPath.FULL) {
            throw new IllegalArgumentException("a bundle of " + entries.size() + " entries");
        }
        if (entries.stream().anyMatch(entry -> entry.size() > LogLimits.ENTRY)) {
            throw new IllegalArgumentException("an entry of more than " + LogLimits.ENTRY + " octets");
        }
    }

    /// @param width how many entries there must be
    public static Reading<EntryBundle> parse(Bytes octets, int width) {
        return Spelling.reading(() -> {
            Spelling.need(width >= 1 && width <= LogPath.FULL, "no bundle has " + width + " entries");
            List<Bytes> entries = new ArrayList<>();
            int at = 0;
            while (at < octets.size()) {
                Spelling.need(entries.size() < width, "more than " + width + " entries");
                Spelling.need(octets.size() - at >= LENGTH, "no length");
                int length = (octets.at(at) << Byte.SIZE) | octets.at(at + 1);
                at += LENGTH;
                Spelling.need(octets.size() - at >= length, "an entry that is cut off");
                entries.add(octets.slice(at, at + length));
                at += length;
            }
            Spelling.need(entries.size() == width, "fewer than " + width + " entries");
            return new EntryBundle(entries);
        });
    }

    public Bytes octets() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Bytes entry : entries) {
            out.write(entry.size() >> Byte.SIZE);
            out.write(entry.size());
            out.writeBytes(entry.toArray());
        }
        return Bytes.copyOf(out.toByteArray());
    }
}
