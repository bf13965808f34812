package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// The table of states against acts in `agreement-1` section 9: each cell is what the rules answer to an instruction
/// that
/// is good but for the state.
final class StatesTest {

    private static final String HUB = "north/platform";
    private static final String ANA = "east/ana";
    private static final String BEN = "east/ben";
    private static final String CLEO = "west/cleo";
    private static final String DORA = "west/dora";

    private static final Path TEXT = SharedVectors.path("docs/spec/agreement-1.md", "spec/agreement-1.md");
    private static final String BEGIN = "<!-- states and acts: written by StatesTest -->\n";
    private static final String END = "<!-- end -->\n";
    private static final String WRITE = "tallystick.write";

    private static final String NOW = "2026-02-03T12:00:00Z";
    private static final Duration LONG = Duration.ofDays(300);

    private enum State {
        OFFERED("offered"),
        ACTIVE("active"),
        PAUSED("paused"),
        RUN_OFF("run-off"),
        CLOSED("closed"),
        LAPSED("lapsed");

        final String text;

        State(String text) {
            this.text = text;
        }
    }

    /// An agreement that has come to a state, with all that an act may be about: things reported, claimed, moved and
    /// noticed while that was allowed.
    private static final class Scene extends SourcesStory {

        private final Json.Obj document;

        private final TreeMap<String, Hash> motions = new TreeMap<>();
        private Json.Obj amended = Json.Obj.EMPTY;
        private Hash notice = Hash.ZERO;
        private Hash claim = Hash.ZERO;
        private String held = "web/0000000001";
        private String attested = "web/0000000001";

        Scene(State state) {
            super(
                    Story.withParties(List.of(HUB, ANA, BEN, CLEO, DORA)),
                    new TreeMap<>(Map.of("figures", CLEO, "sales", BEN, "web", ANA)));
            document = document(story, state == State.CLOSED ? 0 : 3);
            story.moveTo("2026-01-12T09:00:00Z");
            if (state == State.OFFERED || state == State.LAPSED) {
                agreed(document, List.of());
                if (state == State.LAPSED) {
                    story.applies(story.signed(CLEO, new Act.Decline(Optional.empty())));
                }
            } else {
                agreed(document, List.of(ANA, BEN, CLEO));
                lives();
                comesTo(state);
            }
            story.moveTo(NOW);
        }

        private static Json.Obj document(Story story, int runOffPeriods) {
            Json.Obj terms = Story.with(
                    story.document().object("terms"),
                    "parties",
                    "[{\"id\":\"platform\"},{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"},{\"id\":\"d\"}]");
            Json.Obj document = story.document();
            document = set(document, "terms", terms);
            document = set(document, "term", event("""
                    {'cureDays':10,'from':'2026-01-01','leaveDays':0,'renewal':{'months':6,'noticeDays':10},
                     'runOffPeriods':%d,'until':'2026-07-01'}""".formatted(runOffPeriods)));
            document = set(document, "governance", event("""
                    {'kind':'board','need':2,'seats':[{'party':'platform','seat':'s1'},{'party':'a','seat':'s2'},
                     {'party':'b','seat':'s3'}],'voteDays':365,
                     'overrides':{'resume':{'kind':'principal','noticeDays':5,'principal':'platform','voteDays':365}}}"""));
            return set(document, "roles", event("""
                    {'held':{'territory':'hold'},'sources':[
                      {'first':'2026-01','id':'figures','owner':'c','types':['kpi']},
                      {'first':'2026-01','id':'sales','owner':'b','types':['refund','sale']},
                      {'first':'2026-01','id':'web','owner':'a','types':['refund','sale']}]}"""));
        }

        private void lives() {
            story.moveTo("2026-01-12T10:00:00Z");
            applied(reports("sales", Story.sale("2026-01-12", 100), Story.sale("2026-01-12", 100)));
            applied(reports("web", HeldStory.flagged("2026-01-12", 100), HeldStory.flagged("2026-01-12", 100)));
            applied(attests(HUB, id("web", 2)));
            attested = id("web", 2);
            claim = named(story.submit(claims()), "claim");
            notice = named(story.submit(story.signed(ANA, breach())), "notice");
            motions.put("vote", moves(HUB, decision("{'kind':'suspend','party':'a'}")));
            motions.put("execute", moves(HUB, decision("{'kind':'resume','party':'a'}")));
            motions.put("withdraw", moves(HUB, decision("{'kind':'suspend','party':'b'}")));
            amended = following("title", Json.text("The same by another name"), "2026-02");
            motions.put("amend", named(story.submit(amends(HUB, "appoint", amended)), "motion"));
        }

        private void comesTo(State state) {
            story.moveTo("2026-01-25T10:00:00Z");
            switch (state) {
                case PAUSED -> {
                    Hash motion = moves(HUB, decision("{'kind':'pause','reason':'a dispute'}"));
                    story.applies(story.signed(BEN, new Act.Vote(motion, "yes")));
                }
                case RUN_OFF, CLOSED -> story.applies(story.signed(CLEO, notice("leave")));
                case OFFERED, ACTIVE, LAPSED -> {}
            }
            story.moveTo("2026-02-01T10:00:00Z");
            applied(declares("web", "2026-01"));
            if (state == State.CLOSED) {
                settles();
            }
        }

        /// What the period still lacks is declared, and it is closed.
        void settles() {
            declaresRest();
            tried(story.submit(story.close("2026-01")));
        }

        void declaresRest() {
            tried(declares("sales", "2026-01"));
            tried(declares("figures", "2026-01"));
        }

        /// What the state may refuse, and is no act of the table here.
        private static void tried(Json.Obj answer) {
            assertThat(MemoryLedger.told(answer))
                    .isIn("applied", "already_declared", "agreement_offered", "agreement_lapsed", "agreement_closed");
        }

        static Json.Obj set(Json.Obj object, String name, Json value) {
            TreeMap<String, Json> members = new TreeMap<>(object.members());
            members.put(name, value);
            return new Json.Obj(members);
        }

        private Json.Obj following(String member, Json value, String starts) {
            Json.Obj next = set(document, "number", Json.whole(2));
            next = set(next, "supersedes", Json.text(story.version.hex()));
            return set(set(next, "starts", Json.text(starts)), member, value);
        }

        Bytes amends(String party, String decision, Json.Obj next) {
            Act act = new Act.Amend(decision, next, story.now().plus(LONG));
            return story.sign(story.payload(party, act, Hash.of(next.canonical())), party);
        }

        /// An amendment of this class that changes one member.
        Bytes amends(String decision, String member, String json) {
            return amends(
                    HUB,
                    decision,
                    following(member, event("{'it':" + json + "}").get("it"), "2026-03"));
        }

        Act decision(String json) {
            return new Act.Motion(event(json), story.now().plus(LONG));
        }

        private Hash moves(String party, Act act) {
            return named(story.submit(story.signed(party, act)), "motion");
        }

        Bytes moves(String json) {
            return story.signed(HUB, decision(json));
        }

        Hash motion(String name) {
            return Optional.ofNullable(motions.get(name)).orElse(Hash.ZERO);
        }

        static Act breach() {
            return new Act.Notice(
                    "breach", Optional.of(new PartyId(HUB)), Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Act notice(String kind) {
            return new Act.Notice(kind, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        Bytes claims() {
            return story.signed(
                    CLEO,
                    new Act.Claim(
                            new SourceId("web"),
                            Story.sale("2026-01-12", 5),
                            HeldStory.evidence(),
                            Optional.of("we delivered it")));
        }

        /// Of the version that was offered first, or of the amendment.
        Bytes about(String party, Act act, boolean first) {
            Hash version = first ? story.version : Hash.of(amended.canonical());
            return story.sign(story.payload(party, act, version), party);
        }

        Bytes adjusts() {
            Act act = new Act.Adjust(
                    "2026-01", "platform", "a", BigInteger.TEN, "goodwill", "for the delay", Optional.empty());
            return story.sign(story.payload(HUB, act), HUB, ANA);
        }

        private static void applied(Json.Obj answer) {
            assertThat(MemoryLedger.told(answer)).as(answer.toString()).isEqualTo("applied");
        }

        private static Hash named(Json.Obj answer, String kind) {
            applied(answer);
            return answer.items("effects").stream()
                    .map(effect -> (Json.Obj) effect)
                    .flatMap(effect -> effect.findText(kind).stream())
                    .map(Hash::new)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// @param act what is asked for, in the words of the table
    private record Row(String act, Function<Scene, Json.Obj> asked) {

        static Row of(String act, Function<Scene, Bytes> envelope) {
            return new Row(act, scene -> scene.story.submit(envelope.apply(scene)));
        }
    }

    private static final List<Row> ROWS = rows();

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                new Row("`offer`", scene -> scene.story.offers(scene.document)),
                Row.of("`counter`", scene -> {
                    Json.Obj other = Story.with(scene.document, "title", "\"Other words\"");
                    Act act = new Act.Counter(other, scene.story.now().plus(Duration.ofDays(30)), scene.story.version);
                    return scene.story.sign(scene.story.payload(ANA, act, Hash.of(other.canonical())), ANA);
                }),
                Row.of("`accept` of an offer", scene -> scene.about(ANA, new Act.Accept(Optional.empty()), true)),
                Row.of("`decline` of an offer", scene -> scene.about(ANA, new Act.Decline(Optional.empty()), true)),
                Row.of("`withdraw` of an offer", scene -> scene.about(HUB, new Act.Withdraw(Optional.empty()), true)),
                Row.of("`accept` of an amendment", scene -> scene.about(ANA, new Act.Accept(Optional.empty()), false)),
                Row.of(
                        "`decline` of an amendment",
                        scene -> scene.about(ANA, new Act.Decline(Optional.empty()), false)),
                Row.of(
                        "`withdraw` of a motion",
                        scene -> scene.story.signed(HUB, new Act.Withdraw(Optional.of(scene.motion("withdraw"))))),
                Row.of("`amend`: `govern`", scene -> scene.amends("govern", "governance", "{'kind':'unanimous'}")),
                Row.of("`amend`: `seat`", scene -> {
                    String other = scene.document
                            .object("governance")
                            .canonical()
                            .utf8()
                            .orElseThrow()
                            .replace("\"party\":\"b\"", "\"party\":\"c\"");
                    return scene.amends("seat", "governance", other);
                }),
                Row.of(
                        "`amend`: `admit`",
                        scene -> scene.amends(
                                "admit",
                                "parties",
                                "{'a':'east/ana','b':'east/ben','c':'west/cleo','d':'west/dora',"
                                        + "'platform':'north/platform'}")),
                Row.of(
                        "`amend`: `succeed`",
                        scene -> scene.amends(
                                "succeed",
                                "parties",
                                "{'a':'east/ana','b':'east/ben','c':'west/dora','platform':'north/platform'}")),
                Row.of("`amend`: `terms`", scene -> {
                    Json.Obj terms = scene.document.object("terms");
                    String before = Hash.of(terms.canonical()).hex();
                    Json.Obj next = Story.with(
                            Story.with(Story.with(terms, "version", "2"), "supersedes", "\"" + before + "\""),
                            "title",
                            "\"Other terms\"");
                    return scene.amends(
                            "terms", "terms", next.canonical().utf8().orElseThrow());
                }),
                Row.of(
                        "`amend`: `extend`",
                        scene -> scene.amends("extend", "term", "{'from':'2026-01-01','until':'2028-01-01'}")),
                Row.of("`amend`: `appoint`", scene -> scene.amends("appoint", "title", "'A third name'")),
                Row.of("`motion`: `pause`", scene -> scene.moves("{'kind':'pause','reason':'a dispute'}")),
                Row.of("`motion`: `continue`", scene -> scene.moves("{'kind':'continue'}")),
                Row.of(
                        "`motion`: `terminate`, for convenience",
                        scene -> scene.moves("{'cause':'convenience','kind':'terminate','last':'2026-02-28'}")),
                Row.of(
                        "`motion`: `terminate`, for a breach",
                        scene -> scene.moves("{'cause':'breach','kind':'terminate','last':'2026-02-28','notice':'"
                                + scene.notice.hex() + "'}")),
                Row.of("`motion`: `suspend`", scene -> scene.moves("{'kind':'suspend','party':'b'}")),
                Row.of("`motion`: `resume`", scene -> scene.moves("{'kind':'resume','party':'b'}")),
                Row.of("`vote`", scene -> scene.story.signed(BEN, new Act.Vote(scene.motion("vote"), "yes"))),
                Row.of("`execute`", scene -> scene.story.signed(CLEO, new Act.Execute(scene.motion("execute")))),
                Row.of("`notice`: `leave`", scene -> scene.story.signed(ANA, Scene.notice("leave"))),
                Row.of("`notice`: `no-renewal`", scene -> scene.story.signed(ANA, Scene.notice("no-renewal"))),
                Row.of("`notice`: `breach`", scene -> scene.story.signed(BEN, Scene.breach())),
                Row.of(
                        "`notice`: `cured`",
                        scene -> scene.story.signed(
                                ANA,
                                new Act.Notice(
                                        "cured",
                                        Optional.empty(),
                                        Optional.of(scene.notice),
                                        Optional.empty(),
                                        Optional.empty()))),
                new Row(
                        "`report` of a sale dated before the pause and the end",
                        scene -> scene.reports("sales", Story.sale("2026-01-20", 100))),
                new Row("`report` of a sale of today", scene -> scene.reports("sales", Story.sale("2026-02-03", 100))),
                new Row("`report` of a refund of today", StatesTest::refunds),
                new Row(
                        "`report` of a figure of today",
                        scene -> scene.reports("figures", HeldStory.figure("2026-02-03", 1))),
                Row.of("`attest`", scene -> scene.story.signed(HUB, new Act.Attest(List.of(proof(scene, scene.held))))),
                Row.of(
                        "`contradict`",
                        scene -> scene.story.signed(
                                HUB,
                                new Act.Contradict(
                                        List.of(proof(scene, scene.attested)), "never delivered", Optional.empty()))),
                new Row("`declare`", scene -> scene.declares("sales", "2026-01")),
                new Row("`take-back`", scene -> scene.takesBack("web", "2026-01")),
                new Row("`seal`", scene -> {
                    scene.story.moveTo("2026-02-11T00:00:00Z");
                    return scene.seals(CLEO, "sales", "2026-01");
                }),
                Row.of("`claim`", Scene::claims),
                Row.of(
                        "`claim-answer`",
                        scene -> scene.story.signed(
                                ANA,
                                new Act.ClaimAnswer(
                                        scene.claim, new Act.Reply.Refusal("nothing was sold"), Optional.empty()))),
                new Row("`close`", scene -> {
                    scene.declaresRest();
                    return scene.story.submit(scene.story.close("2026-01"));
                }),
                Row.of("`adjust`", scene -> {
                    scene.settles();
                    return scene.adjusts();
                })));
        Stream.of(ActKind.values())
                .filter(kind -> kind.underAgreement() && !kind.enforced())
                .forEach(kind ->
                        rows.add(Row.of("`" + kind.text() + "`", scene -> scene.story.signed(HUB, kind, "{}"))));
        return rows;
    }

    /// The proof of an event, or where there is none one that nobody comes to look at.
    private static Act.EventProof proof(Scene scene, String id) {
        return scene.head("web")
                .map(_ -> scene.proofs(id).getFirst())
                .orElseGet(() -> new Act.EventProof(
                        EventId.parse(id).orElseThrow(), Story.sale("2026-01-12", 100), 1, List.of()));
    }

    private static Json.Obj refunds(Scene scene) {
        Json.Obj refund = HeldStory.refund("2026-02-03", 10, SourcesStory.id("sales", 1));
        if (scene.head("sales").isPresent()) {
            return scene.reports("sales", refund);
        }
        Act.EventProof proof = new Act.EventProof(
                EventId.parse("sales/0000000001").orElseThrow(), Story.sale("2026-01-12", 100), 1, List.of());
        return scene.story.submit(
                scene.story.signed(HUB, new Act.Report(new SourceId("sales"), 2, List.of(refund), List.of(proof))));
    }

    private static String cell(Row row, State state) {
        Json.Obj answer = row.asked().apply(new Scene(state));
        String told = MemoryLedger.told(answer);
        if (told.equals("applied")) {
            return "yes";
        }
        return "`" + lines(answer).orElse(told) + "`";
    }

    /// What is wrong with the lines of a report, which says more than that something is.
    private static Optional<String> lines(Json.Obj answer) {
        return answer.find("values")
                .map(values -> (Json.Obj) values)
                .filter(values -> values.has("lines"))
                .map(values -> values.items("lines").stream()
                        .map(line -> ((Json.Obj) line).text("code"))
                        .collect(Collectors.joining(", ")));
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| Act |");
        for (State state : State.values()) {
            table.append(' ').append(state.text).append(" |");
        }
        table.append("\n|---|").append("---|".repeat(State.values().length)).append('\n');
        for (Row row : ROWS) {
            table.append("| ").append(row.act()).append(" |");
            for (State state : State.values()) {
                table.append(' ').append(cell(row, state)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    @Test
    void the_table_in_the_text_is_what_the_rules_answer() throws IOException {
        String text = Files.readString(TEXT);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        String table = table();

        if ("states".equals(System.getProperty(WRITE))) {
            Files.writeString(TEXT, text.substring(0, from) + table + text.substring(to));
            return;
        }

        assertThat(text.substring(from, to))
                .as("the table of agreement-1 section 9 (write it anew with -D%s=states)", WRITE)
                .isEqualTo(table);
    }

    /// Who reads the table can trust its columns: each scene is in the state that it says.
    @TestFactory
    Stream<DynamicTest> each_scene_is_in_its_state() {
        return Stream.of(State.values())
                .map(state -> DynamicTest.dynamicTest(state.text, () -> {
                    Scene scene = new Scene(state);

                    String stored = scene.story
                            .ledger
                            .json(Keys.agreement(Story.AGREEMENT))
                            .text("state");

                    assertThat(stored).isEqualTo(state == State.RUN_OFF ? "active" : state.text);
                }));
    }
}
