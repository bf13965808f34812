package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.terms.Amendment;
import org.tallystick.agreement.terms.Finding;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// The same events under old and under amended terms, side by side.
///
/// Terms that are amended begin later than the events they are tried on, and their new clauses price nothing before. So
/// the events happen again, whole years later, in periods that are settled under the amended terms; both sides settle
/// these, and neither knows of anything before.
///
/// @param years by how many the events were moved
/// @param findings why the amendment would be refused (terms/1 section 18.3)
public record Comparison(int years, Simulated old, Simulated amended, List<Finding> findings) {

    public Comparison {
        findings = List.copyOf(findings);
    }

    /// What the amendment changes for one account.
    public record Difference(String account, BigInteger old, BigInteger amended) {

        public BigInteger change() {
            return amended.subtract(old);
        }

        Json encode() {
            return Json.object()
                    .with("account", account)
                    .with("amended", Amounts.encode(amended))
                    .with("change", Amounts.encode(change()))
                    .with("old", Amounts.encode(old))
                    .build();
        }
    }

    /// The net amounts of one period, or of all of them.
    public record Row(Period period, List<Difference> differences) {}

    /// @param from the first period that would be settled under the amended terms
    /// @param periods of the events, consecutive
    public static Comparison of(Terms old, Terms amended, Period from, List<Json> events, List<Period> periods) {
        int years = Moved.years(periods.getFirst(), from);
        Moved moved = new Moved(years);
        Period first = moved.period(periods.getFirst());
        Period last = moved.period(periods.getLast());
        List<Json> again = moved.events(events);
        return new Comparison(
                years,
                Simulated.of(old, again, first, last),
                Simulated.of(amended, again, first, last),
                new Amendment(old, amended, from).findings());
    }

    /// One row for each period that both sides settled.
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        List<Statement> before = old.statements();
        List<Statement> after = amended.statements();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            rows.add(new Row(
                    before.get(i).period(), differences(old.payouts(before.get(i)), amended.payouts(after.get(i)))));
        }
        return List.copyOf(rows);
    }

    /// All periods together.
    public List<Difference> total() {
        return differences(old.total(), amended.total());
    }

    private static List<Difference> differences(Payouts old, Payouts amended) {
        return Payouts.accounts(List.of(old, amended)).stream()
                .map(account -> new Difference(
                        account, old.of(account).net(), amended.of(account).net()))
                .toList();
    }

    public boolean isRefused() {
        return old.refused().isPresent() || amended.refused().isPresent();
    }

    public Json.Obj encode() {
        List<Json> rows = new ArrayList<>();
        for (Row row : rows()) {
            rows.add(Json.object()
                    .with("accounts", encoded(row.differences()))
                    .with("period", row.period().text())
                    .build());
        }
        return Json.object()
                .with("amended", amended.encode())
                .with(
                        "findings",
                        Json.array(findings.stream().map(Comparison::encoded).toList()))
                .with("movedYears", years)
                .with("old", old.encode())
                .with("periods", Json.array(rows))
                .with("total", encoded(total()))
                .build();
    }

    private static Json.Arr encoded(List<Difference> differences) {
        return Json.array(differences.stream().map(Difference::encode).toList());
    }

    private static Json encoded(Finding finding) {
        return Json.object()
                .with("at", finding.pointer())
                .with("code", finding.code())
                .with("sentence", finding.sentence())
                .build();
    }
}
