package org.tallystick.ledger.log;

import java.util.List;
import java.util.Optional;
import org.tallystick.ledger.log.Spelling.Stop;

/// Where a part of the log stands below its prefix: C2SP tlog-tiles.
public sealed interface LogPath {

    /// Hashes of a full tile, and entries of a full bundle.
    int FULL = 256;

    int HIGHEST_LEVEL = 63;

    /// The newest checkpoint.
    record Head() implements LogPath {
        @Override
        public String text() {
            return CHECKPOINT;
        }
    }

    /// Hashes of the tree, the first `width` of a tile.
    record Tile(int level, long index, int width) implements LogPath {
        public Tile {
            if (level < 0 || level > HIGHEST_LEVEL || !isPlace(index, width)) {
                throw new IllegalArgumentException("no tile: " + level + ", " + index + ", " + width);
            }
        }

        @Override
        public String text() {
            return TILE + level + "/" + place(index, width);
        }
    }

    /// The leaves under a tile of level 0.
    record Entries(long index, int width) implements LogPath {
        public Entries {
            if (!isPlace(index, width)) {
                throw new IllegalArgumentException("no bundle: " + index + ", " + width);
            }
        }

        @Override
        public String text() {
            return ENTRIES + place(index, width);
        }
    }

    String CHECKPOINT = "checkpoint";
    String TILE = "tile/";
    String ENTRIES = TILE + "entries/";

    /// Without a slash before it.
    String text();

    /// The part of the log under this path, or nothing if it is another path, or spelled in another way.
    static Optional<LogPath> parse(String text) {
        if (text.equals(CHECKPOINT)) {
            return Optional.of(new Head());
        }
        // Read loosely: what is not the one spelling of what was read is refused at the end.
        return Spelling.reading(() -> read(text))
                .good()
                .filter(read -> read.text().equals(text));
    }

    private static LogPath read(String text) throws Stop {
        if (text.startsWith(ENTRIES)) {
            Place place = Place.read(text.substring(ENTRIES.length()));
            return new Entries(place.index, place.width);
        }
        Spelling.need(text.startsWith(TILE), "no tile");
        int slash = text.indexOf('/', TILE.length());
        Spelling.need(slash > 0, "no tile");
        long level = Spelling.number(text.substring(TILE.length(), slash));
        Spelling.need(level <= HIGHEST_LEVEL, "no level");
        Place place = Place.read(text.substring(slash + 1));
        return new Tile((int) level, place.index, place.width);
    }

    private static boolean isPlace(long index, int width) {
        return index >= 0 && width >= 1 && width <= FULL;
    }

    private static String place(long index, int width) {
        StringBuilder path = new StringBuilder(digits(index));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x" + digits(rest) + "/");
        }
        return width == FULL ? path.toString() : path + ".p/" + width;
    }

    private static String digits(long number) {
        return String.valueOf(1000 + number % 1000).substring(1);
    }

    /// The index of a tile, and how wide it is.
    record Place(long index, int width) {

        private static final String PARTIAL = ".p/";
        private static final int LONGEST = 40;

        static Place read(String text) throws Stop {
            Spelling.need(text.length() <= LONGEST, "a path that is too long");
            int partial = text.indexOf(PARTIAL);
            long width = partial < 0 ? FULL : Spelling.number(text.substring(partial + PARTIAL.length()));
            Spelling.need(width >= 1 && width <= FULL, "no width");
            return new Place(
                    index(List.of((partial < 0 ? text : text.substring(0, partial)).split("/", -1))), (int) width);
        }

        private static long index(List<String> elements) throws Stop {
            long index = 0;
            for (String element : elements) {
                String digits = element.startsWith("x") ? element.substring(1) : element;
                Spelling.need(digits.length() == 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9'), "no index");
                try {
                    index = Math.addExact(Math.multiplyExact(index, 1000L), Integer.parseInt(digits));
                } catch (ArithmeticException _) {
                    throw new Stop("an index that is too high");
                }
            }
            return index;
        }
    }
}
