package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// That a verifier finds a lie which the members told together: they signed it, so that no signature is wrong.
final class Refuted {

    private Refuted() {}

    /// @param title of the lie
    /// @param checks that must fail, among others
    static void by(Report report, String title, Check... checks) {
        assertThat(report.outcome()).as(title).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(report.findings().stream()
                        .filter(finding -> finding.result() == Result.FAIL)
                        .map(Finding::check))
                .as(String.join("\n", report.lines(title)))
                .contains(checks)
                .doesNotContain(Check.OCCURRENCE_ENDORSED, Check.OCCURRENCE_SIGNATURES);
    }
}
