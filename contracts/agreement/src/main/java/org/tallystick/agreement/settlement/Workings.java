package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// The working of each line of a settlement, made beside the engine from the same figures.
///
/// A close does not need it and does not pay for it: it is made when somebody asks.
public final class Workings {

    private final Terms terms;
    private final History before;
    private final Statement statement;
    private final Figures booked;
    private final AccrualWorking accrual;
    private final EarningWorking earning;
    private final List<Period> periods;
    private final Counting counting;

    /// @param before what the periods settled before left
    /// @param booked what all events booked in the period come to
    /// @param statement what they were settled to
    /// @param counting of the same events
    Workings(Terms terms, History before, Figures booked, Statement statement, Counting counting) {
        if (!statement.period().equals(before.next())) {
            throw new IllegalArgumentException("the settlement of " + statement.period() + " is not that of "
                    + before.next() + ", which comes next");
        }
        this.terms = terms;
        this.before = before;
        this.statement = statement;
        this.booked = booked;
        Reach reach = Reach.whole(terms, before, this.booked);
        Figures known = reach.known();
        Accruals accruals = new Accruals(terms, before, reach, known, Arithmetic.LONGS);
        this.accrual = new AccrualWorking(terms, before.opening(), known, accruals);
        this.earning = new EarningWorking(before, statement, this.booked, accruals, accrual);
        this.periods = accruals.periods();
        this.counting = counting;
    }

    /// That of every line, in the order of the lines.
    public List<Working> all() {
        List<Working> all = new ArrayList<>();
        SortedMap<Line, Integer> equal = new TreeMap<>();
        for (Line line : statement.lines()) {
            all.add(of(line, equal.merge(line, 1, Integer::sum) - 1));
        }
        return List.copyOf(all);
    }

    /// That of one line.
    ///
    /// @param nth which of several lines that are equal, from 0 on
    public Working of(Line line, int nth) {
        if (line.clause().equals(Accounts.DISPUTE)) {
            return disputed(line, nth);
        }
        String id = line.clause().split("\\.", 2)[0];
        Optional<Clause> clause =
                terms.clauses().stream().filter(one -> one.id().equals(id)).findFirst();
        return clause.map(one -> of(one, line, nth)).orElseGet(() -> new Working(line, CountedEvents.NONE, List.of()));
    }

    private Working of(Clause clause, Line line, int nth) {
        Trail trail = new Trail();
        CountedEvents events = switch (clause) {
            case Clause.Fee _, Clause.Unit _, Clause.Split _, Clause.Fixed _, Clause.Kpi _ ->
                accrued(clause, line, trail);
            case Clause.Fund fund -> {
                if (line.kind().isEmpty()) {
                    yield accrued(clause, line, trail);
                }
                yield counting.own(earning.claim(fund, line.amount(), nth, trail));
            }
            case Clause.Guarantee guarantee -> {
                earning.guarantee(guarantee, terms.clauses(), trail);
                yield guarantee.promise() instanceof Clause.PromisedPerUnit(var of, var _)
                        ? counting.whole(List.of(of), periods)
                        : CountedEvents.NONE;
            }
            case Clause.Advance advance -> {
                if (line.kind().filter(Postings.ADVANCE::equals).isPresent()) {
                    yield counting.own(earning.booking(Figures.Act.ADVANCE, advance.id(), line, nth, trail));
                }
                earning.recoup(advance, trail);
                yield counting.booked(Figures.Act.ADVANCE, List.of(advance.id()));
            }
            case Clause.Reserve reserve -> {
                if (line.kind().filter("hold"::equals).isPresent()) {
                    earning.hold(reserve, trail);
                } else {
                    earning.release(reserve, trail);
                }
                yield CountedEvents.NONE;
            }
            case Clause.Withholding withholding -> {
                earning.withhold(withholding, trail);
                yield CountedEvents.NONE;
            }
            case Clause.Waterfall waterfall -> distributed(waterfall, line, trail);
        };
        return ended(line, events, trail);
    }

    private static Working ended(Line line, CountedEvents events, Trail trail) {
        trail.post();
        return new Working(line, events, trail.steps());
    }

    /// In the direction of the line: what is due now, less what earlier settlements posted for the same period.
    private CountedEvents accrued(Clause clause, Line line, Trail trail) {
        Period of = line.adjusts().orElse(statement.period());
        boolean forward = line.from().equals(Accruals.payer(clause));
        String to = forward ? line.to() : line.from();
        BigInteger due = trail.money(Working.Kind.DUE, to, of, accrual.due(clause, of, to, trail));
        BigInteger posted = AccrualWorking.posted(before, clause.id(), of, to);
        boolean late = line.adjusts().isPresent();
        if (late) {
            BigInteger _ = trail.money(Working.Kind.POSTED, "", of, posted);
        }
        if (late || !forward) {
            BigInteger open = due.subtract(posted);
            BigInteger _ = trail.money(Working.Kind.OPEN, "", of, forward ? open : open.negate());
        }
        List<Period> window = clause.priced()
                .map(pricing -> pricing.window().upTo(before.opening(), of))
                .orElseGet(() ->
                        clause instanceof Clause.Fixed fixed && fixed.cap().isPresent()
                                ? fixed.cap().get().window().upTo(before.opening(), of)
                                : List.of(of));
        List<Period> deciding = clause.priced()
                .map(pricing -> accrual.deciding(clause.id(), pricing, window))
                .orElse(window);
        return counting.accrual(clause, window, deciding, to);
    }

    private CountedEvents distributed(Clause.Waterfall waterfall, Line line, Trail trail) {
        String tier = line.clause().substring(waterfall.id().length() + 1);
        WaterfallWorking working =
                new WaterfallWorking(terms, waterfall, before.distribution(), accrual, periods, booked.bookings());
        trail.addAll(working.trail(tier, line.to()));
        CountedEvents cash = counting.whole(List.of(waterfall.of()), periods);
        Optional<Clause.Rank> rank =
                waterfall.tiers().stream().filter(one -> one.id().equals(tier)).findFirst();
        return rank.map(one -> switch (one) {
                    case Clause.Recover(var _, var _, var of) -> counting.whole(List.of(waterfall.of(), of), periods);
                    case Clause.Preferred _, Clause.ReturnOfCapital _ ->
                        counting.all(cash, counting.booked(Figures.Act.CAPITAL, waterfall.investors()));
                    case Clause.CatchUp _, Clause.Remainder _ -> cash;
                })
                .orElse(cash);
    }

    private Working disputed(Line line, int nth) {
        Trail trail = new Trail();
        boolean hold = line.kind().filter("hold"::equals).isPresent();
        String account = hold ? line.to() : line.from();
        String party = account.substring(account.indexOf(':') + 1);
        Figures.Act act = hold ? Figures.Act.HOLD : Figures.Act.RELEASE;
        return ended(line, counting.own(earning.booking(act, party, line, nth, trail)), trail);
    }
}
