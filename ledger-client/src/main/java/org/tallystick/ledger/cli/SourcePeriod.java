package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.terms.Period;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which period of which source a command is about.
final class SourcePeriod {

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Option(names = "--source", required = true, paramLabel = "S", description = "the source")
    @Nullable
    SourceId source;

    AgreementId agreement() {
        return given(agreement);
    }

    Period period() {
        return given(period);
    }

    SourceId source() {
        return given(source);
    }
}
