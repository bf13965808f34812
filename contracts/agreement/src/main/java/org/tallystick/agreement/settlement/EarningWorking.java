package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.settlement.Working.Kind;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Period;

/// Works out what depends on other postings of the same settlement, or on one event: guarantees, advances, claims,
/// reserves, withholdings and disputes (terms/1 sections 11.7 to 11.12 and 13.4).
final class EarningWorking {

    private final History before;
    private final Statement statement;
    private final Figures booked;
    private final Accruals accruals;
    private final AccrualWorking working;

    EarningWorking(History before, Statement statement, Figures booked, Accruals accruals, AccrualWorking working) {
        this.before = before;
        this.statement = statement;
        this.booked = booked;
        this.accruals = accruals;
        this.working = working;
    }

    private Period period() {
        return statement.period();
    }

    /// What a party earned in this settlement under these clauses; a waterfall stands for all its tiers.
    private BigInteger earned(String party, List<String> clauses, boolean advances, Trail trail) {
        BigInteger sum = BigInteger.ZERO;
        for (String clause : clauses.stream().distinct().toList()) {
            BigInteger own = BigInteger.ZERO;
            for (Line line : statement.lines()) {
                boolean listed = line.clause().equals(clause) || line.clause().startsWith(clause + ".");
                boolean advance = line.kind().filter(Postings.ADVANCE::equals).isPresent();
                if (listed && (advances || !advance)) {
                    own = own.add(line.to().equals(party) ? line.amount() : BigInteger.ZERO);
                    own = own.subtract(line.from().equals(party) ? line.amount() : BigInteger.ZERO);
                }
            }
            sum = sum.add(trail.money(Kind.EARNED, clause, own));
        }
        return clauses.stream().distinct().count() == 1 ? sum : trail.money(Kind.SUM, "", sum);
    }

    void guarantee(Clause.Guarantee guarantee, List<Clause> clauses, Trail trail) {
        List<Period> window = guarantee.window().upTo(before.opening(), period());
        BigInteger got = BigInteger.ZERO;
        for (Clause clause : clauses) {
            if (guarantee.clauses().contains(clause.id())) {
                for (Period each : window) {
                    BigInteger received = accruals.received(clause, guarantee.to(), each);
                    got = got.add(trail.money(Kind.RECEIVED, clause.id(), each, received));
                }
            }
        }
        BigInteger _ = trail.money(Kind.SUM, "", got);
        BigInteger promised = switch (guarantee.promise()) {
            case Clause.PromisedAmount(var amount) -> amount;
            case Clause.PromisedPerUnit(var of, var price) -> {
                List<Rational> all = new ArrayList<>();
                window.forEach(each -> all.add(working.whole(of, each, trail)));
                yield trail.rounded(
                        Rounding.HALF_UP, trail.rated(Kind.RATED, of, price, working.figure(of, Rational.sum(all))));
            }
        };
        BigInteger _ = trail.money(Kind.PROMISED, "", promised);
        BigInteger _ = trail.money(Kind.MISSING, "", promised.subtract(got).max(BigInteger.ZERO));
    }

    /// What one event states.
    ///
    /// @param nth which of several equal lines it is
    /// @return the event; none of a line that is not of the settlement
    Optional<String> booking(Figures.Act act, String whom, Line line, int nth, Trail trail) {
        return booked.bookings().stream()
                .filter(booking -> booking.act() == act
                        && booking.whom().equals(whom)
                        && booking.amount().equals(line.amount())
                        && booking.to().map(line.to()::equals).orElse(true))
                .skip(nth)
                .findFirst()
                .map(booking -> {
                    String event = booking.place().id();
                    BigInteger _ = trail.money(Kind.STATED, event, booking.amount());
                    return event;
                });
    }

    void recoup(Clause.Advance advance, Trail trail) {
        BigInteger balance = before.balances().advances().getOrDefault(advance.id(), BigInteger.ZERO);
        BigInteger _ = trail.money(Kind.BALANCE, advance.id(), balance);
        for (Figures.Booking booking : booked.bookings()) {
            if (booking.act() == Figures.Act.ADVANCE && booking.whom().equals(advance.id())) {
                balance = balance.add(trail.money(Kind.STATED, booking.place().id(), booking.amount()));
            }
        }
        BigInteger earned = earned(advance.to(), advance.clauses(), false, trail);
        Rational share = trail.rated(Kind.RATED, "", advance.recoupRate(), Working.Figure.money(earned));
        BigInteger _ =
                trail.atMost(balance, trail.rounded(Rounding.HALF_UP, share).max(BigInteger.ZERO));
    }

    /// The claim in its turn: those before it have taken from the fund already.
    ///
    /// @param nth which of several equal lines it is
    /// @return the event; none of a line that is not of the settlement
    Optional<String> claim(Clause.Fund fund, BigInteger amount, int nth, Trail trail) {
        BigInteger balance = before.funds().getOrDefault(fund.id(), BigInteger.ZERO);
        for (Line line : statement.lines()) {
            if (line.clause().equals(fund.id()) && line.kind().isEmpty()) {
                boolean in = line.to().equals(Accounts.fund(fund.id()));
                balance = balance.add(in ? line.amount() : line.amount().negate());
            }
        }
        int equal = nth;
        for (Figures.Claim claim : booked.claims(fund.id())) {
            Trail own = new Trail();
            BigInteger _ = own.money(Kind.BALANCE, fund.id(), balance);
            BigInteger worth = own.money(
                    Kind.STATED, claim.place().id(), accruals.fixings().worth(claim.money()));
            Rational asked = own.rated(Kind.RATED, "", fund.claims().reimburse(), Working.Figure.money(worth));
            BigInteger rounded = own.rounded(fund.pricing().round(), asked);
            BigInteger paid = own.atMost(balance.max(BigInteger.ZERO), rounded);
            balance = balance.subtract(paid);
            if (paid.equals(amount) && equal-- == 0) {
                trail.addAll(own);
                return Optional.of(claim.place().id());
            }
        }
        return Optional.empty();
    }

    void hold(Clause.Reserve reserve, Trail trail) {
        BigInteger base = earned(reserve.party(), reserve.clauses(), true, trail);
        BigInteger _ = trail.rounded(
                Rounding.HALF_UP, trail.rated(Kind.RATED, "", reserve.rate(), Working.Figure.money(base)));
    }

    void release(Clause.Reserve reserve, Trail trail) {
        Period held = period().plus(-reserve.releaseAfter());
        BigInteger amount = before.balances()
                .reserves()
                .getOrDefault(reserve.id(), Collections.emptySortedMap())
                .getOrDefault(held, BigInteger.ZERO);
        BigInteger _ = trail.money(Kind.HELD, "", held, amount);
    }

    void withhold(Clause.Withholding withholding, Trail trail) {
        BigInteger base = earned(withholding.party(), withholding.clauses(), true, trail);
        BigInteger _ = trail.rounded(
                Rounding.HALF_UP, trail.rated(Kind.RATED, "", withholding.rate(), Working.Figure.money(base)));
    }
}
