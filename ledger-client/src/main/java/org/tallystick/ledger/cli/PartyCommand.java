package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.PartyRecord;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.RegisteredKeys;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            @Option(names = "--name", paramLabel = "TEXT", description = "a name to show") @Nullable String name,
            @Option(names = "--holder", paramLabel = "ID", description = "who holds the key") @Nullable String holder)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        KeyFolder keys = shell.keys();
        KeyFolder registrars = registrar == null ? keys : shell.keys(registrar);
        StoredKey first = shell.key(keys, party, ActKind.ENROLL);
        List<Envelope.Hand> asking = shell.hands(keys, first);
        List<Envelope.Hand> countersigning = shell.hands(registrars, party.member(), ActKind.ENROLL, Optional.empty());
        Registrar of = new Registrar(party.member(), countersigning, shell.desk());
        return new Answers(shell)
                .print(of.enroll(party, first.key(), asking, Optional.ofNullable(name), Optional.ofNullable(holder)));
    }

    @Command(
            name = "rehost",
            description = {
                "Moves a party to another member, whose registrar countersigns.",
                "",
                "The party keeps its id, its keys and its agreements; from then on the new host's peer is asked",
                "first to endorse what it signs. A party that has lost its key is moved by its recovery parties:",
                "as many as its threshold says (tally party recovery). Whoever signs elsewhere, the new registrar",
                "too, does so with tally sign."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally party rehost north/vendor east --registrar /srv/east/registrar",
                "  tally party rehost north/vendor east --registrar /srv/east/registrar --by west/hub --by east/fund",
                "  tally party rehost north/vendor east --unsent move.jsonl"
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
            @Mixin Quorum quorum)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        KeyFolder registrars = registrar == null ? shell.keys() : shell.keys(registrar);
        List<Envelope.Hand> asking = quorum.isNamed()
                ? quorum.hands(shell, ActKind.REHOST)
                : shell.hands(shell.keys(), party, ActKind.REHOST);
        List<Envelope.Hand> hosting = shell.hands(registrars, member, ActKind.REHOST, Optional.empty());
        Registrar host = new Registrar(member, hosting, shell.desk());
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
        return new Answers(shell).print(shell.party(ActKind.RECOVERY_SET).recoveredBy(new Recovery(sorted, threshold)));
    }

    @Command(
            name = "show",
            description = "Shows what the ledger knows of a party: its host, its keys, and who may recover it.",
            footerHeading = "%nExample:%n",
            footer = "  tally party show north/vendor --json")
    int show(@Parameters(paramLabel = "PARTY") PartyId party) throws IOException, LedgerException, CommandFailure {
        PartyRecord record = new Agreements(shell.courier())
                .party(party)
                .orElseThrow(() -> CommandFailure.refused(
                        "the party " + party + " is not enrolled", "tally party enroll " + party));
        SortedMap<Kid, KeyRecord> keys = RegisteredKeys.of(shell.courier(), party);
        if (shell.json()) {
            TreeMap<String, Json> encoded = new TreeMap<>(record.encode().members());
            encoded.put("registered", KeyListCommand.encode(keys));
            shell.print(new Json.Obj(encoded));
            return Tally.DONE;
        }
        LedgerTime now = Desk.at(shell.courier()).time();
        Table table = new Table("PARTY", "HOST", ">KEYS", "SINCE", "NAME");
        table.add(
                party.text(),
                record.host(),
                Long.toString(record.keys()),
                record.at().text(),
                record.name().orElse(""));
        table.print(shell.out());
        shell.out().println();
        KeyListCommand.table(keys, now).print(shell.out());
        shell.out().println();
        recovery(record, now).forEach(shell.out()::println);
        return Tally.DONE;
    }

    private static List<String> recovery(PartyRecord record, LedgerTime now) {
        List<String> lines = new ArrayList<>();
        lines.add(record.recovery()
                .map(quorum -> "recovered by " + Words.quorum(quorum))
                .orElse("nobody may recover it: tally party recovery"));
        for (PartyRecord.Replaced replaced : record.replaced()) {
            if (now.isBefore(replaced.until())) {
                lines.add("until " + replaced.until() + " also by " + Words.quorum(replaced.recovery())
                        + ", who were named before");
            }
        }
        return lines;
    }
}
