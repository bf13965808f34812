package org.tallystick.ledger.cli;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.OwnKeys;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.StoredKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Registers one more key of a party.
@Command(
        name = "add",
        description = {
            "Registers one more key of the party: for a person, a machine that reports, a wallet.",
            "",
            "A key that administers signs, and the new key. It makes the new key, unless --new or --public",
            "names one. A key that is kept elsewhere signs there: --unsent FILE, then tally sign FILE where",
            "the key is.",
            "",
            "Purposes: sign (offers, accepts), report (reports, attests, declares, closes), decide (votes),",
            "administer (keys, hosts, recovery)."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally key add --as north/vendor --purposes report --types sale,refund --amount 1000000 --until 2027-01-01",
            "  tally key add --as north/vendor --purposes sign,decide --holder ana --public ana.json --unsent ana.jsonl"
        })
final class KeyAddCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    NewKey made = new NewKey();

    @Option(
            names = "--purposes",
            required = true,
            split = ",",
            paramLabel = "P",
            description = "what it may sign: sign, report, decide, administer")
    List<Purpose> purposes = new ArrayList<>();

    @Option(names = "--holder", paramLabel = "ID", description = "who holds it; one person votes on one seat only")
    @Nullable
    String holder;

    @Option(
            names = "--types",
            split = ",",
            paramLabel = "TYPE",
            description = "it reports, attests and claims events of these types only, such as sale,refund")
    List<String> types = new ArrayList<>();

    @Option(
            names = "--amount",
            paramLabel = "UNITS",
            description = "no event and no act above this amount, in minor units, whatever the currency")
    @Nullable
    BigInteger amount;

    @Option(names = "--from", paramLabel = "TIME", description = "it is good from then on (default: at once)")
    @Nullable
    LedgerTime from;

    @Option(names = "--until", paramLabel = "TIME", description = "it ends then (default: it does not)")
    @Nullable
    LedgerTime until;

    KeyAddCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        for (String type : types) {
            if (EventType.ofText(type).isEmpty()) {
                throw CommandFailure.cannot("'" + type + "' is no type of events", "write types such as sale,refund");
            }
        }
        PartyId party = shell.partyId();
        KeyFolder keys = shell.keys();
        Desk desk = shell.desk();
        List<Envelope.Hand> hands = new ArrayList<>(shell.hands(keys, party, ActKind.KEY_ADD));
        StoredKey fresh = made.of(shell, party);
        hands.addAll(shell.hands(keys, fresh));
        Optional<Act.KeyLimits> limits = amount == null && types.isEmpty()
                ? Optional.empty()
                : Optional.of(new Act.KeyLimits(
                        Optional.ofNullable(amount),
                        types.isEmpty()
                                ? Optional.empty()
                                : Optional.of(types.stream().sorted().distinct().toList())));
        OwnKeys.Grant grant = new OwnKeys.Grant(
                purposes.stream().sorted().distinct().toList(),
                Optional.ofNullable(holder),
                limits,
                Optional.ofNullable(from),
                Optional.ofNullable(until));
        return new Answers(shell).print(new OwnKeys(party, hands, desk).add(fresh.key(), grant));
    }
}
