package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the scenarios left on other ledgers is what they left on the embedded one. Runs after them.
@Tag("slow")
@Order(4)
final class EqualLedgersTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {FabricNetwork.KIND, FabricNetwork.DOCKER})
    void the_scenarios_leave_the_same_on_every_ledger(String kind) throws IOException {
        List<Recording> embedded = Recordings.of(EmbeddedNetwork.KIND);
        List<Recording> others = Recordings.of(kind);
        assumeFalse(
                embedded.isEmpty() || others.isEmpty(),
                "Comparison: the scenarios did not run on the embedded ledger and on " + kind);

        Comparison comparison = Comparison.of(kind, embedded, others);

        Recordings.keep(kind, comparison.table());
        assertThat(comparison.differences()).isEmpty();
    }
}
