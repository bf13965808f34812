package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;

/// A courier over a fixed state that takes everything and answers `received`.
public final class Snapshot implements Courier {

    static final Net NET = Net.begin(Hash.ZERO, true, LedgerTime.of("2026-01-01T00:00:00Z"));

    public final Map<String, Json.Obj> values = new HashMap<>();
    public final List<AgreementId> agreements = new ArrayList<>();
    public final List<StoryEntry> story = new ArrayList<>();
    Net net = NET;

    public Snapshot() {
        values.put(Keys.NET, NET.encode());
    }

    @Override
    public Net net() {
        return net;
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) {
        TreeMap<String, Json.Obj> found = new TreeMap<>();
        for (String key : keys) {
            Json.Obj value = values.get(key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    @Override
    public List<Sent> send(List<Signed> instructions, Duration longest) {
        return instructions.stream()
                .map(signed -> new Sent(signed.payload(), new Answer.Received()))
                .toList();
    }

    @Override
    public Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest) {
        return Optional.empty();
    }

    @Override
    public List<StoryEntry> story(AgreementId agreement) {
        return List.copyOf(story);
    }

    @Override
    public List<AgreementId> agreements() {
        return List.copyOf(agreements);
    }

    @Override
    public void close() {}
}
