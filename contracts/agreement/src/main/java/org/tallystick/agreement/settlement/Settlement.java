package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.numbers.Rounding;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Party;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

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
    private final List<Line> lines = new ArrayList<>();
    private final SortedMap<String, SortedMap<Period, SortedMap<String, BigInteger>>> posted = new TreeMap<>();
    private final SortedMap<String, BigInteger> funds;
    private final SortedMap<String, BigInteger> disputed;
    private final SortedSet<String> suspended;

    private Settlement(Terms terms, History before, Figures booked) {
        this.terms = terms;
        this.before = before;
        this.period = before.next();
        this.booked = booked;
        this.funds = new TreeMap<>(before.funds());
        this.disputed = new TreeMap<>(before.disputed());
        this.suspended = new TreeSet<>(before.suspended());
    }

    /// @param booked every event booked in the period `before.next()`, in any order
    public static Outcome settle(Terms terms, History before, List<KnownEvent> booked) {
        SortedSet<String> faults = new TreeSet<>();
        SortedSet<String> ids = new TreeSet<>();
        for (KnownEvent known : booked) {
            if (!known.booked().equals(before.next())) {
                throw new IllegalArgumentException(
                        known.id() + " is booked in " + known.booked() + ", not in " + before.next());
            }
            if (!ids.add(known.id())) {
                faults.add(Refusals.EVENT_DUP);
            }
            faults.addAll(EventFaults.beforeFigures(terms, before.opening(), known));
        }
        return faults.isEmpty() ? settle(terms, before, Figures.of(terms, booked)) : new Outcome.Refused(faults);
    }

    /// @param booked the figures of every event booked in the period `before.next()`; the events had no faults
    public static Outcome settle(Terms terms, History before, Figures booked) {
        return new Settlement(terms, before, booked).settle();
    }

    private Outcome settle() {
        Figures known = before.figures().plus(booked.settled());
        Accruals accruals = new Accruals(terms, before.opening(), period, known);
        SortedSet<String> faults = new TreeSet<>(known.faults());
        faults.addAll(accruals.faults());
        for (Clause clause : terms.clauses()) {
            if (!(clause instanceof Clause.Fund)) {
                post(clause.id(), payer(clause), accruals);
            }
        }
        for (Clause clause : terms.clauses()) {
            if (clause instanceof Clause.Fund fund) {
                fund(fund, accruals);
            }
        }
        act(faults);
        return faults.isEmpty() ? pay(known) : new Outcome.Refused(faults);
    }

    private static String payer(Clause clause) {
        return switch (clause) {
            case Clause.Fee(var _, var from, var _, var _) -> from;
            case Clause.Unit(var _, var from, var _, var _) -> from;
            case Clause.Fund(var _, var from, var _, var _) -> from;
            case Clause.Split split -> split.holder();
            case Clause.Fixed fixed -> fixed.from();
            case Clause.Kpi kpi -> kpi.from();
            case Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _, Clause.Waterfall _ ->
                throw Fold.unsupported(clause);
        };
    }

    /// Posts what a clause makes due beyond what was posted already, for every period (terms/1 section 12.3).
    private void post(String clause, String from, Accruals accruals) {
        SortedMap<Period, SortedMap<String, BigInteger>> due = accruals.of(clause);
        SortedMap<Period, SortedMap<String, BigInteger>> already =
                before.posted().getOrDefault(clause, Collections.emptySortedMap());
        SortedSet<Period> periods = new TreeSet<>(due.keySet());
        periods.addAll(already.keySet());
        for (Period accrued : periods) {
            SortedMap<String, BigInteger> difference =
                    new TreeMap<>(due.getOrDefault(accrued, Collections.emptySortedMap()));
            already.getOrDefault(accrued, Collections.emptySortedMap())
                    .forEach((to, amount) -> difference.merge(to, amount.negate(), BigInteger::add));
            Optional<Period> adjusts = accrued.equals(period) ? Optional.empty() : Optional.of(accrued);
            difference.forEach((to, amount) -> {
                if (amount.signum() != 0) {
                    lines.add(Line.signed(clause, from, to, amount, adjusts));
                }
            });
        }
        if (!due.isEmpty()) {
            posted.put(clause, due);
        }
    }

    /// Adds the accrual to the fund, then pays claims in event order while it lasts (terms/1 section 11.10).
    private void fund(Clause.Fund fund, Accruals accruals) {
        String account = Accounts.fund(fund.id());
        int first = lines.size();
        post(fund.id(), fund.from(), accruals);
        BigInteger balance = funds.getOrDefault(fund.id(), BigInteger.ZERO);
        for (Line line : lines.subList(first, lines.size())) {
            balance = balance.add(line.effectOn(account));
        }
        Clause.Claims claims = fund.claims();
        Rounding round = fund.pricing().round();
        for (var claim : booked.claims(fund.id()).values()) {
            BigInteger pay = round.round(claims.reimburse().times(claim)).min(balance);
            if (pay.signum() > 0) {
                lines.add(new Line(fund.id(), account, claims.to(), pay, Optional.of("claim"), Optional.empty()));
                balance = balance.subtract(pay);
            }
        }
        funds.put(fund.id(), balance);
    }

    /// Disputes and suspensions, in event order (terms/1 sections 13.4 and 13.5).
    private void act(SortedSet<String> faults) {
        for (Map.Entry<Place, Figures.Booking> entry : booked.bookings().entrySet()) {
            Figures.Booking booking = entry.getValue();
            switch (booking.act()) {
                case SUSPEND -> suspended.add(booking.party());
                case RESUME -> suspended.remove(booking.party());
                case HOLD -> dispute(booking, booking.party(), Accounts.dispute(booking.party()), "hold", faults);
                case RELEASE ->
                    dispute(
                            booking,
                            Accounts.dispute(booking.party()),
                            booking.to().orElseThrow(),
                            "release",
                            faults);
            }
        }
    }

    private void dispute(Figures.Booking booking, String from, String to, String kind, SortedSet<String> faults) {
        BigInteger held = disputed.getOrDefault(booking.party(), BigInteger.ZERO);
        BigInteger after = kind.equals("hold") ? held.add(booking.amount()) : held.subtract(booking.amount());
        if (after.signum() < 0) {
            faults.add(Refusals.DISPUTE_OVERDRAWN);
            return;
        }
        disputed.put(booking.party(), after);
        if (booking.amount().signum() > 0) {
            lines.add(new Line(Accounts.DISPUTE, from, to, booking.amount(), Optional.of(kind), Optional.empty()));
        }
    }

    /// Nets the lines of each party with the hub, and pays or carries the balance (terms/1 section 13.2).
    private Outcome pay(Figures known) {
        SortedMap<String, BigInteger> balances = new TreeMap<>();
        for (Line line : lines) {
            balances.merge(line.to(), line.amount(), BigInteger::add);
            balances.merge(line.from(), line.amount().negate(), BigInteger::add);
        }
        SortedMap<String, BigInteger> payments = new TreeMap<>();
        SortedMap<String, BigInteger> carried = new TreeMap<>();
        for (Party party : terms.roster()) {
            if (!party.id().equals(terms.hub())) {
                BigInteger balance = before.carried()
                        .getOrDefault(party.id(), BigInteger.ZERO)
                        .add(balances.getOrDefault(party.id(), BigInteger.ZERO));
                BigInteger payment = payment(party.id(), balance);
                payments.put(party.id(), payment);
                carried.put(party.id(), balance.subtract(payment));
            }
        }
        SortedMap<String, SortedMap<String, BigInteger>> groups = new TreeMap<>();
        groups.put("carried", carried);
        groups.put("fund", funds);
        return new Outcome.Settled(
                new Statement(period, lines, payments, groups),
                new History(
                        before.opening(),
                        Optional.of(period),
                        known,
                        posted,
                        nonZero(carried),
                        nonZero(funds),
                        nonZero(disputed),
                        suspended));
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

    private static SortedMap<String, BigInteger> nonZero(SortedMap<String, BigInteger> amounts) {
        SortedMap<String, BigInteger> kept = new TreeMap<>(amounts);
        kept.values().removeIf(amount -> amount.signum() == 0);
        return kept;
    }
}
