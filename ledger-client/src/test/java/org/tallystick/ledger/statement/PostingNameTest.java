package org.tallystick.ledger.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.terms.Period;

class PostingNameTest {

    @Test
    void a_posting_is_named_by_agreement_period_and_number() {
        assertThat(PostingName.parse("north/vendor/reseller/2026-Q1/3"))
                .contains(
                        new PostingName(new AgreementId("north/vendor/reseller"), Period.ofText("2026-Q1"), false, 3));
        assertThat(PostingName.parse("north/vendor/reseller/2026-Q1/a3"))
                .contains(new PostingName(new AgreementId("north/vendor/reseller"), Period.ofText("2026-Q1"), true, 3));
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(
            strings = {
                "",
                "3",
                "2026-Q1/3",
                "north/vendor/reseller/2026-Q1",
                "north/vendor/reseller/2026-Q5/3",
                "north/vendor/reseller/2026-Q1/0",
                "north/vendor/reseller/2026-Q1/03",
                "north/vendor/reseller/2026-Q1/-1",
                "north/vendor/reseller/2026-Q1/99999999",
                "north/vendor/reseller/2026-Q1/a",
                "north/vendor/reseller/2026-Q1/b1",
                "north/vendor/2026-Q1/3"
            })
    void anything_else_names_none(String text) {
        assertThat(PostingName.parse(text)).isEmpty();
    }
}
