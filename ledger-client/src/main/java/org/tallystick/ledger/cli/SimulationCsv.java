package org.tallystick.ledger.cli;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.simulation.Advance;
import org.tallystick.agreement.simulation.Comparison;
import org.tallystick.agreement.simulation.LimitStudy;
import org.tallystick.agreement.simulation.Payout;
import org.tallystick.agreement.simulation.Payouts;
import org.tallystick.agreement.simulation.Result;
import org.tallystick.agreement.simulation.Simulated;
import org.tallystick.agreement.simulation.Sweep;
import org.tallystick.agreement.terms.Period;

/// One table of a simulation as CSV: a header, then a row for each account or volume, amounts in minor units.
final class SimulationCsv {

    enum Sheet {
        PERIODS,
        AMENDED,
        ADVANCES,
        LIMITS,
        VOLUMES;

        /// As people type it, and as `--help` lists it.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final SimulationReport report;
    private final List<List<String>> rows = new ArrayList<>();

    SimulationCsv(SimulationReport report) {
        this.report = report;
    }

    String text(Sheet sheet) throws IOException {
        switch (sheet) {
            case PERIODS -> report.simulated().ifPresent(this::periods);
            case AMENDED -> report.comparison().ifPresent(this::amended);
            case ADVANCES -> report.simulated().ifPresent(this::advances);
            case LIMITS -> limits();
            case VOLUMES -> report.sweep().ifPresent(this::volumes);
        }
        CsvSchema schema = CsvSchema.emptySchema().withLineSeparator("\n");
        return new CsvMapper().writer(schema).writeValueAsString(rows);
    }

    private void add(String... cells) {
        rows.add(List.of(cells));
    }

    private void periods(Simulated simulated) {
        add("period", "account", "receives", "gives", "net", "paid", "carried", "refused");
        for (Statement statement : simulated.statements()) {
            for (Payout payout : simulated.payouts(statement).list()) {
                add(
                        statement.period().text(),
                        payout.account(),
                        payout.receives().toString(),
                        payout.gives().toString(),
                        payout.net().toString(),
                        payout.paid().toString(),
                        payout.carried().toString(),
                        "");
            }
        }
        simulated.refused().ifPresent(refused -> add(refused.period().text(), "", "", "", "", "", "", codes(refused)));
    }

    private void amended(Comparison comparison) {
        add("period", "account", "old", "amended", "difference");
        for (Comparison.Row row : comparison.rows()) {
            for (Comparison.Difference difference : row.differences()) {
                add(
                        row.period().text(),
                        difference.account(),
                        difference.old().toString(),
                        difference.amended().toString(),
                        difference.change().toString());
            }
        }
    }

    private void advances(Simulated simulated) {
        add("clause", "paid", "recouped", "left", "recoupedIn");
        for (Advance advance : simulated.advances()) {
            add(
                    advance.clause(),
                    advance.paid().toString(),
                    advance.recouped().toString(),
                    advance.left().toString(),
                    advance.recoupedIn().map(Period::text).orElse(""));
        }
    }

    private void limits() {
        add("clause", "mode", "measure", "limit", "place", "period", "volume", "account", "net", "refused");
        for (LimitStudy study : report.limits()) {
            for (LimitStudy.Row row : study.rows()) {
                switch (row.result()) {
                    case Result.Paid(var payouts) ->
                        payouts.list()
                                .forEach(payout -> limit(
                                        study,
                                        row,
                                        payout.account(),
                                        payout.net().toString(),
                                        ""));
                    case Result.Refused refused -> limit(study, row, "", "", codes(refused));
                    case Result.Unreached _ -> limit(study, row, "", "", "");
                }
            }
        }
    }

    private void limit(LimitStudy study, LimitStudy.Row row, String account, String net, String refused) {
        add(
                study.limit().clause().id(),
                study.limit().tiers().mode().text(),
                study.limit().tiers().measure(),
                study.limit().upTo().toString(),
                row.place().text(),
                study.period().text(),
                row.volume().map(Object::toString).orElse(""),
                account,
                net,
                refused);
    }

    /// A column for each account, as a spreadsheet draws them.
    private void volumes(Sweep sweep) {
        List<String> accounts = Payouts.accounts(sweep.payouts());
        List<String> header = new ArrayList<>(List.of("volume"));
        header.addAll(accounts);
        header.add("refused");
        rows.add(header);
        for (Sweep.Point point : sweep.points()) {
            List<String> cells = new ArrayList<>(List.of(point.volume().toString()));
            Optional<Payouts> paid =
                    point.result() instanceof Result.Paid(var payouts) ? Optional.of(payouts) : Optional.empty();
            accounts.forEach(account -> cells.add(
                    paid.map(payouts -> payouts.of(account).net().toString()).orElse("")));
            cells.add(point.result() instanceof Result.Refused refused ? codes(refused) : "");
            rows.add(cells);
        }
    }

    private static String codes(Result.Refused refused) {
        return String.join(" ", refused.codes());
    }
}
