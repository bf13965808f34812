package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The platform's own elliptic curves, which are slow, have no part in a verification.
final class WithoutPlatformCurvesTest {

    @Test
    void a_history_holds_where_the_platform_has_no_elliptic_curves() {
        TestStory story = TestStory.small(9);
        byte[] pack = story.pack();
        Provider curves = Objects.requireNonNull(Security.getProvider("SunEC"));
        int position = List.of(Security.getProviders()).indexOf(curves) + 1;

        Security.removeProvider("SunEC");
        Report report;
        try {
            report = VerifierTest.verify(pack, Optional.of(story.ledger.network.trust(story.ledger.id())));
        } finally {
            Security.insertProviderAt(curves, position);
        }

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("small")))
                .isEqualTo(Report.Outcome.HOLDS);
    }
}
