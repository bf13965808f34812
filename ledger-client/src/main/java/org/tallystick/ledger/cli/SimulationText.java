package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.simulation.Advance;
import org.tallystick.agreement.simulation.Comparison;
import org.tallystick.agreement.simulation.EventFinding;
import org.tallystick.agreement.simulation.LimitStudy;
import org.tallystick.agreement.simulation.Payout;
import org.tallystick.agreement.simulation.Payouts;
import org.tallystick.agreement.simulation.Result;
import org.tallystick.agreement.simulation.Simulated;
import org.tallystick.agreement.simulation.Sweep;
import org.tallystick.agreement.terms.Finding;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.ledger.chart.SimulationWords;

/// A simulation as people read it: one table after the other, amounts in major units.
final class SimulationText {

    /// Accounts that have a column of their own beside each other.
    private static final int MOST_COLUMNS = 8;

    /// Events that are named when a settlement is refused.
    private static final int MOST_FINDINGS = 10;

    private final SimulationReport report;
    private final Terms terms;
    private final SimulationWords words;
    private final PrintWriter out;

    SimulationText(SimulationReport report, PrintWriter out) {
        this.report = report;
        this.terms = report.terms();
        this.words = new SimulationWords(terms);
        this.out = out;
    }

    void print() {
        out.println(terms.title() + ": imagined, in " + terms.currency());
        report.simulated().ifPresent(this::periods);
        report.comparison().ifPresent(this::comparison);
        report.limits().forEach(this::limit);
        if (report.swept()) {
            report.sweep().ifPresent(this::sweep);
        }
        hints();
    }

    private void periods(Simulated simulated) {
        heading("who gets what");
        Table table = new Table("PERIOD", "ACCOUNT", ">RECEIVES", ">GIVES", ">NET", ">PAID", ">CARRIED");
        for (Statement statement : simulated.statements()) {
            rows(table, statement.period().text(), simulated.payouts(statement));
        }
        if (simulated.statements().size() > 1) {
            rows(table, "all", simulated.total());
        }
        table.print(out);
        simulated.refused().ifPresent(refused -> {
            out.println(refused(refused));
            List<EventFinding> findings = report.eventFindings();
            findings.stream()
                    .limit(MOST_FINDINGS)
                    .forEach(finding -> out.println("  event " + finding.event() + ": " + finding.code()));
            if (findings.size() > MOST_FINDINGS) {
                out.println("  and " + (findings.size() - MOST_FINDINGS) + " more: --json");
            }
        });
        for (Advance advance : simulated.advances()) {
            out.println();
            out.println(advance(advance, simulated.periods().getLast()));
        }
    }

    private void rows(Table table, String period, Payouts payouts) {
        for (Payout payout : payouts.list()) {
            if (!payout.isNothing()) {
                table.add(
                        period,
                        payout.account(),
                        words.money(payout.receives()),
                        words.money(payout.gives()),
                        words.money(payout.net()),
                        words.money(payout.paid()),
                        words.money(payout.carried()));
            }
        }
    }

    private String advance(Advance advance, Period last) {
        String clause = "advance " + advance.clause() + ": ";
        if (advance.paid().signum() == 0) {
            return clause + "none was paid";
        }
        String paid = clause + words.money(advance.paid()) + " paid, ";
        return advance.recoupedIn()
                .map(period -> paid + "recouped in " + period)
                .orElseGet(() -> paid + words.money(advance.recouped()) + " recouped, " + words.money(advance.left())
                        + " left after " + last);
    }

    private void comparison(Comparison comparison) {
        heading("old and amended terms, side by side");
        if (comparison.years() > 0) {
            out.println("the events happen again " + comparison.years()
                    + (comparison.years() == 1 ? " year later" : " years later"));
        }
        Table table = new Table("PERIOD", "ACCOUNT", ">OLD", ">AMENDED", ">DIFFERENCE");
        for (Comparison.Row row : comparison.rows()) {
            differences(table, row.period().text(), row.differences());
        }
        if (comparison.rows().size() > 1) {
            differences(table, "all", comparison.total());
        }
        table.print(out);
        refused("under the old terms ", comparison.old());
        refused("under the amended terms ", comparison.amended());
        for (Finding finding : comparison.findings()) {
            out.println(TermsCommand.sentence(finding));
        }
        out.println(
                comparison.findings().isEmpty()
                        ? "the amendment changes nothing that was settled before"
                        : "the amendment would be refused");
    }

    private void differences(Table table, String period, List<Comparison.Difference> differences) {
        for (Comparison.Difference difference : differences) {
            if (difference.old().signum() != 0 || difference.amended().signum() != 0) {
                table.add(
                        period,
                        difference.account(),
                        words.money(difference.old()),
                        words.money(difference.amended()),
                        words.money(difference.change()));
            }
        }
    }

    private void refused(String side, Simulated simulated) {
        simulated.refused().ifPresent(refused -> out.println(side + refused(refused)));
    }

    private static String refused(Result.Refused refused) {
        return refused.period() + " is refused: " + String.join(", ", refused.codes());
    }

    private void limit(LimitStudy study) {
        heading(words.limit(study.limit()));
        study.specimen().ifPresent(specimen -> {
            String companion = study.companion()
                    .map(other -> ", and beside it " + words.one(other))
                    .orElse("");
            out.println("in " + study.period() + ": " + words.one(specimen) + companion + again(study));
        });
        List<Payouts> all = study.rows().stream()
                .flatMap(row -> paid(row.result()).stream())
                .toList();
        List<String> accounts = moved(all);
        Table table = table("", counted(study), accounts);
        for (LimitStudy.Row row : study.rows()) {
            row(table, row.place().text(), volume(study, row.volume()), row.result(), accounts);
        }
        table.print(out);
    }

    private String counted(LimitStudy study) {
        return study.specimen().map(words::counted).orElse("volume");
    }

    private static String again(LimitStudy study) {
        return switch (study.limit().tiers().mode()) {
            case FORWARD -> "; then the same again, since the total before decides";
            case LOOKBACK -> "; then the same again in " + study.period().next() + ", which is shown";
            case MARGINAL, WHOLE, BLENDED, PER_EVENT -> "";
        };
    }

    private String volume(LimitStudy study, Optional<Rational> volume) {
        return volume.flatMap(value -> study.specimen().map(specimen -> words.volume(specimen.of(), value)))
                .orElse("-");
    }

    private void sweep(Sweep sweep) {
        heading("payouts by volume");
        out.println(words.imagined(sweep.scenario()));
        List<String> accounts = moved(sweep.payouts());
        Table table = table("", words.counted(sweep.scenario().specimen()), accounts);
        for (Sweep.Point point : sweep.points()) {
            row(
                    table,
                    sweep.marks().stream().anyMatch(mark -> mark.volume().equals(point.volume())) ? "limit" : "",
                    words.volume(sweep.scenario().specimen().of(), point.volume()),
                    point.result(),
                    accounts);
        }
        table.print(out);
    }

    private static Optional<Payouts> paid(Result result) {
        return switch (result) {
            case Result.Paid(var payouts) -> Optional.of(payouts);
            case Result.Refused _, Result.Unreached _ -> Optional.empty();
        };
    }

    /// Accounts to which something happens in any of these.
    private List<String> moved(List<Payouts> all) {
        List<String> moved = Payouts.accounts(all).stream()
                .filter(account -> all.stream()
                        .anyMatch(payouts -> payouts.of(account).net().signum() != 0))
                .toList();
        if (moved.size() > MOST_COLUMNS) {
            out.println((moved.size() - MOST_COLUMNS) + " of " + moved.size() + " accounts are left out: --json");
        }
        return moved.stream().limit(MOST_COLUMNS).toList();
    }

    private static Table table(String first, String volume, List<String> accounts) {
        List<String> columns = new ArrayList<>(List.of(first, ">" + volume.toUpperCase(Locale.ROOT)));
        accounts.forEach(account -> columns.add(">" + account));
        columns.add("");
        return new Table(columns.toArray(String[]::new));
    }

    private void row(Table table, String first, String volume, Result result, List<String> accounts) {
        List<String> cells = new ArrayList<>(List.of(first, volume));
        for (String account : accounts) {
            cells.add(paid(result)
                    .map(payouts -> words.money(payouts.of(account).net()))
                    .orElse("-"));
        }
        cells.add(
                switch (result) {
                    case Result.Paid _ -> "";
                    case Result.Refused refused -> refused(refused);
                    case Result.Unreached _ -> "nothing imagined comes to this";
                });
        table.add(cells.toArray(String[]::new));
    }

    private void hints() {
        List<String> codes = Stream.of(
                        report.limits().stream()
                                .flatMap(study -> study.rows().stream().map(LimitStudy.Row::result)),
                        report.sweep().stream()
                                .flatMap(sweep -> sweep.points().stream().map(Sweep.Point::result)))
                .flatMap(results -> results)
                .flatMap(result -> result instanceof Result.Refused refused ? refused.codes().stream() : Stream.empty())
                .distinct()
                .sorted()
                .toList();
        if (codes.isEmpty()) {
            return;
        }
        out.println();
        for (String code : codes) {
            out.println(
                    switch (code) {
                        case "FIGURE_MISSING" ->
                            code + ": a quantity or a figure is missing; give --price MINOR or --kpi NAME=VALUE";
                        case "RATE_MISSING", "RATE_BOUNDS" ->
                            code + ": no rate is said for these events; give --attr NAME=VALUE";
                        default -> code + ": see terms/1 section 16";
                    });
        }
    }

    private void heading(String text) {
        out.println();
        out.println(text);
    }
}
