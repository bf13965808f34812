package org.tallystick.ledger.cli;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementFilter;
import org.tallystick.ledger.client.AgreementSummary;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.monthend.Together;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists agreements.
@Command(
        name = "list",
        description = "Lists the agreements of the ledger, or some of them.",
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement list --party east/reseller --state active",
            "  tally agreement list --from 2026-01-01 --to 2026-12-31 --json"
        })
final class AgreementListCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(names = "--party", paramLabel = "PARTY", description = "in which this party has a part")
    @Nullable
    PartyId party;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "in one of these states: offered, lapsed, active, paused, run_off, closed",
            split = ",")
    List<String> states = List.of();

    @Option(names = "--from", paramLabel = "DAY", description = "that cover this day or a later one")
    @Nullable
    LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "that cover this day or an earlier one")
    @Nullable
    LocalDate to;

    AgreementListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        for (String state : states) {
            if (!AgreementFilter.STATES.contains(state)) {
                throw CommandFailure.cannot(
                        "no agreement is ever in state '" + state + "'",
                        "the states are " + String.join(", ", AgreementFilter.STATES));
            }
        }
        Courier courier = shell.courier();
        LedgerTime now = Desk.at(courier).time();
        AgreementFilter filter = new AgreementFilter(
                Optional.ofNullable(party), states, Optional.ofNullable(from), Optional.ofNullable(to));
        List<AgreementId> ids = courier.agreements();
        List<AgreementSummary> all =
                Together.each(ids, id -> new Agreements(courier).find(id).map(view -> AgreementSummary.of(view, now)))
                        .stream()
                        .flatMap(Optional::stream)
                        .filter(filter::takes)
                        .toList();
        if (shell.json()) {
            shell.print(Json.array(all.stream().map(AgreementSummary::encode).toList()));
            return Tally.DONE;
        }
        Table table = new Table("AGREEMENT", "STATE", "VERSION", "FROM", "LAST DAY", "FIRST NOT SETTLED");
        all.forEach(one -> table.add(
                one.id().text(),
                one.state(),
                one.number() == 0 ? "" : Long.toString(one.number()),
                one.from().toString(),
                one.lastDay().map(LocalDate::toString).orElse(""),
                one.unsettled().text()));
        table.print(shell.out());
        return Tally.DONE;
    }
}
