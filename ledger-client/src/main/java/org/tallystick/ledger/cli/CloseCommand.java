package org.tallystick.ledger.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.monthend.Closes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has periods settled: that of one agreement, or all that are ready.
@Command(
        name = "close",
        description = {
            "Has a period settled whose sources have all declared: of one agreement, or of all that are ready.",
            "",
            "Closers may do it as soon as all is declared, any side after the days that the agreement states.",
            "",
            "With --ready nothing is kept beside the ledger: ended in the middle and run again, it closes the",
            "rest."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  one agreement",
            "  tally close north/vendor/reseller 2026-Q1",
            "",
            "  every agreement of the party that has a period ending with March and lacks nothing",
            "  tally close --ready 2026-03"
        })
final class CloseCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", arity = "0..1", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    @Option(
            names = "--ready",
            paramLabel = "PERIOD",
            description = "close all agreements of the party that lack nothing for the period ending with this one")
    @Nullable
    Period ready;

    CloseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (ready != null) {
            if (agreement != null) {
                throw CommandFailure.cannot(
                        "--ready closes all that is ready, not " + agreement, "leave out one of the two");
            }
            if (shell.unsentFile().isPresent()) {
                throw CommandFailure.cannot(
                        "--ready closes one after the other, and writes nothing to a file",
                        "name one agreement and period with --unsent");
            }
            return new ReadyCloses(shell).close(ready);
        }
        if (agreement == null || period == null) {
            throw CommandFailure.cannot(
                    "say which agreement and which period, or --ready PERIOD for all that are ready",
                    "tally close --help");
        }
        return one(agreement, period);
    }

    private int one(AgreementId id, Period of) throws Exception {
        Sent sent = shell.party(ActKind.CLOSE).close(id, of);
        if (!Closes.isUnderWay(sent.answer())) {
            return new Answers(shell).print(sent);
        }
        CloseProgress progress = shell.courier().finish(id, of, step -> shell.note(Answers.of(of, step)));
        return print(sent, of, progress);
    }

    private int print(Sent sent, Period of, CloseProgress progress) throws CommandFailure {
        return switch (progress) {
            case CloseProgress.Settled(var settlement, var lines) -> {
                if (shell.json()) {
                    shell.print(Json.object()
                            .with("count", lines)
                            .with("hash", settlement.hex())
                            .with("id", sent.payload().id().text())
                            .with("period", of.text())
                            .build());
                } else {
                    shell.out().println(Answers.of(of, progress));
                }
                yield Tally.DONE;
            }
            case CloseProgress.UnderWay _ ->
                throw CommandFailure.cannot(
                        Answers.of(of, progress), "nothing moved for a minute; the same command goes on with it");
            case CloseProgress.Open() ->
                throw CommandFailure.cannot(Answers.of(of, progress), "the same command closes it anew");
        };
    }
}
