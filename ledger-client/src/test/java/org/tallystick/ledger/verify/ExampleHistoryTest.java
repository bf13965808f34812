package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.pack.PostingProof;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Report.Outcome;

/// Example 01 of the specification, lived on a ledger: agreed, reported, declared and closed, quarter by quarter.
@Tag("slow")
final class ExampleHistoryTest {

    private static final Json.Obj EXAMPLE = TestStory.file("01-channel-reseller.json");
    private static final String[] ALL = {"east", "north", "west"};
    private static final SourceId SALES = new SourceId("sales");
    private static final Map<String, String> PARTIES =
            Map.of("distributor", "west/distributor", "reseller", "east/shop", "vendor", "north/vendor");
    /// When the vendor reports and closes each quarter.
    private static final TreeMap<String, String> QUARTERS = new TreeMap<>(Map.of(
            "2026-Q1", "2026-04-02T09:00:00Z",
            "2026-Q2", "2026-07-02T09:00:00Z",
            "2026-Q3", "2026-10-02T09:00:00Z"));

    private static final TestStory STORY = lived();
    private static final TestLog LOG = log();
    private static final TrustFile FIRST = STORY.ledger.network.trust(STORY.ledger.id());
    private static final TrustFile TRUST = LOG.trust(FIRST, 2, Optional.empty());

    @TempDir
    private Path folder;

    private static TestLog log() {
        try {
            return new TestLog(STORY.ledger, STORY.ledger.height(), 5, ALL);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Json.Obj document() {
        TreeMap<String, Json> document = new TreeMap<>(TestStory.document().members());
        TreeMap<String, Json> parties = new TreeMap<>();
        PARTIES.forEach((name, party) -> parties.put(name, Json.text(party)));
        document.put("opening", Json.text("2026-Q1"));
        document.put("parties", new Json.Obj(parties));
        document.put(
                "roles",
                TestStory.object("{\"closers\":[\"vendor\"],\"sources\":[{\"first\":\"2026-Q1\",\"id\":\"sales\","
                        + "\"owner\":\"vendor\",\"types\":[\"mdf-claim\",\"refund\",\"sale\"]}]}"));
        document.put("starts", Json.text("2026-Q1"));
        document.put("terms", EXAMPLE.object("terms"));
        return new Json.Obj(document);
    }

    private static List<Json.Obj> objects(Json.Obj json, String name) {
        return json.items(name).stream().map(Json.Obj.class::cast).toList();
    }

    /// The agreement's whole life so far.
    private static TestStory lived() {
        TestStory story = new TestStory(83, false);
        story.enrolls(PARTIES.values().stream().sorted().toArray(String[]::new));
        story.offers(document());
        for (String party : List.of("east/shop", "west/distributor")) {
            story.applied(story.signed(party, new Act.Accept(Optional.empty())));
        }
        List<Json.Obj> events = objects(EXAMPLE, "events");
        Map<String, Integer> numbers = new TreeMap<>();
        for (int i = 0; i < events.size(); i++) {
            var _ = numbers.put(events.get(i).text("id"), i + 1);
        }
        List<Json.Obj> reported = new ArrayList<>();
        QUARTERS.forEach((quarter, time) -> {
            story.goesTo(time);
            int first = reported.size() + 1;
            while (reported.size() < events.size()
                    && events.get(reported.size()).text("date").compareTo(time) < 0) {
                reported.add(event(events.get(reported.size()), numbers));
            }
            List<Json.Obj> now = reported.subList(first - 1, reported.size());
            // The refund in the third quarter names the first sale of the first report.
            boolean proven =
                    now.stream().anyMatch(event -> event.findText("refOf").equals(Optional.of("sales/0000000001")));
            List<Act.EventProof> proofs =
                    proven ? List.of(story.proof(1, reported.subList(0, 3).toArray(Json.Obj[]::new))) : List.of();
            story.applied(story.report(first, now, proofs));
            story.applied(story.signed("north/vendor", declaration(story, quarter, reported.size(), now.size())));
            story.applied(story.signed("north/vendor", new Act.Close(quarter)));
        });
        assertThat(reported).hasSameSizeAs(events);
        return story;
    }

    /// An event of the example as it is reported, under its number.
    private static Json.Obj event(Json.Obj example, Map<String, Integer> numbers) {
        TreeMap<String, Json> event = new TreeMap<>(example.members());
        event.remove("id");
        event.computeIfPresent(
                "refOf",
                (_, id) -> Json.text("sales/%010d".formatted(numbers.getOrDefault(((Json.Text) id).value(), 0))));
        return new Json.Obj(event);
    }

    /// With the totals that the ledger has.
    private static Act declaration(TestStory story, String quarter, int last, int count) {
        Bytes total = story.ledger.state.getOrDefault(Keys.total(TestStory.AGREEMENT, "sales", quarter), Bytes.EMPTY);
        if (!(JsonReader.readCanonical(total) instanceof JsonReader.Value(Json.Obj booked))) {
            throw new AssertionError(quarter);
        }
        List<Act.Total> totals = objects(booked, "totals").stream()
                .map(one -> new Act.Total(
                        one.text("type"),
                        one.findText("currency"),
                        one.whole("count"),
                        one.findWhole("amount").map(BigInteger::valueOf),
                        one.find("quantity").map(ExampleHistoryTest::text)))
                .toList();
        return new Act.Declare(SALES, quarter, last, count, 0, totals);
    }

    /// A whole number or a rational, as text.
    private static String text(Json value) {
        return value instanceof Json.Text(var text)
                ? text
                : value.canonical().utf8().orElseThrow();
    }

    private static String line(Json.Obj line) {
        return line.text("clause") + ": " + line.text("from") + " pays " + line.text("to") + " " + line.whole("amount");
    }

    /// What the ledger settled is what the example says.
    private static void expected(TestPack pack) {
        for (Json.Obj settlement : objects(EXAMPLE, "settlements")) {
            List<String> lines = BadFiles.text(pack.get("settlements/" + settlement.text("period")))
                    .lines()
                    .toList();
            Json.Obj record = SecondVerifier.object(lines.getFirst());
            List<String> postings = lines.stream()
                    .skip(1)
                    .map(SecondVerifier::object)
                    .map(ExampleHistoryTest::line)
                    .toList();

            Json.Obj said = settlement.object("expected");
            assertThat(postings)
                    .containsExactlyInAnyOrderElementsOf(objects(said, "lines").stream()
                            .map(ExampleHistoryTest::line)
                            .toList());
            assertThat(record.object("payments")).isEqualTo(said.object("payments"));
        }
    }

    /// A whole history in both forms, what a quarter leaves, and the proof of a posting: Java and Python find the same.
    @Test
    void a_partners_whole_history_of_example_01_verified_by_each() throws Exception {
        var published = LOG.published(LOG.blocks(), Optional.empty(), ALL);
        byte[] posting = PostingProof.make(STORY.ledger, new AgreementId(TestStory.AGREEMENT), "2026-Q2", 5, published)
                .octets()
                .toArray();
        List<byte[]> files = List.of(
                STORY.pack(),
                STORY.pack(Optional.empty(), Optional.of(published)),
                STORY.pack(Optional.of("2026-Q2"), Optional.of(published)),
                posting);
        SecondVerifier second = new SecondVerifier(folder);
        List<SecondVerifier.Said> here = new ArrayList<>();
        for (byte[] file : files) {
            TrustFile trust = file == files.getFirst() ? FIRST : TRUST;
            var _ = second.add(file, Optional.of(trust.encode()));
            Report report = VerifierTest.verify(file, Optional.of(trust));
            assertThat(report.outcome())
                    .as(String.join("\n", report.lines("01")))
                    .isEqualTo(Outcome.HOLDS);
            here.add(SecondVerifier.Said.of(report.json()));
        }
        expected(TestPack.of(files.get(1)));

        List<SecondVerifier.Said> there = second.answers();

        for (int i = 0; i < files.size(); i++) {
            assertThat(there.get(i).exit()).isZero();
            assertThat(there.get(i).failed()).isEmpty();
            assertThat(there.get(i).attention()).isEqualTo(here.get(i).attention());
            // It has no rules.
            boolean isPack = i < 3;
            assertThat(there.get(i).checks("NOT CHECKED").stream().filter(check -> !check.equals("accuracy.verdicts")))
                    .containsExactlyElementsOf(here.get(i).checks("NOT CHECKED"));
            assertThat(there.get(i).checks("NOT CHECKED").contains("accuracy.verdicts"))
                    .isEqualTo(isPack);
        }
    }
}
