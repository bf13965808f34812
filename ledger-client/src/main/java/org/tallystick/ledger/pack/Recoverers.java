package org.tallystick.ledger.pack;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Signed;

/// Which parties signed in whose chains beside the party itself, to recover it: their chains belong to a pack that
/// holds
/// that one, since their keys are needed to check it.
public final class Recoverers {

    /// How the chain of a party begins.
    static final String CHAIN = "pty/";

    private final Map<String, SortedSet<String>> signers = new HashMap<>();

    /// Takes up who signed an instruction that has a verdict.
    public void add(Signed signed) {
        if (signed.payload().party() instanceof PartyId party
                && signed.payload().scope().isEmpty()) {
            signed.kids().stream()
                    .filter(kid ->
                            kid.owner() instanceof PartyId && !kid.owner().equals(party))
                    .forEach(kid -> signers.computeIfAbsent(CHAIN + party.text(), _ -> new TreeSet<>())
                            .add(CHAIN + kid.owner().text()));
        }
    }

    /// These chains and those that they need.
    public SortedSet<String> with(Collection<String> chains) {
        TreeSet<String> all = new TreeSet<>();
        ArrayDeque<String> open = new ArrayDeque<>(chains);
        while (!open.isEmpty()) {
            String chain = open.pop();
            if (all.add(chain)) {
                open.addAll(signers.getOrDefault(chain, new TreeSet<>()));
            }
        }
        return all;
    }
}
