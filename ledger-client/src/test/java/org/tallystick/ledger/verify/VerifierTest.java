package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.ledger.pack.TrustFile;

/// Packs of ledgers whose history holds.
final class VerifierTest {

    static Report verify(byte[] pack, Optional<TrustFile> trust) {
        try {
            return Verifier.verify(new ByteArrayInputStream(pack), trust);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Report verify(TestStory story) {
        return verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    @Test
    void a_small_history_holds() {
        TestStory story = TestStory.small(1);

        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("small")))
                .isEqualTo(Report.Outcome.HOLDS);
    }

    @ParameterizedTest(name = "a trial: {0}")
    @ValueSource(booleans = {false, true})
    void a_long_history_holds(boolean trial) {
        TestStory story = TestStory.long_(2, trial);

        Report report = verify(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("long"))).isEqualTo(Report.Outcome.HOLDS);
    }
}
