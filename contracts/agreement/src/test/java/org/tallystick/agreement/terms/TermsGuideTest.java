package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;

/// Every example of `docs/TERMS.md` is checked, rendered and settled.
class TermsGuideTest {

    private static final Pattern BLOCK = Pattern.compile("```([a-z ]+)\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern LINE = Pattern.compile("^\\| (2[0-9]{3}-[0-9]{2} .*)\\|$", Pattern.MULTILINE);

    /// @param blocks by the words after the backticks that open them
    /// @param lines the rows of its table, in cells
    private record Example(String title, SortedMap<String, String> blocks, List<List<String>> lines) {

        String block(String name) {
            return Optional.ofNullable(blocks.get(name)).orElseThrow();
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static String guide() {
        return SharedVectors.bytes(SharedVectors.path("docs/TERMS.md", "docs/TERMS.md"))
                .utf8()
                .orElseThrow();
    }

    private static SortedMap<String, String> blocks(String text) {
        SortedMap<String, String> blocks = new TreeMap<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            blocks.put(block.group(1), block.group(2));
        }
        return blocks;
    }

    static Stream<Example> examples() {
        String[] sections = guide().split("\n### ", -1);
        return Arrays.stream(sections).skip(1).map(section -> {
            List<List<String>> lines = new ArrayList<>();
            Matcher line = LINE.matcher(section);
            while (line.find()) {
                lines.add(Arrays.stream(line.group(1).split("\\|", -1))
                        .map(String::strip)
                        .toList());
            }
            return new Example(section.lines().findFirst().orElseThrow(), blocks(section), lines);
        });
    }

    private static Json.Obj document(Example example) {
        Json.Obj frame = (Json.Obj) Documents.json(
                Optional.ofNullable(blocks(guide()).get("json frame")).orElseThrow());
        Json.Obj document = Documents.with(frame, "clauses", example.block("json"));
        if (example.blocks().containsKey("json settlement")) {
            document = Documents.with(document, "settlement", example.block("json settlement"));
        }
        if (example.blocks().containsKey("json measures")) {
            String measures = example.block("json measures");
            document = Documents.withMeasures(document, measures.substring(1, measures.length() - 1));
        }
        return document;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void an_example_reads_as_the_page_says(Example example) {
        List<String> said = example.block("text").lines().toList();
        List<String> rendered =
                Documents.accepted(document(example)).rendered().lines().toList();

        assertThat(rendered).containsSubsequence(said);
        assertThat(said)
                .containsAll(rendered.stream()
                        .filter(line -> line.matches("[0-9]+\\. .*"))
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void an_example_settles_as_the_page_says(Example example) {
        List<Json> lines =
                settled(example).stream().flatMap(TermsGuideTest::withPeriod).toList();

        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(
                        example.lines().stream().map(TermsGuideTest::line).toList());
    }

    /// A statement for each period up to the last one that has a line.
    private static List<Json.Obj> settled(Example example) {
        Json.Obj file = Json.object()
                .with("terms", document(example))
                .with(
                        "events",
                        Documents.json("["
                                + String.join(
                                        ",", example.block("jsonl").lines().toList()) + "]"))
                .with("settlements", periods(example))
                .build();

        return switch (CaseFile.settle(file)) {
            case CaseFile.Settled settled ->
                settled.encode().items().stream().map(Json.Obj.class::cast).toList();
            case CaseFile.TermsRefused _, CaseFile.NotACase _ -> throw new AssertionError("no case: " + file);
        };
    }

    /// Payments are said where an example is about them.
    @ParameterizedTest(name = "{0}")
    @MethodSource("examplesOfPayments")
    void an_example_pays_as_the_page_says(Example example) {
        Json.Obj said = (Json.Obj) Documents.json(example.block("json payments"));

        SortedMap<String, Json> paid = new TreeMap<>();
        settled(example).forEach(statement -> paid.put(statement.text("period"), statement.get("payments")));

        assertThat(new Json.Obj(paid)).isEqualTo(said);
    }

    static Stream<Example> examplesOfPayments() {
        return examples().filter(example -> example.blocks().containsKey("json payments"));
    }

    @Test
    void every_part_of_the_language_is_at_work_in_an_example() {
        SortedSet<String> missing = modifiers(LanguageParts.all());

        assertThat(missing).contains("price.cap.of", "waterfall.tiers.kind=recover", "filter.days.max", "split");
        examples().forEach(example -> missing.removeAll(modifiers(LanguageParts.of(document(example)))));

        assertThat(missing).isEmpty();
    }

    /// The parts without those that only the frame has, without what says the default, and with those that several
    /// clauses share once: `fee.cap.of`, `unit.cap.of` and `fund.cap.of` are `price.cap.of`.
    private static SortedSet<String> modifiers(SortedSet<String> parts) {
        return parts.stream()
                .filter(part -> !part.startsWith("terms.") || part.startsWith("terms.settlement."))
                .filter(part -> !part.startsWith("filter.type=")
                        && !SAYS_THE_DEFAULT.matcher(part).find())
                .map(part -> part.replaceFirst("^(fee|unit|fund)( per event)?[.]", "price$2.")
                        .replaceFirst("^price( per event)?[.]price", "price$1.rate")
                        .replaceFirst("^[a-z]+[.]when", "when")
                        .replaceFirst("^filter[.]type list=.*", "filter.type list")
                        .replaceFirst("^filter[.]attrs[.][*] list .*", "filter.attrs.* list"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static final Pattern SAYS_THE_DEFAULT = Pattern.compile(
            "(window|per)=period$|(cap|floor)[.]per=event$|round=half-up$|measure[.]of=amount$|negative=carry$");

    /// From the first period of the calendar year to the last one that has a line.
    private static Json periods(Example example) {
        Period last = Period.ofText(example.lines().getLast().getFirst());
        return Json.array(Window.YEAR.upTo(Period.ofText("2026-01"), last).stream()
                .map(period -> Json.object().with("period", period.text()).build())
                .toList());
    }

    private static Stream<Json> withPeriod(Json.Obj statement) {
        assertThat(statement.members()).containsKey("lines");
        return statement.items("lines").stream().map(line -> {
            SortedMap<String, Json> members = new TreeMap<>(((Json.Obj) line).members());
            members.put("period", statement.get("period"));
            return new Json.Obj(members);
        });
    }

    private static Json line(List<String> cells) {
        return Json.object()
                .with("period", cells.get(0))
                .with("clause", cells.get(1))
                .with("from", cells.get(2))
                .with("to", cells.get(3))
                .with("amount", Long.parseLong(cells.get(4)))
                .withText("kind", Optional.of(cells.get(5)).filter(kind -> !kind.isEmpty()))
                .withText("adjusts", Optional.of(cells.get(6)).filter(period -> !period.isEmpty()))
                .build();
    }
}
