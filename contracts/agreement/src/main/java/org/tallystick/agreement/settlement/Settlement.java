package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Party;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Validity;

/// Settles the next period: the pure function that terms/1 is about.
///
/// The same terms, history and events give the same statement everywhere and always; the order of the events has no
/// effect.
public final class Settlement {

    /// What computes a settlement, as the settlement names it.
    public static final String ENGINE = "terms-1/1";

    private final Terms terms;
    private final History before;
    private final Period period;
    private final Figures booked;
    private final Reach reach;
    private final Figures known;
    private final Accruals accruals;
    private final Postings postings = new Postings();
    private final SortedMap<String, BigInteger> advances;
    private final SortedMap<String, SortedMap<Period, BigInteger>> reserves = new TreeMap<>();
    private final SortedMap<String, BigInteger> funds;
    private final SortedMap<String, BigInteger> disputed;
    private final SortedSet<String> suspended;
    private final SortedSet<String> faults = new TreeSet<>();
    private Distribution distribution;

    private Settlement(Terms terms, History before, Figures booked, Reach reach, Arithmetic arithmetic) {
        this.terms = terms;
        this.before = before;
        this.period = before.next();
        this.booked = booked;
        this.reach = reach;
        this.known = reach.known();
        this.accruals = new Accruals(terms, before, reach, known, arithmetic);
        this.advances = new TreeMap<>(before.balances().advances());
        before.balances().reserves().forEach((clause, holds) -> reserves.put(clause, new TreeMap<>(holds)));
        this.funds = new TreeMap<>(before.balances().funds());
        this.disputed = new TreeMap<>(before.balances().disputed());
        this.suspended = new TreeSet<>(before.balances().suspended());
        this.distribution = before.distribution();
    }

    /// @param booked every event booked in the period `before.next()`, in any order; at the opening also fixings that
    /// are
    /// booked before it
    public static Outcome settle(Terms terms, History before, List<KnownEvent> booked) {
        Set<String> ids = new HashSet<>();
        Inputs inputs = new Inputs(terms, before.opening());
        for (KnownEvent known : booked) {
            if (known.booked().compareTo(before.next()) > 0) {
                throw new IllegalArgumentException(
                        known.id() + " is booked in " + known.booked() + ", not in " + before.next());
            }
            if (known.booked().compareTo(before.next()) < 0 && known.booked().compareTo(before.opening()) >= 0) {
                inputs.fault(Refusals.EVENT_CLOSED);
            }
            if (!ids.add(known.id())) {
                inputs.fault(Refusals.EVENT_DUP);
            }
            inputs.add(known);
        }
        return Inputs.settle(terms, before, List.of(inputs));
    }

    /// @param booked the figures of every event booked in the period `before.next()`; the events had no faults
    public static Outcome settle(Terms terms, History before, Figures booked) {
        return settle(terms, before, booked, Arithmetic.LONGS);
    }

    static Outcome settle(Terms terms, History before, Figures booked, Arithmetic arithmetic) {
        return settle(terms, before, booked, Reach.of(terms, before, booked), arithmetic);
    }

    /// @param reach at least what [Reach#of] finds; further is no different, and slower
    static Outcome settle(Terms terms, History before, Figures booked, Reach reach, Arithmetic arithmetic) {
        return new Settlement(terms, before, booked, reach, arithmetic).settle();
    }

    /// The steps of terms/1 section 12.1; within a step, clauses come in document order.
    private Outcome settle() {
        for (Clause clause : terms.clauses()) {
            switch (clause) {
                case Clause.Fee _, Clause.Unit _, Clause.Split _, Clause.Fixed _, Clause.Kpi _ -> accrue(clause);
                case Clause.Fund _,
                        Clause.Guarantee _,
                        Clause.Advance _,
                        Clause.Waterfall _,
                        Clause.Reserve _,
                        Clause.Withholding _ -> {}
            }
        }
        each(Clause.Guarantee.class, this::guarantee);
        each(Clause.Advance.class, this::advance);
        each(Clause.Waterfall.class, this::distribute);
        each(Clause.Fund.class, this::fund);
        each(Clause.Reserve.class, this::reserve);
        each(Clause.Advance.class, this::recoup);
        each(Clause.Withholding.class, this::withhold);
        act();
        faults.addAll(known.faults());
        faults.addAll(accruals.faults());
        return faults.isEmpty() ? pay() : new Outcome.Refused(faults);
    }

    private <C extends Clause> void each(Class<C> kind, Consumer<C> step) {
        terms.clauses().stream().filter(kind::isInstance).map(kind::cast).forEach(step);
    }

    /// Posts what a clause makes due beyond what was posted already, for every period that may have changed (terms/1
    /// section 12.3).
    private void accrue(Clause clause) {
        String id = clause.id();
        String from = Accruals.payer(clause);
        for (Period accrued : accruals.periods()) {
            SortedMap<String, BigInteger> difference = new TreeMap<>(accruals.of(id, accrued));
            before.posted(id, accrued).forEach((to, amount) -> difference.merge(to, amount.negate(), BigInteger::add));
            Optional<Period> adjusts = accrued.equals(period) ? Optional.empty() : Optional.of(accrued);
            difference.forEach((to, amount) -> {
                if (amount.signum() != 0) {
                    postings.accrue(id, from, to, amount, adjusts);
                }
            });
        }
    }

    private boolean isInForce(Validity when) {
        return when.contains(period.start());
    }

    /// Tested once, in the last period of its window (terms/1 section 11.7).
    private void guarantee(Clause.Guarantee guarantee) {
        boolean last = switch (guarantee.window()) {
            case PERIOD -> true;
            case YEAR -> period.endsYear();
            case LIFE -> throw new IllegalStateException("a guarantee for life");
        };
        if (!last || !isInForce(guarantee.when())) {
            return;
        }
        List<Period> window = guarantee.window().upTo(before.opening(), period);
        BigInteger got = BigInteger.ZERO;
        for (Clause clause : terms.clauses()) {
            if (guarantee.clauses().contains(clause.id())) {
                for (Period each : window) {
                    got = got.add(accruals.received(clause, guarantee.to(), each));
                }
            }
        }
        BigInteger promised = switch (guarantee.promise()) {
            case Clause.PromisedAmount(var amount) -> amount;
            case Clause.PromisedPerUnit(var of, var price) ->
                Rounding.HALF_UP.round(price.times(Rational.sum(
                        window.stream().map(each -> accruals.whole(of, each)).toList())));
        };
        BigInteger missing = promised.subtract(got).max(BigInteger.ZERO);
        postings.post(guarantee.id(), guarantee.from(), guarantee.to(), missing);
    }

    private void advance(Clause.Advance advance) {
        for (Figures.Booking booking : booked.bookings()) {
            if (booking.act() == Figures.Act.ADVANCE && booking.whom().equals(advance.id())) {
                postings.post(advance.id(), advance.from(), advance.to(), booking.amount(), Postings.ADVANCE);
                advances.merge(advance.id(), booking.amount(), BigInteger::add);
            }
        }
    }

    /// Gets an advance back from what is earned (terms/1 section 11.8).
    private void recoup(Clause.Advance advance) {
        BigInteger balance = advances.getOrDefault(advance.id(), BigInteger.ZERO);
        BigInteger earned = postings.earnedWithoutAdvances(advance.to(), advance.clauses());
        BigInteger share = Rounding.HALF_UP.round(advance.recoupRate().times(earned));
        BigInteger recouped = balance.min(share).max(BigInteger.ZERO);
        postings.post(advance.id(), advance.to(), advance.from(), recouped, "recoup");
        advances.put(advance.id(), balance.subtract(recouped));
    }

    private void distribute(Clause.Waterfall waterfall) {
        distribution =
                new WaterfallStep(terms, waterfall, distribution, accruals, postings).run(period, booked.bookings());
    }

    /// What comes in this period, and then what claims take out while it lasts (terms/1 section 11.10).
    private void fund(Clause.Fund fund) {
        accrue(fund);
        String account = Accounts.fund(fund.id());
        BigInteger balance =
                funds.getOrDefault(fund.id(), BigInteger.ZERO).add(postings.earned(account, List.of(fund.id())));
        for (Figures.Claim claim : booked.claims(fund.id())) {
            BigInteger worth = accruals.fixings().worth(claim.money());
            BigInteger asked =
                    fund.pricing().round().round(fund.claims().reimburse().times(worth));
            BigInteger pay = asked.min(balance).max(BigInteger.ZERO);
            postings.post(fund.id(), account, fund.claims().to(), pay, "claim");
            balance = balance.subtract(pay);
        }
        funds.put(fund.id(), balance);
    }

    /// Holds back a part of what is earned, and releases what was held back long enough (terms/1 section 11.11).
    private void reserve(Clause.Reserve reserve) {
        SortedMap<Period, BigInteger> holds = reserves.computeIfAbsent(reserve.id(), _ -> new TreeMap<>());
        String account = Accounts.reserve(reserve.party());
        BigInteger base = postings.earned(reserve.party(), reserve.clauses());
        if (base.signum() > 0 && isInForce(reserve.when())) {
            BigInteger hold = Rounding.HALF_UP.round(reserve.rate().times(base));
            postings.post(reserve.id(), reserve.party(), account, hold, "hold");
            holds.put(period, hold);
        }
        BigInteger release = holds.remove(period.plus(-reserve.releaseAfter()));
        if (release != null) {
            postings.post(reserve.id(), account, reserve.party(), release, "release");
        }
    }

    private void withhold(Clause.Withholding withholding) {
        BigInteger base = postings.earned(withholding.party(), withholding.clauses());
        if (base.signum() > 0 && isInForce(withholding.when())) {
            postings.post(
                    withholding.id(),
                    withholding.party(),
                    withholding.authority(),
                    Rounding.HALF_UP.round(withholding.rate().times(base)));
        }
    }

    /// Disputes and suspensions, in event order (terms/1 sections 13.4 and 13.5).
    private void act() {
        for (Figures.Booking booking : booked.bookings()) {
            switch (booking.act()) {
                case SUSPEND -> suspended.add(booking.whom());
                case RESUME -> suspended.remove(booking.whom());
                case HOLD -> dispute(booking, booking.whom(), Accounts.dispute(booking.whom()), "hold");
                case RELEASE ->
                    dispute(
                            booking,
                            Accounts.dispute(booking.whom()),
                            booking.to().orElseThrow(),
                            "release");
                case ADVANCE, CAPITAL -> {}
            }
        }
    }

    private void dispute(Figures.Booking booking, String from, String to, String kind) {
        BigInteger held = disputed.getOrDefault(booking.whom(), BigInteger.ZERO);
        BigInteger after = kind.equals("hold") ? held.add(booking.amount()) : held.subtract(booking.amount());
        if (after.signum() < 0) {
            faults.add(Refusals.DISPUTE_OVERDRAWN);
            return;
        }
        disputed.put(booking.whom(), after);
        postings.post(Accounts.DISPUTE, from, to, booking.amount(), kind);
    }

    /// Nets the lines of each party with the hub, and pays or carries the balance (terms/1 section 13.2).
    private Outcome pay() {
        SortedMap<String, BigInteger> moved = postings.moved();
        SortedMap<String, BigInteger> payments = new TreeMap<>();
        SortedMap<String, BigInteger> carried = new TreeMap<>();
        for (Party party : terms.roster()) {
            if (!party.id().equals(terms.hub())) {
                BigInteger balance = before.carried()
                        .getOrDefault(party.id(), BigInteger.ZERO)
                        .add(moved.getOrDefault(party.id(), BigInteger.ZERO));
                BigInteger payment = payment(party.id(), balance);
                payments.put(party.id(), payment);
                carried.put(party.id(), balance.subtract(payment));
            }
        }
        Balances balances = new Balances(carried, advances, reserves, funds, disputed, suspended);
        SortedMap<String, SortedMap<String, BigInteger>> groups = new TreeMap<>();
        groups.put("advance", balances.advances());
        groups.put("capital", distribution.capital());
        groups.put("carried", balances.carried());
        groups.put("fund", balances.funds());
        groups.put("reserve", balances.reserved());
        return new Outcome.Settled(
                new Statement(period, postings.lines(), payments, groups),
                before.after(known.facts(), accruals.added(), renewed(), balances, distribution));
    }

    /// What is kept from now on of the periods that were computed again, as far as it is different.
    private SortedMap<Period, History.Renewed> renewed() {
        SortedMap<Period, History.Renewed> renewed = new TreeMap<>();
        SortedSet<Period> touched = booked.singles(terms.frequency());
        SortedMap<Period, SortedSet<Period>> lookers = reach.lookers();
        accruals.kept().forEach((of, past) -> {
            Optional<Past> changed = Optional.of(past).filter(now -> of.equals(period) || !now.equals(before.past(of)));
            Optional<Figures> singles = touched.contains(of) ? Optional.of(known.singlesIn(of)) : Optional.empty();
            SortedSet<Period> seen = new TreeSet<>(before.lookers(of));
            seen.addAll(lookers.getOrDefault(of, Collections.emptySortedSet()));
            if (changed.isPresent() || singles.isPresent() || !seen.equals(before.lookers(of))) {
                renewed.put(of, new History.Renewed(changed, singles, seen));
            }
        });
        lookers.forEach((of, from) -> {
            SortedSet<Period> seen = new TreeSet<>(before.lookers(of));
            if (seen.addAll(from) && !renewed.containsKey(of)) {
                renewed.put(of, new History.Renewed(Optional.empty(), Optional.empty(), seen));
            }
        });
        return renewed;
    }

    private BigInteger payment(String party, BigInteger balance) {
        if (suspended.contains(party)) {
            return BigInteger.ZERO;
        }
        if (balance.signum() < 0) {
            return terms.settlement().invoicesNegative() ? balance : BigInteger.ZERO;
        }
        return balance.compareTo(terms.settlement().minimum(party)) < 0 ? BigInteger.ZERO : balance;
    }
}
