package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.client.OwnKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ends a key that somebody else may have used.
@Command(
        name = "compromised",
        description = {
            "Ends a key that somebody else may have used, and puts in doubt what it signed since a time.",
            "",
            "Nothing on the ledger is rewritten: auditors list what the key signed since then (tally verify).",
            "A key that administers signs, be it this one; or the recovery parties, if the thief has that."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key compromised Zl3x0k --as north/vendor --since 2026-11-03",
            "  tally key compromised north/vendor#Zl3x0k --since 2026-11-03 --by west/hub --by east/fund"
        })
final class KeyCompromisedCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "KEY", description = "the beginning of its thumbprint, after PARTY# if it is another's")
    @Nullable
    KeyName key;

    @Option(names = "--since", required = true, paramLabel = "TIME", description = "from when on it is in doubt")
    @Nullable
    LedgerTime since;

    @Option(names = "--evidence", paramLabel = "FILE", description = "a document; its hash, name and size are signed")
    @Nullable
    Path evidence;

    @Mixin
    Quorum quorum = new Quorum();

    KeyCompromisedCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        PartyId party = given(key).partyOr(shell);
        String thumb = given(key).of(shell, party);
        List<Envelope.Hand> hands = quorum.isNamed()
                ? quorum.hands(shell, ActKind.KEY_COMPROMISED)
                : shell.hands(shell.keys(), party, ActKind.KEY_COMPROMISED);
        OwnKeys own = new OwnKeys(party, hands, shell.desk());
        return new Answers(shell)
                .print(own.compromised(thumb, given(since), EvidenceFile.of(Optional.ofNullable(evidence))));
    }
}
