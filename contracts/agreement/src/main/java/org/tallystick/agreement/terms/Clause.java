package org.tallystick.agreement.terms;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.numbers.Rational;

/// One numbered sentence of the terms (terms/1 section 11).
///
/// The clauses are data; the package `settlement` gives them their meaning. A new kind of clause is a new record here,
/// and the compiler then points at every switch that has to learn about it.
public sealed interface Clause {

    String id();

    /// What the document calls clauses of this kind.
    default String type() {
        return switch (this) {
            case Fee _ -> "fee";
            case Unit _ -> "unit";
            case Fund _ -> "fund";
            case Split _ -> "split";
            case Fixed _ -> "fixed";
            case Kpi _ -> "kpi";
            case Guarantee _ -> "guarantee";
            case Advance _ -> "advance";
            case Reserve _ -> "reserve";
            case Withholding _ -> "withholding";
            case Waterfall _ -> "waterfall";
        };
    }

    /// The days on which it is in force; always, if it is of a kind that has no `when`.
    default Validity when() {
        return switch (this) {
            case Fee fee -> fee.pricing().when();
            case Unit unit -> unit.pricing().when();
            case Fund fund -> fund.pricing().when();
            case Split split -> split.when();
            case Fixed fixed -> fixed.when();
            case Kpi kpi -> kpi.when();
            case Guarantee guarantee -> guarantee.when();
            case Reserve reserve -> reserve.when();
            case Withholding withholding -> withholding.when();
            case Advance _, Waterfall _ -> Validity.ALWAYS;
        };
    }

    /// How it prices a measure, if it is of a kind that does.
    default Optional<Pricing> priced() {
        return switch (this) {
            case Fee fee -> Optional.of(fee.pricing());
            case Unit unit -> Optional.of(unit.pricing());
            case Fund fund -> Optional.of(fund.pricing());
            case Split _, Fixed _, Kpi _, Guarantee _, Advance _, Reserve _, Withholding _, Waterfall _ ->
                Optional.empty();
        };
    }

    /// A share of an amount measure.
    record Fee(String id, String from, String to, Pricing pricing) implements Clause {}

    /// A price for each unit of a quantity or count measure.
    record Unit(String id, String from, String to, Pricing pricing) implements Clause {}

    /// Sets a share of an amount measure aside, and pays claims from it.
    record Fund(String id, String from, Pricing pricing, Claims claims) implements Clause {}

    record Claims(Filter on, Rational reimburse, String to) {}

    /// Divides a pool of money that one party holds among several.
    record Split(
            String id,
            String holder,
            String of,
            Filter where,
            Validity when,
            boolean perEvent,
            SortedMap<String, Rational> shares,
            Optional<ProRata> proRata)
            implements Clause {
        public Split {
            shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
        }
    }

    /// A share of the pool that is divided by use.
    ///
    /// @param by the attribute that names whose use an event is
    /// @param ifNone who gets the share when there is no use at all
    record ProRata(Rational share, String by, List<String> among, String of, String ifNone) {
        public ProRata {
            among = List.copyOf(among);
        }
    }

    /// A fixed amount for each event.
    record Fixed(String id, String from, String to, BigInteger amount, Filter on, Validity when, Optional<FixedCap> cap)
            implements Clause {}

    record FixedCap(BigInteger amount, Window window) {}

    /// A percentage that depends on recorded figures.
    record Kpi(
            String id,
            String from,
            String to,
            String of,
            Filter where,
            Validity when,
            List<KpiTable> tables,
            Optional<Rational> least,
            Optional<Rational> most)
            implements Clause {
        public Kpi {
            tables = List.copyOf(tables);
        }
    }

    record KpiTable(String kpi, List<KpiStep> steps) {
        public KpiTable {
            steps = List.copyOf(steps);
        }
    }

    record KpiStep(Rational gte, Rational rate) {}

    /// Tops up what other clauses made due.
    record Guarantee(
            String id, String from, String to, List<String> clauses, Window window, Validity when, Promise promise)
            implements Clause {
        public Guarantee {
            clauses = List.copyOf(clauses);
        }
    }

    sealed interface Promise {}

    record PromisedAmount(BigInteger amount) implements Promise {}

    record PromisedPerUnit(String of, Rational price) implements Promise {}

    /// Money paid before it is earned, and got back from what is earned.
    record Advance(String id, String from, String to, List<String> clauses, Rational recoupRate) implements Clause {
        public Advance {
            clauses = List.copyOf(clauses);
        }
    }

    /// A part of what is earned that is held back for a while.
    record Reserve(String id, String party, List<String> clauses, Rational rate, int releaseAfter, Validity when)
            implements Clause {
        public Reserve {
            clauses = List.copyOf(clauses);
        }
    }

    /// A part of what is earned that goes to an authority.
    record Withholding(String id, String party, String authority, List<String> clauses, Rational rate, Validity when)
            implements Clause {
        public Withholding {
            clauses = List.copyOf(clauses);
        }
    }

    /// Distributes money in an order of ranks.
    record Waterfall(
            String id, String holder, String of, List<String> investors, Rational preferredRate, List<Rank> tiers)
            implements Clause {
        public Waterfall {
            investors = List.copyOf(investors);
            tiers = List.copyOf(tiers);
        }
    }

    /// One rank of a waterfall; the document calls it a tier.
    sealed interface Rank {
        String id();
    }

    record Recover(String id, String party, String of) implements Rank {}

    record Preferred(String id) implements Rank {}

    record ReturnOfCapital(String id) implements Rank {}

    record CatchUp(String id, String party, Rational target) implements Rank {}

    record Remainder(String id, SortedMap<String, Rational> shares) implements Rank {
        public Remainder {
            shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
        }
    }
}
