package org.tallystick.ledger.pack;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an entry: never a path, only a label with a place in the order of the pack.
///
/// @param group in which it stands
public record EntryName(Group group, String text) implements Comparable<EntryName> {

    public static final EntryName COVER = new EntryName(Group.COVER, "pack.json");

    public static final EntryName CHECKPOINT = new EntryName(Group.CHECKPOINT, "log/checkpoint");
    public static final EntryName NODES = new EntryName(Group.NODES, "log/nodes");
    public static final EntryName LEAVES = new EntryName(Group.LEAVES, "log/leaves");
    public static final EntryName HEADS = new EntryName(Group.HEADS, "log/heads");
    public static final EntryName CONSISTENCY = new EntryName(Group.CONSISTENCY, "log/consistency");

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9./-]{1," + PackLimits.NAME + "}");
    private static final int BLOCK_DIGITS = 10;

    /// The name in this text; nothing if it is none that a pack may have.
    public static Optional<EntryName> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.empty();
            }
        }
        return Group.of(text).map(group -> new EntryName(group, text));
    }

    public static EntryName config(long block) {
        return new EntryName(Group.CONFIG, String.format(Locale.ROOT, "config/%010d", block));
    }

    public static EntryName transaction(long block, int index) {
        return new EntryName(Group.TRANSACTIONS, String.format(Locale.ROOT, "tx/%010d-%06d", block, index));
    }

    public static EntryName settlement(String period) {
        return new EntryName(Group.SETTLEMENTS, "settlements/" + period);
    }

    /// The block that the name of a configuration block or of a transaction says.
    public long block() {
        int first = text.indexOf('/') + 1;
        return Long.parseLong(text.substring(first, first + BLOCK_DIGITS));
    }

    /// The place in its block that the name of a transaction says.
    public int index() {
        return Integer.parseInt(text.substring(text.indexOf('-') + 1));
    }

    /// What follows the first slash.
    public String last() {
        return text.substring(text.indexOf('/') + 1);
    }

    @Override
    public int compareTo(EntryName other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
