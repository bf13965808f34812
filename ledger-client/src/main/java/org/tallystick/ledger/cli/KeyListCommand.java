package org.tallystick.ledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.RegisteredKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Shows the keys of a party as the ledger has them.
@Command(
        name = "list",
        description =
                "Lists the keys of a party on the ledger: purposes, validity, limits, holder, and those that ended.",
        footerHeading = "%nExample:%n",
        footer = "  tally key list north/vendor")
final class KeyListCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(arity = "0..1", paramLabel = "PARTY", description = "whose (default: the party of --as)")
    @Nullable
    PartyId party;

    KeyListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        PartyId whose = party == null ? shell.partyId() : party;
        SortedMap<Kid, KeyRecord> keys = RegisteredKeys.of(shell.courier(), whose);
        if (keys.isEmpty()) {
            throw CommandFailure.refused(
                    "the ledger knows no key of " + whose, "the party is not enrolled: tally party enroll " + whose);
        }
        if (shell.json()) {
            shell.print(encode(keys));
        } else {
            table(keys, Desk.at(shell.courier()).time()).print(shell.out());
        }
        return Tally.DONE;
    }

    static Json encode(SortedMap<Kid, KeyRecord> keys) {
        List<Json> encoded = new ArrayList<>();
        keys.forEach((kid, record) -> encoded.add(Json.object()
                .with("kid", kid.text())
                .with("record", KeyRecord.CODEC.encode().apply(record))
                .build()));
        return Json.array(encoded);
    }

    static Table table(SortedMap<Kid, KeyRecord> keys, LedgerTime now) {
        Table table = new Table("KEY", "ALGORITHM", "PURPOSES", "STATE", "VALIDITY", "LIMITS", "HOLDER");
        keys.forEach((kid, record) -> table.add(
                kid.thumb().substring(0, KeyText.SHOWN),
                record.key().algorithm().text(),
                KeyText.purposes(record),
                KeyText.state(record, now),
                KeyText.validity(record),
                KeyText.limits(record),
                record.holder().orElse("")));
        return table;
    }
}
