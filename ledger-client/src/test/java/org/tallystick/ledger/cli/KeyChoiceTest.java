package org.tallystick.ledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.client.StateReader;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;

/// Which of several keys in a home signs.
final class KeyChoiceTest {

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final LedgerTime NOW = LedgerTime.of("2026-03-02T00:00:00Z");
    private static final LedgerTime BEFORE = LedgerTime.of("2026-03-01T00:00:00Z");
    private static final LedgerTime LATER = LedgerTime.of("2026-03-03T00:00:00Z");

    private final TreeMap<String, Json.Obj> ledger = new TreeMap<>();
    private final List<StoredKey> stored = new ArrayList<>();
    private final Random random = new Random(1);

    private StoredKey key() {
        StoredKey key = new StoredKey(
                VENDOR,
                SigningKey.generate(Algorithm.ED25519, random).key(),
                StoredKey.Kept.UNENCRYPTED,
                Path.of("a file"));
        stored.add(key);
        return key;
    }

    private StoredKey key(Purpose... purposes) {
        StoredKey key = key();
        put(key, KeyRecord.of(key.key(), BEFORE, List.of(purposes)));
        return key;
    }

    private StoredKey valid(Optional<LedgerTime> from, Optional<LedgerTime> until) {
        StoredKey key = key();
        KeyRecord always = KeyRecord.of(key.key(), BEFORE, List.of(Purpose.REPORT));
        put(
                key,
                new KeyRecord(
                        always.key(),
                        BEFORE,
                        from,
                        until,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        always.purposes(),
                        Optional.empty(),
                        Optional.empty()));
        return key;
    }

    private void put(StoredKey key, KeyRecord record) {
        ledger.put(
                Keys.key(VENDOR.text(), key.key().thumb()),
                KeyRecord.CODEC.encode().apply(record));
    }

    private StoredKey chosen(ActKind act) throws Exception {
        StateReader state = new StateReader() {
            @Override
            public Net net() {
                throw new UnsupportedOperationException();
            }

            @Override
            public SortedMap<String, Json.Obj> get(List<String> keys) {
                TreeMap<String, Json.Obj> found = new TreeMap<>(ledger);
                boolean _ = found.keySet().retainAll(keys);
                return found;
            }
        };
        return new KeyChoice(state, NOW).of(stored, VENDOR, act);
    }

    private static String thumb(StoredKey key) {
        return key.key().thumb().substring(0, KeyText.SHOWN);
    }

    /// A machine reports with what it was given for that, and nobody risks the key that administers for it.
    @Test
    void of_those_that_may_the_one_that_may_do_the_least_else_signs() throws Exception {
        StoredKey all = key(Purpose.values());
        StoredKey report = key(Purpose.REPORT);
        StoredKey office = key(Purpose.REPORT, Purpose.SIGN);

        assertThat(chosen(ActKind.REPORT)).isEqualTo(report);
        assertThat(chosen(ActKind.ACCEPT)).isEqualTo(office);
        assertThat(chosen(ActKind.KEY_ADD)).isEqualTo(all);
    }

    @Test
    void what_ended_waits_or_is_unknown_to_the_ledger_does_not_sign() throws Exception {
        StoredKey good = key(Purpose.values());
        StoredKey ended = valid(Optional.empty(), Optional.of(NOW));
        StoredKey waits = valid(Optional.of(LATER), Optional.empty());
        StoredKey revoked = key(Purpose.REPORT);
        put(
                revoked,
                KeyRecord.of(revoked.key(), BEFORE, List.of(Purpose.REPORT)).revoked(NOW, "left"));
        StoredKey unknown = key();

        assertThat(chosen(ActKind.REPORT)).isEqualTo(good);

        boolean _ = stored.remove(good);
        assertThatThrownBy(() -> chosen(ActKind.REPORT))
                .isInstanceOf(KeyFolderException.class)
                .hasMessage("none of the 4 keys of north/vendor in the home signs report: "
                        + thumb(ended) + " ended on " + NOW + ", "
                        + thumb(waits) + " begins on " + LATER + ", "
                        + thumb(revoked) + " is revoked (left), "
                        + thumb(unknown) + " is not on the ledger");
    }

    @Test
    void two_that_may_do_as_little_are_named_and_none_is_guessed() {
        StoredKey one = key(Purpose.REPORT);
        StoredKey other = key(Purpose.REPORT);
        StoredKey _ = key(Purpose.values());

        assertThatThrownBy(() -> chosen(ActKind.REPORT))
                .hasMessage("2 keys of north/vendor in the home may sign report")
                .isInstanceOfSatisfying(
                        KeyFolderException.class,
                        failure -> assertThat(failure.hint())
                                .isEqualTo("name one of them with --key: " + thumb(one) + " (report), " + thumb(other)
                                        + " (report)"));
    }

    @Test
    void a_party_enrolls_with_a_key_that_is_not_on_the_ledger_yet() throws Exception {
        StoredKey _ = key(Purpose.values());
        StoredKey fresh = key();

        assertThat(chosen(ActKind.ENROLL)).isEqualTo(fresh);
    }

    /// Any key may be rotated, so which one is meant is for its owner to say.
    @Test
    void which_key_is_rotated_is_never_guessed() {
        StoredKey _ = key(Purpose.REPORT);
        StoredKey _ = key(Purpose.values());

        assertThatThrownBy(() -> chosen(ActKind.KEY_ROTATE)).hasMessageContaining("2 keys of north/vendor");
    }
}
