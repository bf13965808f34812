package org.tallystick.ledger.pack;

import java.util.Optional;
import java.util.regex.Pattern;

/// The groups of entries, in the order in which a pack has them, each with the names it may have.
public enum Group {
    COVER("pack\\.json", PackLimits.COVER, 1),
    CONFIG("config/[0-9]{10}", PackLimits.MESSAGE, 1),
    TRANSACTIONS("tx/[0-9]{10}-[0-9]{6}", PackLimits.MESSAGE, 1),
    PRIVATE("private/[0-9]{10}-[0-9]{6}-[0-9]{6}", PackLimits.MESSAGE, 1),
    SETTLEMENTS("settlements/[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?", PackLimits.SETTLEMENT, 1),
    DOCUMENTS("documents/[0-9a-f]{64}", PackLimits.ENTRY, 1),
    CHECKPOINT("log/checkpoint", PackLimits.COVER, 7),
    NODES("log/nodes", PackLimits.NODES, 7),
    LEAVES("log/leaves", PackLimits.ENTRY, 7),
    HEADS("log/heads", PackLimits.MESSAGE, 7),
    CONSISTENCY("log/consistency", PackLimits.COVER, 7),
    ANCHOR("anchor/[A-Za-z0-9.-]+-[0-9]+", PackLimits.ENTRY, 7),
    /// What only a newer pack has.
    UNKNOWN("", PackLimits.ENTRY, 1);

    /// The number of the first group that only the final form has.
    private static final int OF_FINAL_FORM = 7;

    private final Pattern names;
    private final long largest;
    private final int from;

    Group(String names, long largest, int from) {
        this.names = Pattern.compile(names);
        this.largest = largest;
        this.from = from;
    }

    /// The most bytes that an entry of this group may have.
    public long largest() {
        return largest;
    }

    /// Whether only a pack of the final form has such entries.
    public boolean onlyInFinalForm() {
        return from == OF_FINAL_FORM;
    }

    /// Whether the content is handed out as it is read.
    boolean isStreamed() {
        return this == LEAVES;
    }

    /// Whether the content is handed out whole; of other entries a reader computes the hash alone.
    boolean isHeld() {
        return largest < PackLimits.ENTRY;
    }

    /// The group of a name, [#UNKNOWN] if its first segment is of no known one; nothing for a name that its group does
    /// not have.
    public static Optional<Group> of(String name) {
        for (Group group : values()) {
            if (group != UNKNOWN && group.names.matcher(name).matches()) {
                return Optional.of(group);
            }
        }
        int slash = name.indexOf('/');
        String first = slash < 0 ? name : name.substring(0, slash);
        return switch (first) {
            case "pack.json", "config", "tx", "private", "settlements", "documents", "log", "anchor" ->
                Optional.empty();
            default -> Optional.of(UNKNOWN);
        };
    }
}
