package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Parties: their enrollment, their hosts and who may recover them.
@Command(
        name = "party",
        description = "Enrolls a party, moves it to another host and shows what the ledger knows of it.",
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
            name = "rehost",
            description = {
                "Moves a party to another member, whose registrar countersigns.",
                "",
                "The party keeps its id, its keys and its agreements; from then on the new host's peer is asked",
                "first to endorse what it signs.",
                "A party that has lost its key is moved by its recovery parties: name as many with --by as its",
                "threshold says (tally party recovery)."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally party rehost north/vendor east --registrar /srv/east/registrar",
                "  tally party rehost north/vendor east --registrar /srv/east/registrar --by west/hub --by east/fund"
            })
    int rehost(
            @Parameters(paramLabel = "PARTY", description = "the party; without --by its key is in the home")
                    PartyId party,
            @Parameters(paramLabel = "MEMBER", description = "the new host") MemberId member,
            @Option(
                            names = "--registrar",
                            paramLabel = "DIR",
                            description = "home with the key of the new host's registrar (default: this home)")
                    @Nullable
                    Path registrar,
            @Option(
                            names = "--by",
                            paramLabel = "PARTY",
                            description = "a recovery party that signs instead, with a key in the home; repeat it")
                    @Nullable
                    List<PartyId> quorum)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        KeyFolder registrars = registrar == null ? shell.keys() : new KeyFolder(registrar);
        List<Envelope.Hand> asking = new ArrayList<>();
        for (PartyId signer : quorum == null ? List.of(party) : quorum) {
            asking.add(
                    quorum == null
                            ? shell.hand(shell.keys(), signer)
                            : shell.keys().hand(signer));
        }
        Registrar host = new Registrar(member, registrars.hand(member), shell.desk());
        return new Answers(shell).print(host.rehost(party, asking));
    }

    @Command(
            name = "recovery",
            description = {
                "Names who may recover the party if it loses its keys: any THRESHOLD of these parties together.",
                "They take the place of those that were named before. Name parties that would not act together",
                "unless you ask them to; 1 to 9, each enrolled, and not the party itself."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally party recovery --as north/vendor --threshold 2 east/fund west/hub west/notary")
    int recovery(
            @Option(
                            names = "--threshold",
                            required = true,
                            paramLabel = "N",
                            description = "how many of them must sign together")
                    int threshold,
            @Parameters(paramLabel = "PARTY", arity = "1..9", description = "the recovery parties")
                    List<PartyId> parties)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        List<PartyId> sorted = parties.stream()
                .sorted(Comparator.comparing(PartyId::text))
                .distinct()
                .toList();
        return new Answers(shell).print(shell.party().recoveredBy(new Recovery(sorted, threshold)));
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
