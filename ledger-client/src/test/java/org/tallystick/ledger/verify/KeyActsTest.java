package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.verify.Report.Outcome;

/// Histories in which parties change their keys: honest ones, and ones in which the members let pass what a key may
/// not do.
final class KeyActsTest {

    private static final String VENDOR = "north/vendor";
    private static final String SHOP = "east/shop";
    private static final SourceId SALES = new SourceId("sales");

    private static String thumb(TestStory story, String key) {
        return story.key(key).key().thumb();
    }

    private static Bytes act(TestStory story, Act act, String... keys) {
        return story.sign(story.registry(new PartyId(keys[0].replaceFirst(" .*", "")), act), keys);
    }

    private static Bytes add(
            TestStory story, String key, String by, List<Purpose> purposes, Optional<KeyLimits> limits) {
        Act add = new Act.KeyAdd(
                story.key(key).key(), purposes, Optional.of("clerk"), limits, Optional.empty(), Optional.empty());
        return act(story, add, by, key);
    }

    private static Bytes rotate(TestStory story, String old, String key) {
        return act(story, new Act.KeyRotate(thumb(story, old), story.key(key).key()), old, key);
    }

    private static Bytes revoke(TestStory story, String key, String by) {
        return act(story, new Act.KeyRevoke(thumb(story, key), "lost"), by);
    }

    private static Bytes compromised(TestStory story, String key, LedgerTime since, String by) {
        return act(story, new Act.KeyCompromised(thumb(story, key), since, Optional.empty()), by);
    }

    private static Bytes report(TestStory story, String key, long first, long amount) {
        Act report = new Act.Report(SALES, first, List.of(TestStory.sale("2026-01-10", amount)), List.of());
        return story.sign(story.payload(VENDOR, report), key);
    }

    /// An agreement, and a second key of the vendor that reports amounts up to 1000.
    private static TestStory agreed() {
        TestStory story = new TestStory(61, false);
        story.enrolls(VENDOR, SHOP, "west/fund", "north/notary");
        story.offers(TestStory.document());
        story.applied(story.signed(SHOP, new Act.Accept(Optional.empty())));
        KeyLimits limits = new KeyLimits(Optional.of(BigInteger.valueOf(1000)), Optional.of(List.of("sale")));
        story.applied(add(story, "north/vendor 2", VENDOR, List.of(Purpose.REPORT), Optional.of(limits)));
        story.goesTo("2026-01-20T09:00:00Z");
        return story;
    }

    private static void closes(TestStory story, long last, long amount) {
        story.goesTo("2026-02-11T00:00:00Z");
        story.declares("2026-01", last, last, amount);
        story.applied(story.signed(VENDOR, new Act.Close("2026-01")));
    }

    private static Report verify(TestStory story) {
        return VerifierTest.verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    private static List<String> said(Report report, Check check) {
        return report.findings().stream()
                .filter(finding -> finding.check() == check)
                .map(Finding::text)
                .toList();
    }

    @Test
    void a_history_with_every_act_on_keys_holds_and_lists_what_a_compromised_key_signed_since() {
        TestStory story = agreed();
        story.applied(report(story, "north/vendor 2", 1, 100));
        LedgerTime since = story.now;
        story.applied(report(story, "north/vendor 2", 2, 200));
        story.sends(report(story, "north/vendor 2", 3, 1001));
        story.applied(report(story, VENDOR, 3, 300));
        story.applied(compromised(story, "north/vendor 2", since.plus(Duration.ofSeconds(1)), VENDOR));
        story.sends(report(story, "north/vendor 2", 4, 400));
        story.applied(story.recovery(SHOP, 2, "north/notary", "west/fund"));
        story.batch(
                add(story, "east/shop 2", SHOP, Purpose.ALL, Optional.empty()),
                add(story, "east/shop 3", SHOP, List.of(Purpose.SIGN), Optional.empty()),
                rotate(story, "east/shop 3", "east/shop 4"),
                revoke(story, "east/shop 4", "east/shop 2"));
        story.applied(act(
                story,
                new Act.KeyRecover(story.key("east/shop 5").key(), List.of()),
                "east/shop 5",
                "north/notary",
                "west/fund"));
        closes(story, 3, 600);

        Report report = verify(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("keys"))).isEqualTo(Outcome.HOLDS);
        String vendors = VENDOR + "#" + thumb(story, "north/vendor 2");
        assertThat(said(report, Check.ATTENTION_COMPROMISED))
                .hasSize(2)
                .allSatisfy(text -> assertThat(text)
                        .startsWith("report was signed at ")
                        .endsWith(
                                " by the key " + vendors + ", compromised since " + since.plus(Duration.ofSeconds(1))));
        assertThat(said(report, Check.ATTENTION_KEYS))
                .contains(
                        "the key " + vendors + " was added",
                        "the key " + SHOP + "#" + thumb(story, "east/shop 4") + " took the place of " + SHOP + "#"
                                + thumb(story, "east/shop 3"),
                        "the key " + SHOP + "#" + thumb(story, "east/shop 4") + " was revoked: lost",
                        "the party " + SHOP + " named others to recover it",
                        "the party " + SHOP + " was recovered, and has the key " + SHOP + "#"
                                + thumb(story, "east/shop 5"));
    }

    /// Of two times that were said, the earlier stands.
    static TestStory compromisedTwice(boolean earlierFirst) {
        TestStory story = agreed();
        story.applied(report(story, "north/vendor 2", 1, 100));
        story.applied(report(story, "north/vendor 2", 2, 200));
        LedgerTime between = story.now;
        story.applied(report(story, "north/vendor 2", 3, 300));
        LedgerTime last = story.now;
        story.applied(compromised(story, "north/vendor 2", earlierFirst ? between : last, VENDOR));
        story.applied(compromised(story, "north/vendor 2", earlierFirst ? last : between, VENDOR));
        closes(story, 3, 600);
        return story;
    }

    @ParameterizedTest(name = "the earlier first: {0}")
    @ValueSource(booleans = {false, true})
    void a_key_that_two_acts_say_is_compromised_lists_each_verdict_once_with_the_earlier_time(boolean earlierFirst) {
        TestStory story = compromisedTwice(earlierFirst);

        Report report = verify(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("keys"))).isEqualTo(Outcome.HOLDS);
        List<String> listed = said(report, Check.ATTENTION_COMPROMISED);
        String first = listed.getFirst().replaceFirst("report was signed at ([^ ]+) .*", "$1");
        assertThat(listed).hasSize(2).allMatch(text -> text.endsWith("compromised since " + first));
    }

    @Test
    void a_replaced_quorum_that_takes_the_party_back_leaves_a_history_that_holds() {
        TestStory story = agreed();
        story.enrolls("west/thief");
        story.applied(story.recovery(SHOP, 2, "north/notary", "west/fund"));
        story.applied(story.recovery(SHOP, 1, "west/thief"));
        story.applied(
                act(story, new Act.KeyRecover(story.key("east/shop 2").key(), List.of()), "east/shop 2", "west/thief"));
        story.applied(act(
                story,
                new Act.KeyRecover(story.key("east/shop 3").key(), List.of(thumb(story, SHOP))),
                "east/shop 3",
                "north/notary",
                "west/fund"));
        story.sends(
                act(story, new Act.KeyRecover(story.key("east/shop 4").key(), List.of()), "east/shop 4", "west/thief"));
        story.applied(report(story, VENDOR, 1, 300));
        closes(story, 1, 300);

        Report report = verify(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("keys"))).isEqualTo(Outcome.HOLDS);
        assertThat(said(report, Check.ATTENTION_KEYS).stream().filter(text -> text.contains("was recovered")))
                .hasSize(2);
        assertThat(said(report, Check.ATTENTION_KEYS))
                .containsOnlyOnce(
                        "those who might recover the party " + SHOP + " before may again, and nobody named after them");
    }

    private static Arguments lie(String title, Consumer<TestStory> told, Check... checks) {
        return Arguments.of(title, told, checks);
    }

    /// A write of the transaction with something replaced.
    private static Done write(Done done, String key, String from, String to) {
        TreeMap<String, Optional<Bytes>> writes = new TreeMap<>(done.writes());
        String value =
                writes.getOrDefault(key, Optional.empty()).orElseThrow().utf8().orElseThrow();
        if (!value.contains(from)) {
            throw new IllegalArgumentException(from + " is not in " + value);
        }
        writes.put(key, Optional.of(Bytes.ofUtf8(value.replace(from, to))));
        return new Done(done.response(), done.event(), writes);
    }

    private static String record(TestStory story, String key) {
        return Keys.key(key.replaceFirst(" .*", ""), thumb(story, key));
    }

    /// The state of the members says something else of a key than the acts do.
    private static void forges(TestStory story, String key, String expression, String to) {
        String name = record(story, key);
        String before =
                story.ledger.state.getOrDefault(name, Bytes.EMPTY).utf8().orElseThrow();
        String after = before.replaceAll(expression, to);
        if (after.equals(before)) {
            throw new IllegalArgumentException(expression + " is not in " + before);
        }
        story.ledger.state.put(name, Bytes.ofUtf8(after));
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie(
                        "a revoked key signs on",
                        story -> {
                            story.applied(revoke(story, "north/vendor 2", VENDOR));
                            forges(story, "north/vendor 2", ",\"revoked\":\\{[^}]*}", "");
                            story.applied(report(story, "north/vendor 2", 1, 100));
                        },
                        Check.AUTHORIZATION_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a key signs above its limit",
                        story -> {
                            forges(story, "north/vendor 2", "\"limits\":\\{[^}]*},", "");
                            story.applied(report(story, "north/vendor 2", 1, 1001));
                        },
                        Check.AUTHORIZATION_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a key signs what it is not for",
                        story -> {
                            forges(story, "north/vendor 2", "\\[\"report\"]", "[\"administer\",\"report\"]");
                            story.applied(
                                    add(story, "north/vendor 3", "north/vendor 2", Purpose.ALL, Optional.empty()));
                        },
                        Check.AUTHORIZATION_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a key takes over more than the old one had",
                        story -> {
                            String key = record(story, "north/vendor 3");
                            story.ledger.lie = done -> write(done, key, "[\"report\"]", "[\"administer\",\"report\"]");
                            story.applied(rotate(story, "north/vendor 2", "north/vendor 3"));
                        },
                        Check.OCCURRENCE_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a key is said to be compromised later than its party says",
                        story -> {
                            String key = record(story, "north/vendor 2");
                            LedgerTime since = story.now;
                            story.ledger.lie = done -> write(
                                    done,
                                    key,
                                    "\"since\":\"" + since + "\"",
                                    "\"since\":\"" + since.plus(Duration.ofSeconds(1)) + "\"");
                            story.applied(compromised(story, "north/vendor 2", since, VENDOR));
                        },
                        Check.OCCURRENCE_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a party has one key more than it has",
                        story -> {
                            story.ledger.lie = done -> write(done, Keys.party(VENDOR), "\"keys\":1", "\"keys\":2");
                            story.applied(revoke(story, "north/vendor 2", VENDOR));
                        },
                        Check.OCCURRENCE_KEYS,
                        Check.ACCURACY_VERDICTS),
                lie(
                        "a replaced quorum is left out",
                        story -> {
                            story.applied(story.recovery(SHOP, 1, "west/fund"));
                            story.ledger.lie = done -> write(
                                    done, Keys.party(SHOP), "\"threshold\":1,\"until\"", "\"threshold\":2,\"until\"");
                            story.applied(story.recovery(SHOP, 1, "north/notary"));
                        },
                        Check.OCCURRENCE_KEYS,
                        Check.ACCURACY_VERDICTS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void what_a_key_may_not_do_is_found_whatever_the_members_say(
            String title, Consumer<TestStory> told, Check... checks) {
        TestStory story = agreed();

        told.accept(story);
        Report report = verify(story);

        Refuted.by(report, title, checks);
    }
}
