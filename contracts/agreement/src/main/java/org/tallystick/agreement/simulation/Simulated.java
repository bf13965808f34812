package org.tallystick.agreement.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.CaseFile;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Outcome;
import org.tallystick.agreement.settlement.Statement;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Window;

/// What events come to under terms, period by period: the settlements, and what they mean for everybody.
public record Simulated(Terms terms, List<Period> periods, List<Outcome> outcomes) {

    public Simulated {
        periods = List.copyOf(periods);
        outcomes = List.copyOf(outcomes);
    }

    public static Simulated of(CaseFile.Settled settled) {
        return new Simulated(settled.terms(), settled.periods(), settled.outcomes());
    }

    /// @param events in the form that a case has them in
    /// @param last not before `first`
    public static Simulated of(Terms terms, List<Json> events, Period first, Period last) {
        return of(CaseFile.settle(terms, events, Window.LIFE.upTo(first, last)));
    }

    /// The statements up to the first period that was refused.
    public List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Settled(var statement, var _) -> statements.add(statement);
                case Outcome.Refused _ -> {}
            }
        }
        return List.copyOf(statements);
    }

    /// The first refusal; after it nothing is settled.
    public Optional<Result.Refused> refused() {
        for (int i = 0; i < periods.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Refused(var codes)) {
                return Optional.of(new Result.Refused(periods.get(i), codes));
            }
        }
        return Optional.empty();
    }

    public Payouts payouts(Statement statement) {
        return Payouts.of(terms, statement);
    }

    /// All settled periods together.
    public Payouts total() {
        return statements().stream().map(this::payouts).reduce(Payouts.none(terms), Payouts::then);
    }

    /// How the advances went, one for each advance clause.
    public List<Advance> advances() {
        List<Advance> advances = new ArrayList<>();
        for (Clause clause : terms.clauses()) {
            if (clause instanceof Clause.Advance) {
                advances.add(advance(clause.id()));
            }
        }
        return List.copyOf(advances);
    }

    private Advance advance(String clause) {
        BigInteger paid = BigInteger.ZERO;
        BigInteger recouped = BigInteger.ZERO;
        BigInteger left = BigInteger.ZERO;
        Optional<Period> recoupedIn = Optional.empty();
        for (Statement statement : statements()) {
            BigInteger advanced = moved(statement, clause, "advance");
            BigInteger gotBack = moved(statement, clause, "recoup");
            paid = paid.add(advanced);
            recouped = recouped.add(gotBack);
            left = statement.balances().getOrDefault("advance", new TreeMap<>()).getOrDefault(clause, BigInteger.ZERO);
            if (left.signum() > 0) {
                recoupedIn = Optional.empty();
            } else if (gotBack.signum() > 0) {
                recoupedIn = Optional.of(statement.period());
            }
        }
        return new Advance(clause, paid, recouped, left, recoupedIn);
    }

    private static BigInteger moved(Statement statement, String clause, String kind) {
        return statement.lines().stream()
                .filter(line -> line.clause().equals(clause) && line.kind().equals(Optional.of(kind)))
                .map(Line::amount)
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// One object for each period: its statement and its payouts, or why there is none.
    public Json.Arr encode() {
        List<Json> items = new ArrayList<>();
        for (int i = 0; i < periods.size(); i++) {
            String period = periods.get(i).text();
            items.add(
                    switch (outcomes.get(i)) {
                        case Outcome.Settled(var statement, var _) ->
                            Json.object()
                                    .with("payouts", payouts(statement).encode())
                                    .with("period", period)
                                    .with("statement", statement.encode())
                                    .build();
                        case Outcome.Refused(var codes) ->
                            Json.object()
                                    .with("codes", Json.texts(codes))
                                    .with("period", period)
                                    .build();
                    });
        }
        return Json.array(items);
    }
}
