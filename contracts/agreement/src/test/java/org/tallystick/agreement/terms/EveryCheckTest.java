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
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

/// Every check of terms/1 section 14 and every condition inside it, alone: the table `checks.txt`.
class EveryCheckTest {

    private static final Json EVERYTHING = EditedDocument.everything();

    static Stream<EditedDocument.Row> checks() {
        return EditedDocument.rows("checks.txt");
    }

    private static List<Finding> faults(Json document) {
        return TermsReader.review(document).faults();
    }

    @Test
    void the_document_that_the_table_edits_has_no_fault() {
        assertThat(faults(EVERYTHING)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("checks")
    void one_mistake_has_one_code_and_a_near_miss_has_none(EditedDocument.Row row) {
        EditedDocument edited = row.document(EVERYTHING);

        List<Finding> faults = faults(edited.document());

        String place = row.place().orElse(edited.place());
        List<String> expected = row.expected().equals("ok")
                ? List.of()
                : List.of(row.expected() + " " + (place.equals("/") ? "" : place));
        assertThat(places(faults)).isEqualTo(expected);
        assertThat(faults).allMatch(fault -> fault.sentence().matches(".*[^.]"), "has a sentence of one line");
    }

    /// `CODE POINTER` for each finding.
    private static List<String> places(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.code() + " " + finding.pointer())
                .toList();
    }

    /// The codes are read from the text itself, so that none can be forgotten.
    @Test
    void the_table_has_every_code_of_the_text_and_no_other() {
        SortedSet<String> codes = checks().map(EditedDocument.Row::expected)
                .filter(code -> !code.equals("ok"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(codes).isEqualTo(codesOfTheText());
    }

    private static SortedSet<String> codesOfTheText() {
        String text = SharedVectors.bytes(SharedVectors.path("docs/spec/terms-1.md", "spec/terms-1.md"))
                .utf8()
                .orElseThrow();
        String meaning = text.substring(text.indexOf("### 14.2"), text.indexOf("### 14.3"));
        SortedSet<String> codes = new TreeSet<>(List.of("VERSION_UNKNOWN", "NOT_EXACT", "TIER_MODE", "FORM"));
        Matcher row = Pattern.compile("^\\| ([A-Z_]+) \\|", Pattern.MULTILINE).matcher(meaning);
        while (row.find()) {
            codes.add(row.group(1));
        }
        return codes;
    }

    @Test
    void mistakes_of_form_hide_those_of_meaning_and_all_of_a_stage_are_reported_in_order() {
        Json form = EditedDocument.of(
                        EVERYTHING,
                        "/clauses/share/to = 'hub' ; /clauses/share/rate = 1 ; /hub = 5 ;"
                                + " /clauses/marginal/tiers/mode = 'm' ; /clauses/bonus/amount = -1")
                .document();
        Json meaning = EditedDocument.of(
                        EVERYTHING,
                        "/clauses/share/to = 'hub' ; /clauses/priced/to = 'ben' ; /currency = 'XAU' ;"
                                + " /clauses/share/when/to = '2026-01-01'")
                .document();

        assertThat(places(faults(form)))
                .containsExactly(
                        "FORM /hub",
                        "NOT_EXACT /clauses/0/rate",
                        "NOT_EXACT /clauses/1/amount",
                        "TIER_MODE /clauses/6/tiers/mode");
        assertThat(places(faults(meaning)))
                .containsExactly(
                        "CURRENCY_UNKNOWN /currency",
                        "SELF_PAYMENT /clauses/0",
                        "SELF_PAYMENT /clauses/12",
                        "WHEN_EMPTY /clauses/0/when");
    }
}
