package org.tallystick.embedded;

import java.util.List;
import java.util.Set;

/// Whose peers must sign what a transaction does: those of so many of these members.
///
/// Fabric's policies can say more; this says all that our networks use, from "any" over "a majority" to "each".
public record Endorsers(int needed, List<String> members) {
    public Endorsers {
        members = List.copyOf(members);
        if (needed < 1 || needed > members.size() || Set.copyOf(members).size() < members.size()) {
            throw new IllegalArgumentException(needed + " of " + members + " cannot endorse");
        }
    }

    public static Endorsers eachOf(List<String> members) {
        return new Endorsers(members.size(), members);
    }

    public static Endorsers majorityOf(List<String> members) {
        return new Endorsers(members.size() / 2 + 1, members);
    }

    boolean areAmong(Set<String> signed) {
        return missing(signed) == 0;
    }

    /// How many more of these members must sign.
    int missing(Set<String> signed) {
        long have = members.stream().filter(signed::contains).count();
        return (int) Math.max(0, needed - have);
    }
}
