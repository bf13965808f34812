package org.tallystick.agreement.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;

/// Each sentence of terms/1 section 18.3, both ways: the table `amendments.txt`.
class AmendmentTest {

    private static final Json.Obj OLD = EditedDocument.everything();
    private static final Period JULY = Period.ofText("2026-07");

    static Stream<EditedDocument.Row> amendments() {
        return EditedDocument.rows("amendments.txt");
    }

    /// A successor of the old document that is in order, before it is edited.
    private static Json successor() {
        return EditedDocument.of(
                        OLD,
                        "/version = 3 ; /supersedes = '"
                                + Documents.accepted(OLD).hash().hex() + "'")
                .document();
    }

    private static List<String> places(Terms amended) {
        return new Amendment(Documents.accepted(OLD), amended, JULY)
                .findings().stream()
                        .map(finding -> finding.code() + " " + finding.pointer())
                        .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("amendments")
    void what_was_settled_may_not_change(EditedDocument.Row row) {
        EditedDocument amended = row.document(successor());
        assertThat(TermsReader.review(amended.document()).faults()).isEmpty();

        List<String> found = places(Documents.accepted(amended.document()));

        List<String> expected = row.expected().equals("ok")
                ? List.of()
                : List.of(row.expected() + " " + row.place().orElse(amended.place()));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void the_same_document_changes_nothing() {
        assertThat(places(Documents.accepted(OLD))).isEmpty();
    }

    @Test
    void all_departures_are_found_with_sentences_that_name_the_values() {
        Json amended = EditedDocument.of(
                        successor(),
                        "/currency = 'EUR' ; /version = 2 ; /clauses/share/rate = '0.2' ; /clauses + "
                                + "{'id':'late','type':'fee','from':'hub','to':'ann','of':'sales','rate':'0',"
                                + "'when':{'from':'2026-06-30'}}")
                .document();

        assertThat(new Amendment(Documents.accepted(OLD), Documents.accepted(amended), JULY).findings())
                .extracting(Finding::sentence)
                .containsExactly(
                        "the old clause share may change in nothing but when.to",
                        "the new clause late needs a when.from that is not before 2026-07-01",
                        "must stay USD, not become EUR",
                        "version 2 is not above 2, the old one");
    }

    @Test
    void a_period_of_another_calendar_is_a_mistake_of_the_caller() {
        assertThatThrownBy(
                        () -> new Amendment(Documents.accepted(OLD), Documents.accepted(OLD), Period.ofText("2026-Q3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2026-Q3 is not a month");
    }
}
