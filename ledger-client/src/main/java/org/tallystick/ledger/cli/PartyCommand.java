package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Parties and their enrollment.
@Command(
        name = "party",
        description = "Enrolls a party and shows what the ledger knows of it.",
        footerHeading = "%nExample:%n",
        footer = "  tally party show north/vendor")
final class PartyCommand {

    private final Shell shell;

    PartyCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "enroll",
            description = "Registers a party with its key; its member's registrar countersigns.",
            footerHeading = "%nExample:%n",
            footer = "  tally party enroll north/vendor --registrar /srv/north/registrar")
    int enroll(
            @Parameters(paramLabel = "PARTY", description = "the party, with a key in the home") PartyId party,
            @Option(
                            names = "--registrar",
                            paramLabel = "DIR",
                            description = "home with the registrar's key (default: this home)")
                    @Nullable
                    Path registrar,
            @Option(names = "--name", paramLabel = "TEXT", description = "a name to show") @Nullable String name)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        KeyFolder registrars = registrar == null ? shell.keys() : new KeyFolder(registrar);
        Registrar of = new Registrar(party.member(), registrars.hand(party.member()), shell.desk());
        return new Answers(shell).print(of.enroll(party, shell.hand(shell.keys(), party), Optional.ofNullable(name)));
    }

    @Command(
            name = "show",
            description = "Shows a party's record on the ledger.",
            footerHeading = "%nExample:%n",
            footer = "  tally party show north/vendor --json")
    int show(@Parameters(paramLabel = "PARTY") PartyId party) throws IOException, LedgerException, CommandFailure {
        PartyRecord record = new Agreements(shell.courier())
                .party(party)
                .orElseThrow(() -> CommandFailure.refused(
                        "the party " + party + " is not enrolled", "tally party enroll " + party));
        if (shell.json()) {
            shell.print(record.encode());
        } else {
            Table table = new Table("PARTY", "HOST", ">KEYS", "SINCE", "NAME");
            String keys = Long.toString(record.keys());
            table.add(
                    party.text(),
                    record.host(),
                    keys,
                    record.at().text(),
                    record.name().orElse(""));
            table.print(shell.out());
        }
        return Tally.DONE;
    }
}
