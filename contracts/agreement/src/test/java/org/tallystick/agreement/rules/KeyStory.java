package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PartyRecord;

/// Parties that change their keys, in the words of the domain. A key is named `east/ana` if it is the first one of that
/// party, `east/ana 2` if it is another.
final class KeyStory {

    static final String ANA = "east/ana";
    static final String BEN = "east/ben";
    static final String CLEO = "west/cleo";
    static final String PLATFORM = "north/platform";

    final Story story;

    KeyStory(Story story) {
        this.story = story;
    }

    String thumb(String key) {
        return story.key(key).key().thumb();
    }

    private static PartyId party(String key) {
        return new PartyId(key.replaceFirst(" .*", ""));
    }

    Bytes act(String party, Act act, String... keys) {
        return story.sign(story.registry(party(party), act), keys);
    }

    Bytes add(String key, List<Purpose> purposes, String by) {
        return add(key, purposes, Optional.empty(), by);
    }

    Bytes add(String key, List<Purpose> purposes, Optional<KeyLimits> limits, String by) {
        return add(key, purposes, limits, Optional.empty(), Optional.empty(), by);
    }

    Bytes add(
            String key,
            List<Purpose> purposes,
            Optional<KeyLimits> limits,
            Optional<LedgerTime> from,
            Optional<LedgerTime> until,
            String by) {
        return act(key, new Act.KeyAdd(story.key(key).key(), purposes, Optional.empty(), limits, from, until), by, key);
    }

    /// Gives a party a key for everything.
    void adds(String key, String by) {
        story.applies(add(key, Purpose.ALL, by));
    }

    Bytes rotate(String old, String key) {
        return act(old, new Act.KeyRotate(thumb(old), story.key(key).key()), old, key);
    }

    Bytes revoke(String key, String by) {
        return act(key, new Act.KeyRevoke(thumb(key), "left"), by);
    }

    Bytes compromised(String key, String since, String... by) {
        return act(key, new Act.KeyCompromised(thumb(key), LedgerTime.of(since), Optional.empty()), by);
    }

    static Recovery recovery(int threshold, String... parties) {
        return new Recovery(Stream.of(parties).sorted().map(PartyId::new).toList(), threshold);
    }

    Bytes recoverySet(String key, Recovery recovery) {
        return act(key, new Act.RecoverySet(recovery), key);
    }

    /// @param revoke keys
    /// @param by keys of the recovery parties
    Bytes recover(String key, List<String> revoke, String... by) {
        List<String> thumbs = revoke.stream().map(this::thumb).sorted().toList();
        String[] signers = Stream.concat(Stream.of(key), Stream.of(by)).toArray(String[]::new);
        return act(key, new Act.KeyRecover(story.key(key).key(), thumbs), signers);
    }

    PartyRecord record(String party) {
        return PartyRecord.decode(story.ledger.json(Keys.party(party)));
    }

    KeyRecord key(String key) {
        return KeyRecord.decode(
                story.ledger.read(Keys.key(party(key).text(), thumb(key))).orElseThrow());
    }

    boolean has(String key) {
        return story.ledger.read(Keys.key(party(key).text(), thumb(key))).isPresent();
    }

    String told(Bytes envelope) {
        return story.told(envelope);
    }

    /// What a refusal says besides its code.
    Json.Obj values(Bytes envelope) {
        return story.submit(envelope).object("values");
    }

    /// An effect of an act on keys.
    Json effect(String key, String change) {
        return Json.object()
                .with("kind", "key")
                .with("owner", party(key).text())
                .with("state", change)
                .with("thumb", thumb(key))
                .build();
    }
}
