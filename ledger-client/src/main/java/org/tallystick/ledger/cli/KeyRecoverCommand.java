package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.OwnKeys;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Gives a party that lost its keys a new one.
@Command(
        name = "recover",
        description = {
            "Gives a party that lost its keys a new one, by the will of its recovery parties.",
            "",
            "It makes the new key, which may do everything, in this home, and ends every key that administers",
            "the party beside those named with --revoke. The new key signs here; each recovery party signs",
            "where its key is: write the instruction with --unsent, pass the file on, and send it when all",
            "have signed."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key recover north/vendor --unsent recover.jsonl",
            "  tally sign recover.jsonl --as west/hub",
            "  tally sign recover.jsonl --as east/fund",
            "  tally submit recover.jsonl"
        })
final class KeyRecoverCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "PARTY", description = "the party that lost its keys")
    @Nullable
    PartyId party;

    @Option(
            names = "--revoke",
            paramLabel = "KEY",
            description = "another key that ends, by the beginning of its thumbprint; repeat it")
    List<KeyName> revoked = new ArrayList<>();

    @Mixin
    NewKey made = new NewKey();

    @Mixin
    Quorum quorum = new Quorum();

    KeyRecoverCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        PartyId lost = given(party);
        if (!quorum.isNamed() && shell.unsentFile().isEmpty()) {
            throw CommandFailure.cannot(
                    "the recovery parties of " + lost + " must sign, too",
                    "write the instruction for them with --unsent FILE; those whose keys are in this home sign with --by");
        }
        Desk desk = shell.desk();
        List<String> ended = new ArrayList<>();
        for (KeyName key : revoked) {
            ended.add(key.of(shell, lost));
        }
        List<Envelope.Hand> hands = new ArrayList<>(quorum.hands(shell, ActKind.KEY_RECOVER));
        StoredKey fresh = made.of(shell, lost);
        hands.addAll(shell.hands(shell.keys(), fresh));
        return new Answers(shell).print(new OwnKeys(lost, hands, desk).recover(fresh.key(), ended));
    }
}
