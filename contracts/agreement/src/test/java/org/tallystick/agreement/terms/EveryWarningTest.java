package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

/// Every warning of terms/1 section 15, alone, with its near misses: the table `warnings.txt`.
class EveryWarningTest {

    private static final Json EVERYTHING = EditedDocument.everything();

    static Stream<EditedDocument.Row> warnings() {
        return EditedDocument.rows("warnings.txt");
    }

    @Test
    void the_document_that_the_table_edits_has_no_warning() {
        assertThat(TermsReader.review(EVERYTHING).warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("warnings")
    void each_is_given_alone_and_never_refuses(EditedDocument.Row row) {
        EditedDocument edited = row.document(EVERYTHING);

        TermsReview review = TermsReader.review(edited.document());

        assertThat(review.faults()).isEmpty();
        List<String> expected = row.expected().equals("ok")
                ? List.of()
                : List.of(row.expected() + " " + row.place().orElse(edited.place()));
        assertThat(review.warnings().stream()
                        .map(warning -> warning.code() + " " + warning.pointer())
                        .toList())
                .isEqualTo(expected);
    }

    @Test
    void the_table_has_every_warning_of_the_text_and_no_other() {
        String text = SharedVectors.bytes(SharedVectors.path("docs/spec/terms-1.md", "spec/terms-1.md"))
                .utf8()
                .orElseThrow();
        String section = text.substring(text.indexOf("## 15."), text.indexOf("## 16."));
        Matcher code = Pattern.compile("([A-Z]+_?[A-Z_]+):").matcher(section);
        SortedSet<String> codes = new TreeSet<>();
        while (code.find()) {
            codes.add(code.group(1));
        }

        SortedSet<String> tested = warnings()
                .map(EditedDocument.Row::expected)
                .filter(expected -> !expected.equals("ok"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).isEqualTo(codes);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /measures/extra = {'plus':[{'type':'sale'}]} | no clause uses the measure extra
            - /clauses/table/rate/table/* | an event whose product is none of the 4 listed stops the settlement; a row * would price it
            /clauses/whole/tiers/steps/2 = {'rate':'4'} | just above 7/3 the rate of everything changes from 5 to 4
            /clauses/share/rate = '0.9' | the highest rates that hub pays of sales under [share], [eventwise], [table], [blended] add up to 101/100, which is above 1
            /clauses + {'id':'again','type':'unit','from':'ben','to':'hub','of':'use','price':'1'} | clause again prices what clause priced prices, at the same time
            /clauses/poolwise/when = {'to':'2026-06-30'} ; /clauses + {'id':'again','type':'split','holder':'hub','of':'costs','shares':{'hub':'1'},'when':{'from':'2026-07-01'}} | no split of costs held by hub is in force from 2026-06-30 until 2026-07-01
            /clauses/marginal/when = {'to':'2026-06-30'} ; /clauses + {'id':'again','type':'fee','from':'hub','to':'ann','of':'costs','rate':'0','when':{'from':'2026-07-01'}} | no fee from hub to ann on costs is in force from 2026-06-30 until 2026-07-01
            - /clauses/least/when/to | guarantee least has no end: no when.to is given
            /clauses/least/when/from = '2026-02-01' | guarantee least is for whole calendar years, but its when.from is 2026-02-01, not 1 January
            /clauses/second/clauses = ['share'] | advances first and second to ann are both recouped from share, and neither lists the other
            """)
    void a_sentence_names_the_values(String edits, String sentence) {
        TermsReview review =
                TermsReader.review(EditedDocument.of(EVERYTHING, edits).document());

        assertThat(review.warnings()).extracting(Finding::sentence).containsExactly(sentence);
    }

    @Test
    void warnings_stand_beside_faults_of_meaning_but_not_beside_those_of_form() {
        String extra = "/measures/extra = {'plus':[{'type':'sale'}]} ; ";
        TermsReview meaning = TermsReader.review(EditedDocument.of(
                        EVERYTHING, extra + "/clauses/share/of = 'none' ; /clauses/share/when/to = '2025-01-01'")
                .document());
        TermsReview form = TermsReader.review(
                EditedDocument.of(EVERYTHING, extra + "/hub = 5").document());

        assertThat(meaning.holds()).isFalse();
        assertThat(meaning.warnings()).extracting(Finding::code).containsExactly("MEASURE_UNUSED");
        assertThat(form.holds()).isFalse();
        assertThat(form.warnings()).isEmpty();
    }
}
