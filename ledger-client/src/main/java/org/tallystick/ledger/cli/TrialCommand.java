package org.tallystick.ledger.cli;

import java.io.IOException;
import java.time.Duration;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What only a trial ledger has.
@Command(
        name = "trial",
        description = "Moves the clock of a trial ledger forward.",
        footerHeading = "%nExample:%n",
        footer = "  tally trial clock north 2026-04-01")
final class TrialCommand {

    private final Shell shell;

    TrialCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "clock",
            description = "Sets the ledger's clock, which never goes back; signed by a member's registrar.",
            footerHeading = "%nExample:%n",
            footer = {"  tally trial clock north +30d", "  tally trial clock north 2026-04-01T12:00:00Z"})
    int clock(
            @Parameters(paramLabel = "MEMBER", description = "whose registrar key in the home signs") MemberId member,
            @Parameters(paramLabel = "TIME", description = "+ and a time such as 30d, a day, or an instant")
                    String time)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Desk desk = shell.desk();
        Duration ahead = shell.courier().net().offset();
        Duration more = more(time, desk.time());
        Registrar registrar = new Registrar(member, shell.hands(shell.keys(), member, ActKind.TRIAL_CLOCK), desk);
        return new Answers(shell).print(registrar.trialClock(ahead.plus(more)));
    }

    private static Duration more(String time, LedgerTime now) throws CommandFailure {
        if (time.startsWith("+")) {
            return Words.duration(time.substring(1)).orElseThrow(() -> wrong(time));
        }
        LedgerTime target = Words.time(time).orElseThrow(() -> wrong(time));
        return Duration.ofSeconds(target.seconds() - now.seconds());
    }

    private static CommandFailure wrong(String time) {
        return CommandFailure.cannot("'" + time + "' is no time", "write +30d, 2026-04-01 or 2026-04-01T12:00:00Z");
    }
}
