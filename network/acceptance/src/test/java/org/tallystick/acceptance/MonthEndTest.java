package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.monthend.Closed;

/// The month end of a business with many agreements, on an embedded ledger with a gateway before it, each in a process
/// of its own. How long one of four hundred takes is measured by `./scripts/bench month`.
final class MonthEndTest {

    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");
    private static final int SOME = 24;
    /// So many are closed when the command is killed.
    private static final int CLOSED_BEFORE = 5;

    @TempDir
    Path folder = Path.of(".");

    @Test
    @Tag("slow")
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_month_end_that_is_killed_in_the_middle_is_begun_again_and_settles_each_agreement_once() throws Exception {
        EmbeddedNetwork network = EmbeddedNetwork.start(folder);
        try (Stand stand = Stand.set(folder, network, Audience.NOBODY);
                HttpCourier courier = new HttpCourier(stand.gateway())) {
            stand.registerRegistrars();
            boolean _ = stand.reachesEndOfExamples();
            ManyAgreements many = new ManyAgreements(stand, courier, EXAMPLES, SOME);
            many.declare();

            List<String> told = killed(stand, many);
            List<Closed> rest = many.close();
            List<Closed> again = many.close();

            assertThat(told).hasSizeGreaterThanOrEqualTo(CLOSED_BEFORE);
            assertThat(rest).hasSize(SOME).allMatch(Closed::settled);
            assertThat(rest).filteredOn(Closed.Before.class::isInstance).hasSizeGreaterThanOrEqualTo(CLOSED_BEFORE);
            assertThat(again).hasSize(SOME).allMatch(Closed.Before.class::isInstance);
            for (AgreementId id : many.ids()) {
                assertThat(new Agreements(courier).statement(id, many.period()))
                        .hasValueSatisfying(settled ->
                                assertThat(settled.settlement().whole("number")).isEqualTo(1));
                assertThat(courier.settledAt(id, many.period())).isPresent();
            }
        }
    }

    /// Runs the command in a process of its own, and kills it as soon as it has told of some closes.
    ///
    /// @return the lines that it told
    private static List<String> killed(Stand stand, ManyAgreements many) throws IOException, InterruptedException {
        String hub = many.hub().text();
        String period = many.period().text();
        Process process = TallyProcess.process(List.of(
                "close",
                "--ready",
                period,
                "--as",
                hub,
                "--home",
                stand.home(hub).toString(),
                "--gateway",
                stand.gateway().toString()));
        List<String> told = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && told.size() < CLOSED_BEFORE; line = lines.readLine()) {
                if (line.contains(" " + period + ": ")) {
                    told.add(line);
                }
            }
        } finally {
            int _ = process.destroyForcibly().waitFor();
        }
        return told;
    }
}
