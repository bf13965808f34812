package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

/// What each act reads and writes, held to the table of `docs/spec/ledger-1.md` section 5: no key of another kind, and
/// no more of them than its limits say. Reports and closes have limits of their own.
final class ReadsAndWritesTest {

    private static final int MOST = 12;
    private static final int MOST_OF_AN_EVENT = 3;
    private static final Set<ActKind> LIMITED_OTHERWISE = EnumSet.of(ActKind.REPORT, ActKind.CLOSE);

    private static final Duration DAYS = Duration.ofDays(10);
    private static final String AT_ONCE = "{\"kind\":\"principal\",\"noticeDays\":0,\"principal\":\"platform\"}";
    /// Two of three.
    private static final String BOARD =
            "{\"kind\":\"board\",\"need\":2,\"seats\":[{\"party\":\"platform\",\"seat\":\"s1\"},"
                    + "{\"party\":\"a\",\"seat\":\"s2\"},{\"party\":\"b\",\"seat\":\"s3\"}]}";

    private static final String ANA = "east/ana";
    private static final String BEN = "east/ben";
    private static final String CLEO = "west/cleo";
    private static final String PLATFORM = "north/platform";

    /// A history that ends with an act of this kind, in a transaction of its own, that is applied.
    ///
    /// @param allowed beyond the twelve: parties, keys and events that it concerns
    private record Scene(ActKind kind, int allowed, Supplier<Played> play) {
        @Override
        public String toString() {
            return kind.text();
        }
    }

    /// @param signers keys that are read since they signed: all but one that the act registers
    /// @param answer to the last act
    private record Played(MemoryLedger ledger, int signers, Json.Obj answer) {}

    private static KeyStory parties() {
        KeyStory keys = new KeyStory(Story.withParties(List.of(PLATFORM, ANA, BEN, CLEO)));
        keys.story.applies(keys.recoverySet(ANA, KeyStory.recovery(2, BEN, CLEO)));
        keys.adds("east/ana 2", ANA);
        keys.adds("east/ana 3", ANA);
        return keys;
    }

    private static Scene keys(ActKind kind, int allowed, int signers, Function<KeyStory, Bytes> act) {
        return new Scene(kind, allowed, () -> {
            KeyStory keys = parties();
            Json.Obj answer = keys.story.submit(act.apply(keys));
            return new Played(keys.story.ledger, signers, answer);
        });
    }

    private static Scene agreed(ActKind kind, int allowed, Function<HeldStory, Json.Obj> act) {
        return new Scene(kind, allowed, () -> {
            HeldStory at = new HeldStory();
            at.story.moveTo("2026-01-20T12:00:00Z");
            Json.Obj answer = act.apply(at);
            return new Played(at.story.ledger, 1, answer);
        });
    }

    private static Scene offered(ActKind kind, Function<Story, Bytes> act) {
        return new Scene(kind, 0, () -> {
            Story story = Story.withParties();
            story.offered();
            Json.Obj answer = story.submit(act.apply(story));
            return new Played(story.ledger, 1, answer);
        });
    }

    /// @param governance of an agreement in force that each side may leave
    private static Scene governed(ActKind kind, String governance, Function<Story, Bytes> act) {
        return new Scene(kind, 0, () -> {
            Story story = Story.withParties();
            applied(story.offers(governed(story, governance)));
            List.of(ANA, BEN, CLEO).forEach(party -> story.applies(story.accept(party)));
            story.moveTo("2026-01-02T10:00:00Z");
            Json.Obj answer = story.submit(act.apply(story));
            return new Played(story.ledger, 1, answer);
        });
    }

    private static Json.Obj governed(Story story, String governance) {
        return Story.with(
                Story.with(story.document(), "governance", governance),
                "term",
                "{\"from\":\"2026-01-01\",\"leaveDays\":30}");
    }

    /// The version after the one in force, with one member changed.
    private static Json.Obj next(Story story, String member, String value) {
        Json.Obj before = story.ledger.json("doc/" + Story.AGREEMENT + "/" + story.version.hex());
        Json.Obj numbered = Story.with(before, "number", "2");
        return Story.with(Story.with(numbered, "supersedes", "\"" + story.version.hex() + "\""), member, value);
    }

    private static void applied(Json.Obj answer) {
        assertThat(MemoryLedger.told(answer)).as(answer.toString()).isEqualTo("applied");
    }

    static Stream<Scene> scenes() {
        return Stream.of(
                keys(
                        ActKind.REGISTER_REGISTRAR,
                        1,
                        0,
                        keys -> keys.story.sign(
                                keys.story.registry(
                                        new MemberId("north"),
                                        new Act.RegisterRegistrar(
                                                keys.story.key("north 2").key(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.of(keys.thumb("north")))),
                                "north 2")),
                keys(
                        ActKind.ENROLL,
                        3,
                        1,
                        keys -> keys.story.sign(
                                keys.story.registry(
                                        new PartyId("east/zoe"),
                                        new Act.Enroll(
                                                keys.story.key("east/zoe").key(),
                                                Purpose.ALL,
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.of(KeyStory.recovery(2, ANA, BEN, CLEO)))),
                                "east/zoe",
                                "east")),
                keys(
                        ActKind.REHOST,
                        0,
                        3,
                        keys -> keys.act(ANA, new Act.Rehost(new MemberId("west")), BEN, CLEO, "west")),
                keys(
                        ActKind.RECOVERY_SET,
                        3,
                        1,
                        keys -> keys.recoverySet(ANA, KeyStory.recovery(2, BEN, CLEO, PLATFORM))),
                keys(ActKind.KEY_ADD, 0, 1, keys -> keys.add("east/ana 4", Purpose.ALL, ANA)),
                keys(ActKind.KEY_ROTATE, 1, 1, keys -> keys.rotate("east/ana 2", "east/ana 4")),
                keys(ActKind.KEY_REVOKE, 1, 1, keys -> keys.revoke("east/ana 2", ANA)),
                keys(
                        ActKind.KEY_COMPROMISED,
                        1,
                        2,
                        keys -> keys.compromised("east/ana 2", "2025-12-20T09:00:00Z", BEN, CLEO)),
                keys(ActKind.KEY_RECOVER, 3, 2, keys -> keys.recover("east/ana 4", List.of("east/ana 2"), BEN, CLEO)),
                keys(
                        ActKind.LOG_KEY,
                        0,
                        1,
                        keys -> keys.story.sign(
                                keys.story.registry(
                                        new MemberId("north"),
                                        new Act.LogKey(
                                                "head",
                                                new VerifierKey(
                                                                "north/head",
                                                                VerifierKey.Type.ED25519,
                                                                SeedKey.ofSeed(
                                                                                SeedKey.Kind.ED25519,
                                                                                Hash.of(Bytes.EMPTY)
                                                                                        .bytes())
                                                                        .orElseThrow()
                                                                        .publicKey())
                                                        .text(),
                                                Optional.empty())),
                                "north")),
                keys(
                        ActKind.TRIAL_CLOCK,
                        0,
                        1,
                        keys -> keys.story.sign(
                                keys.story.registry(new MemberId("north"), new Act.TrialClock(60)), "north")),
                new Scene(ActKind.OFFER, 0, () -> {
                    Story story = Story.withParties();
                    Json.Obj answer = story.offers(story.document());
                    return new Played(story.ledger, 1, answer);
                }),
                new Scene(ActKind.ACCEPT, 0, () -> {
                    Story story = Story.withParties();
                    story.offered();
                    story.applies(story.accept(ANA));
                    story.applies(story.accept(BEN));
                    Json.Obj answer = story.submit(story.accept(CLEO));
                    assertThat(answer.items("effects")).hasSize(2);
                    return new Played(story.ledger, 1, answer);
                }),
                offered(ActKind.COUNTER, story -> {
                    Hash offered = story.version;
                    Json.Obj other = Story.with(story.document(), "days", "{\"grace\":3}");
                    story.version = Hash.of(other.canonical());
                    return story.signed(ANA, new Act.Counter(other, story.now().plus(DAYS), offered));
                }),
                offered(ActKind.DECLINE, story -> story.signed(ANA, new Act.Decline(Optional.of("no")))),
                offered(ActKind.WITHDRAW, story -> story.signed(PLATFORM, new Act.Withdraw(Optional.empty()))),
                governed(ActKind.AMEND, AT_ONCE, story -> {
                    Json.Obj next = next(story, "days", "{\"grace\":3}");
                    Act amend = new Act.Amend("appoint", next, story.now().plus(DAYS));
                    return story.sign(story.payload(PLATFORM, amend, Hash.of(next.canonical())), PLATFORM);
                }),
                governed(
                        ActKind.MOTION,
                        AT_ONCE,
                        story -> story.signed(
                                PLATFORM,
                                new Act.Motion(
                                        Story.object("{\"kind\":\"suspend\",\"party\":\"a\"}"),
                                        story.now().plus(DAYS)))),
                governed(ActKind.VOTE, BOARD, story -> {
                    Json.Obj next = next(story, "days", "{\"grace\":3}");
                    Act amend = new Act.Amend("appoint", next, story.now().plus(DAYS));
                    Json.Obj moved = story.submit(
                            story.sign(story.payload(PLATFORM, amend, Hash.of(next.canonical())), PLATFORM));
                    return story.signed(ANA, new Act.Vote(new Hash(moved.text("hash")), "yes"));
                }),
                governed(ActKind.EXECUTE, BOARD.replace("\"need\"", "\"lockHours\":1,\"need\""), story -> {
                    Json.Obj next = next(story, "days", "{\"grace\":3}");
                    Act amend = new Act.Amend("appoint", next, story.now().plus(DAYS));
                    Json.Obj moved = story.submit(
                            story.sign(story.payload(PLATFORM, amend, Hash.of(next.canonical())), PLATFORM));
                    Hash motion = new Hash(moved.text("hash"));
                    story.applies(story.signed(ANA, new Act.Vote(motion, "yes")));
                    story.moveTo("2026-01-02T12:00:00Z");
                    return story.signed(BEN, new Act.Execute(motion));
                }),
                governed(
                        ActKind.NOTICE,
                        AT_ONCE,
                        story -> story.signed(
                                ANA,
                                new Act.Notice(
                                        "leave",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()))),
                new Scene(ActKind.ADJUST, 0, () -> {
                    Story story = Story.inForce();
                    story.moveTo("2026-02-01T12:00:00Z");
                    story.applies(story.declare("2026-01", 0, 0, 0));
                    story.closes("2026-01");
                    Act adjust = new Act.Adjust(
                            "2026-01", "platform", "a", BigInteger.TEN, "goodwill", "thanks", Optional.empty());
                    Json.Obj answer = story.submit(story.sign(story.payload(PLATFORM, adjust), PLATFORM, ANA));
                    return new Played(story.ledger, 2, answer);
                }),
                agreed(ActKind.REPORT, 0, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100), HeldStory.flagged("2026-01-11", 7)));
                    return at.reports("returns", HeldStory.refund("2026-01-12", 10, "shop/0000000001"));
                }),
                agreed(ActKind.ATTEST, 2 * MOST_OF_AN_EVENT, at -> {
                    applied(at.reports(
                            "web", HeldStory.usage("2026-01-10", 5, "a"), HeldStory.usage("2026-01-11", 6, "b")));
                    applied(at.attests(CLEO, "web/0000000001", "web/0000000002"));
                    Json.Obj answer = at.attests("north/audit", "web/0000000001", "web/0000000002");
                    assertThat(HeldStory.ids(answer)).hasSize(2);
                    return answer;
                }),
                agreed(ActKind.CONTRADICT, MOST_OF_AN_EVENT, at -> {
                    applied(at.reports("web", HeldStory.usage("2026-01-10", 5, "a")));
                    return at.contradicts(CLEO, "web/0000000001");
                }),
                agreed(ActKind.DECLARE, 0, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100)));
                    at.story.moveTo("2026-02-01T12:00:00Z");
                    return at.declares("shop", "2026-01");
                }),
                agreed(ActKind.TAKE_BACK, 0, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100)));
                    at.story.moveTo("2026-02-01T12:00:00Z");
                    applied(at.declares("shop", "2026-01"));
                    return at.takesBack("shop", "2026-01");
                }),
                agreed(ActKind.SEAL, 0, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100)));
                    at.story.moveTo("2026-02-20T12:00:00Z");
                    return at.seals(BEN, "shop", "2026-01");
                }),
                agreed(
                        ActKind.CLAIM,
                        MOST_OF_AN_EVENT,
                        at -> at.claims(BEN, "shop", HeldStory.sale("2026-01-10", 100))),
                agreed(ActKind.CLAIM_ANSWER, MOST_OF_AN_EVENT, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100), HeldStory.sale("2026-01-10", 5)));
                    Json.Obj claim = at.claims(BEN, "shop", HeldStory.sale("2026-01-10", 100));
                    applied(claim);
                    Act.Reply reply =
                            new Act.Reply.Reported(at.proofs("shop/0000000001").getFirst());
                    return at.answers(ANA, new Hash(claim.text("hash")), reply);
                }),
                agreed(ActKind.CLOSE, 0, at -> {
                    applied(at.reports("shop", HeldStory.sale("2026-01-10", 100)));
                    at.story.moveTo("2026-02-20T12:00:00Z");
                    for (String source : HeldStory.OWNERS.keySet()) {
                        applied(at.seals(PLATFORM, source, "2026-01"));
                    }
                    return at.closes(PLATFORM, "2026-01");
                }));
    }

    /// A row of the table: which kinds of keys, by the first part of their names.
    private record Row(List<String> acts, Set<String> reads, Set<String> writes) {

        boolean isOf(ActKind kind) {
            return acts.stream()
                    .anyMatch(act -> act.endsWith("*")
                            ? kind.text().startsWith(act.substring(0, act.length() - 1))
                            : kind.text().equals(act));
        }
    }

    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");

    private static List<Row> table() {
        String text = SharedVectors.bytes(SharedVectors.path("docs/spec/ledger-1.md", "spec/ledger-1.md"))
                .utf8()
                .orElseThrow();
        String section = text.substring(text.indexOf("## 5. "), text.indexOf("## 6. "));
        List<Row> rows = new ArrayList<>();
        for (String line :
                section.lines().filter(line -> line.startsWith("| ")).skip(1).toList()) {
            String[] cells = line.substring(1).split("\\|", -1);
            Set<String> reads = names(cells[1]);
            Set<String> writes = cells[2].contains("the same") ? union(reads, names(cells[2])) : names(cells[2]);
            rows.add(new Row(
                    Arrays.stream(cells[0].split(",", -1)).map(String::strip).toList(), reads, writes));
        }
        return rows;
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static Row row(ActKind kind) {
        return table().stream().filter(row -> row.isOf(kind)).findFirst().orElseThrow();
    }

    @Test
    void every_act_has_a_row_and_every_act_that_is_enforced_a_scene() {
        List<Row> table = table();

        assertThat(Arrays.stream(ActKind.values()))
                .allSatisfy(kind -> assertThat(table.stream().filter(row -> row.isOf(kind)))
                        .as(kind.text())
                        .hasSize(1));
        assertThat(scenes().map(Scene::kind))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ActKind.values())
                        .filter(ActKind::enforced)
                        .toList());
    }

    private static long count(Set<String> keys, String kind) {
        return keys.stream().filter(key -> kindOf(key).equals(kind)).count();
    }

    private static String kindOf(String key) {
        return key.replaceFirst("/.*", "");
    }

    private static Set<String> kindsOf(Set<String> keys) {
        return keys.stream().map(ReadsAndWritesTest::kindOf).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenes")
    void an_act_reads_and_writes_what_the_table_says_and_no_more(Scene scene) {
        Row row = row(scene.kind());
        Played played = scene.play().get();
        applied(played.answer());
        Set<String> reads = played.ledger().lookedFor;
        Set<String> writes = played.ledger().wrote;
        boolean underAgreement = scene.kind().underAgreement();
        Set<String> common =
                underAgreement ? Set.of("net", "once", "key", "agr", "doc", "off") : Set.of("net", "once", "key");

        if (scene.kind() != ActKind.CLOSE) {
            assertThat(union(common, row.reads())).containsAll(kindsOf(reads));
            assertThat(union(Set.of("once"), row.writes())).containsAll(kindsOf(writes));
        }
        assertThat(count(reads, "net")).isEqualTo(1);
        assertThat(count(reads, "key")).isGreaterThanOrEqualTo(played.signers());
        long readBeyond = reads.size()
                - count(reads, "net")
                - count(reads, "once")
                - played.signers()
                - count(reads, "agr")
                - Math.min(1, count(reads, "doc"))
                - Math.min(1, count(reads, "off"));
        long writtenBeyond =
                writes.size() - count(writes, "once") - Math.min(1, count(writes, "agr") + count(writes, "src"));
        if (!LIMITED_OTHERWISE.contains(scene.kind())) {
            assertThat(readBeyond).isLessThanOrEqualTo(MOST + scene.allowed());
            assertThat(writtenBeyond).isLessThanOrEqualTo(MOST + scene.allowed());
        }
    }
}
