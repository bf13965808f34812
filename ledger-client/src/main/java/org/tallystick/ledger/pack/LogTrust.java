package org.tallystick.ledger.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;

/// The members' keys of the log, gathered for a trust file: each says by its name what it is for.
final class LogTrust {

    private static final String WITNESS = "/witness";
    private static final String HEAD = "/head";

    private final String origin;
    private final List<VerifierKey> logs = new ArrayList<>();
    private final TreeMap<String, VerifierKey> witnesses = new TreeMap<>();
    private final TreeMap<String, VerifierKey> heads = new TreeMap<>();

    LogTrust(Hash ledger) {
        origin = LogKeys.origin(ledger);
    }

    /// @return what is wrong with it, if something is
    Optional<String> add(String text) {
        Optional<VerifierKey> read = VerifierKey.parse(text);
        if (read.isEmpty()) {
            return Optional.of("not a key as NAME+ID+KEY, or its id is another key's: " + text);
        }
        VerifierKey key = read.get();
        String name = key.name();
        if (name.equals(origin)) {
            logs.add(key);
        } else if (name.endsWith(WITNESS) && key.type().isCosignature()) {
            return twice(witnesses.put(member(name, WITNESS), key), name);
        } else if (name.endsWith(HEAD) && !key.type().isCosignature()) {
            return twice(heads.put(member(name, HEAD), key), name);
        } else {
            return Optional.of("a key named " + name + " is neither of the log " + origin
                    + " nor of a member's witness or head statements");
        }
        return Optional.empty();
    }

    private static Optional<String> twice(@Nullable VerifierKey before, String name) {
        return Optional.ofNullable(before).map(_ -> "two keys named " + name);
    }

    private static String member(String name, String ending) {
        return name.substring(0, name.length() - ending.length());
    }

    boolean isGiven() {
        return !logs.isEmpty() || !witnesses.isEmpty() || !heads.isEmpty();
    }

    /// What a trust file for the final form lacks.
    ///
    /// @param ownPolicy whether a policy was written by hand
    Optional<String> lacking(Optional<Integer> quorum, boolean ownPolicy) {
        if (!isGiven()) {
            return quorum.isPresent() || ownPolicy
                    ? Optional.of("--quorum and --policy need the members' keys: --vkey")
                    : Optional.empty();
        }
        if (heads.isEmpty() || (!ownPolicy && (logs.isEmpty() || witnesses.isEmpty()))) {
            return Optional.of("of the keys of logs, witnesses and head statements each kind is needed: there are "
                    + logs.size() + ", " + witnesses.size() + " and " + heads.size());
        }
        int fewest = ownPolicy ? heads.size() : Math.min(heads.size(), witnesses.size());
        if (quorum.filter(count -> count < 1 || count > fewest).isPresent()) {
            return Optional.of("a quorum of " + quorum.get() + " cannot be met by " + fewest + " members");
        }
        return Optional.empty();
    }

    private static int majority(int count) {
        return count / 2 + 1;
    }

    String policy(Optional<Integer> quorum) {
        StringBuilder policy = new StringBuilder();
        logs.forEach(key -> policy.append("log ").append(key.text()).append('\n'));
        witnesses.forEach((member, key) -> policy.append("witness ")
                .append(member)
                .append(' ')
                .append(key.text())
                .append('\n'));
        return policy.append("group members ")
                .append(quorum.orElse(majority(witnesses.size())))
                .append(' ')
                .append(String.join(" ", witnesses.keySet()))
                .append("\nquorum members\n")
                .toString();
    }

    Json.Obj heads(Optional<Integer> quorum) {
        return Json.object()
                .with(
                        "keys",
                        Json.texts(heads.values().stream()
                                .map(VerifierKey::text)
                                .sorted()
                                .toList()))
                .with("need", quorum.orElse(majority(heads.size())))
                .build();
    }
}
