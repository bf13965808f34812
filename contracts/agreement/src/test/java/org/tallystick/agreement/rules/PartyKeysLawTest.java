package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.agreement.rules.KeyStory.ANA;
import static org.tallystick.agreement.rules.KeyStory.BEN;
import static org.tallystick.agreement.rules.KeyStory.CLEO;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.PartyRecord;

/// Whatever acts on its keys a party makes, good and bad, in any order.
final class PartyKeysLawTest {

    private static final int ACTS = 30;

    private final Story story = Story.withParties(List.of(ANA, BEN, CLEO));
    private final KeyStory keys = new KeyStory(story);

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    /// The record of the party says what the records of its keys say; a key that has ended stays so; and a key that is
    /// good and that no clock ends administers the party, unless one was said to be compromised.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_record_of_a_party_agrees_with_its_keys_and_somebody_administers_it(long seed) {
        Random random = new Random(seed);
        List<String> labels = new ArrayList<>(List.of(ANA));
        boolean compromised = false;
        story.applies(keys.recoverySet(ANA, KeyStory.recovery(1, BEN, CLEO)));

        for (int i = 0; i < ACTS; i++) {
            Map<String, KeyRecord> before = records();
            story.moveTo(story.now().plus(Duration.ofHours(random.nextInt(30))).text());
            String fresh = "east/ana " + (labels.size() + 1);
            int kind = random.nextInt(10);
            String told = story.told(act(random, kind, labels, fresh));

            boolean applied = told.equals("applied");
            if (applied && keys.has(fresh)) {
                labels.add(fresh);
            }
            compromised = (compromised || (applied && kind == 8)) && !(applied && kind == 9);
            Map<String, KeyRecord> after = records();
            String at = "act " + i + ", " + told;
            before.forEach((thumb, record) -> assertThat(Optional.ofNullable(after.get(thumb))
                            .filter(now ->
                                    record.revoked().isEmpty() || now.revoked().equals(record.revoked())))
                    .as(at)
                    .isPresent());
            assertThat(applied || after.equals(before)).as(at).isTrue();
            agree(after, compromised);
        }
    }

    private Bytes act(Random random, int kind, List<String> labels, String fresh) {
        String one = labels.get(random.nextInt(labels.size()));
        String other = labels.get(random.nextInt(labels.size()));
        return switch (kind) {
            case 0, 1, 2, 3 -> add(random, fresh, one);
            case 4, 5 -> keys.rotate(one, fresh);
            case 6, 7 -> keys.revoke(one, other);
            case 8 -> keys.compromised(one, story.now().text(), other);
            default -> keys.recover(fresh, List.of(one), random.nextBoolean() ? BEN : CLEO);
        };
    }

    private Bytes add(Random random, String fresh, String by) {
        List<Purpose> purposes = random.nextBoolean() ? Purpose.ALL : List.of(Purpose.SIGN);
        return keys.add(fresh, purposes, Optional.empty(), some(random), some(random), by);
    }

    private Optional<LedgerTime> some(Random random) {
        return random.nextInt(3) > 0
                ? Optional.empty()
                : Optional.of(story.now().plus(Duration.ofHours(random.nextInt(100))));
    }

    private Map<String, KeyRecord> records() {
        TreeMap<String, KeyRecord> records = new TreeMap<>();
        story.ledger.state.forEach((key, value) -> {
            if (key.startsWith("key/" + ANA + "/")) {
                records.put(key.substring(key.lastIndexOf('/') + 1), KeyRecord.decode(value));
            }
        });
        return records;
    }

    private void agree(Map<String, KeyRecord> records, boolean compromised) {
        PartyRecord party = keys.record(ANA);
        List<KeyRecord> live = records.values().stream()
                .filter(record -> record.revoked().isEmpty())
                .toList();
        List<KeyRecord> admins =
                live.stream().filter(record -> record.isFor(Purpose.ADMINISTER)).toList();

        assertThat(party.keys()).isEqualTo(live.size());
        assertThat(party.admins())
                .containsExactlyElementsOf(admins.stream()
                        .map(record -> new PartyRecord.Admin(record.key().thumb(), record.from(), record.until()))
                        .toList());
        assertThat(compromised
                        || admins.stream()
                                .anyMatch(record -> record.until().isEmpty()
                                        && record.from()
                                                .filter(story.now()::isBefore)
                                                .isEmpty()))
                .isTrue();
    }
}
