package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.Sent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Has a period settled.
@Command(
        name = "close",
        description = "Asks the ledger to settle a period whose sources have all declared.",
        footerHeading = "%nExample:%n",
        footer = "  tally close north/vendor/reseller 2026-Q1")
final class CloseCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "PERIOD")
    @Nullable
    Period period;

    CloseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Sent sent = shell.party().close(given(agreement), given(period));
        if (!isUnderWay(sent.answer())) {
            return new Answers(shell).print(sent);
        }
        CloseProgress progress = shell.courier()
                .finish(
                        given(agreement),
                        given(period),
                        step -> shell.note(given(period) + " is being closed: " + step.done() + " of " + step.parts()
                                + " parts are written"));
        return print(sent, progress);
    }

    /// Whether there are steps left, of this close or of one that somebody began before.
    private static boolean isUnderWay(Answer answer) {
        return switch (answer) {
            case Answer.Applied(var effects, var _, var _, var _) ->
                effects.stream().anyMatch(effect -> effect.text("kind").equals("closing"));
            case Answer.Refused(var code, var _, var _, var _) -> code.equals(Code.PERIOD_CLOSING.text());
            case Answer.Waiting _, Answer.Received() -> false;
        };
    }

    private int print(Sent sent, CloseProgress progress) throws CommandFailure {
        return switch (progress) {
            case CloseProgress.Settled(var settlement, var lines) -> {
                if (shell.json()) {
                    shell.print(Json.object()
                            .with("count", lines)
                            .with("hash", settlement.hex())
                            .with("id", sent.payload().id().text())
                            .with("period", given(period).text())
                            .build());
                } else {
                    shell.out().println(given(period) + " is settled with " + lines + " lines: " + settlement);
                }
                yield Tally.DONE;
            }
            case CloseProgress.UnderWay(var done, var parts) ->
                throw CommandFailure.cannot(
                        given(period) + " is still being closed: " + done + " of " + parts + " parts are written",
                        "nothing moved for a minute; the same command goes on with it");
            case CloseProgress.Open() ->
                throw CommandFailure.cannot(
                        given(period) + " is open again: other code took over its close",
                        "the same command closes it anew");
        };
    }
}
