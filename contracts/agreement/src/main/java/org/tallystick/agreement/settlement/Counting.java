package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Clause;
import org.tallystick.agreement.terms.Measure;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Pricing;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.Tiers;

/// Which of the events booked in a settlement each clause counts, and as what: the first of them in event order.
///
/// Each event is folded alone, by the fold that the engine uses: what it leaves in the figures is what it adds to them.
final class Counting {

    /// What clauses cannot be called: ids have none of these characters.
    private static final String BOOKED = ":booked ";
    private static final String RECORDED = ":recorded ";

    private final Terms terms;
    private final Plan plan;
    private final int most;
    private final SortedMap<Key, Found> found = new TreeMap<>();
    /// Claims and bookings by the ids of their events: each makes a posting of its own.
    private final SortedMap<String, CountedEvents.Counted> own = new TreeMap<>();

    /// Where an event counts.
    ///
    /// @param of the clause or measure whose figures these are
    /// @param by the party, where the figures are those of one party
    private record Key(Figures.Use use, String of, Period period, String by) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::use)
                .thenComparing(Key::of)
                .thenComparing(Key::period)
                .thenComparing(Key::by);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private static final Comparator<CountedEvents.Counted> ORDER =
            Comparator.comparing(counted -> Place.of(counted.event()));

    private static final class Found {
        /// The last of them first, which one before it puts out.
        final PriorityQueue<CountedEvents.Counted> first = new PriorityQueue<>(ORDER.reversed());

        long count;

        void add(CountedEvents.Counted counted, int most) {
            count++;
            first.add(counted);
            if (first.size() > most) {
                CountedEvents.Counted _ = first.remove();
            }
        }
    }

    /// @param most so many events are kept for each figure; all are counted
    Counting(Terms terms, int most) {
        this.terms = terms;
        this.plan = new Plan(terms);
        this.most = most;
    }

    void add(KnownEvent event) {
        Figures figures = Figures.of(plan, List.of(event), Arithmetic.LONGS);
        Period period = terms.frequency().periodOf(event.event().date());
        for (Plan.Slot slot : plan.slots()) {
            figures.sums(slot.use(), slot.of(), period).forEach((key, basket) -> sum(event, slot, period, key, basket));
        }
        for (Clause clause : terms.clauses()) {
            figures.alone(clause.id(), period).forEach((alone, count) -> {
                Rational value = Rational.whole(alone.money().amount().multiply(count));
                add(
                        event,
                        Figures.Use.BASE,
                        clause.id(),
                        period,
                        "",
                        measure(clause),
                        value,
                        unit(alone.money().coin()),
                        Optional.empty());
            });
            for (Figures.Single single : figures.ordered(clause.id())) {
                Working.Unit unit = single.coin().isOwn() ? unit(measure(clause)) : Working.Unit.FOREIGN;
                add(
                        event,
                        Figures.Use.BASE,
                        clause.id(),
                        period,
                        "",
                        measure(clause),
                        single.value(),
                        unit,
                        Optional.empty());
            }
            for (Figures.Claim claim : figures.claims(clause.id())) {
                Rational value = Rational.whole(claim.money().amount());
                Working.Unit unit = unit(claim.money().coin());
                own.put(event.id(), new CountedEvents.Counted(event, "claim", value, unit, Optional.empty()));
            }
        }
        for (Figures.Booking booking : figures.bookings()) {
            Rational value = Rational.whole(booking.amount());
            String type = event.event().type();
            String of = BOOKED + booking.act() + " " + booking.whom();
            own.put(event.id(), new CountedEvents.Counted(event, type, value, Working.Unit.MONEY, Optional.empty()));
            add(event, Figures.Use.BASE, of, period, "", type, value, Working.Unit.MONEY, Optional.empty());
        }
        event.event()
                .kpi()
                .ifPresent(kpi -> add(
                        event,
                        Figures.Use.BASE,
                        RECORDED + kpi,
                        period,
                        "",
                        kpi,
                        event.event().value().orElseThrow(),
                        Working.Unit.NUMBER,
                        Optional.empty()));
    }

    private void sum(KnownEvent event, Plan.Slot slot, Period period, String key, Basket basket) {
        boolean party = slot.use() == Figures.Use.PART || slot.use() == Figures.Use.PRO_RATA;
        Optional<Clause> clause = terms.clauses().stream()
                .filter(one -> one.id().equals(slot.of()))
                .findFirst();
        String figure = figure(slot, clause);
        boolean priced =
                clause.flatMap(Clause::priced).filter(Pricing::perEvent).isPresent();
        Optional<Rational> rate = key.isEmpty() || party || priced || isLookback(clause)
                ? Optional.empty()
                : RateKey.ofText(key) instanceof RateKey.Known(var known, var _)
                        ? Optional.of(known)
                        : Optional.empty();
        basket.sums().forEach((coin, value) -> {
            Working.Unit unit = priced || slot.use() == Figures.Use.PART
                    ? Working.Unit.MONEY
                    : coin.isOwn() ? unit(figure) : Working.Unit.FOREIGN;
            add(event, slot.use(), slot.of(), period, party ? key : "", figure, value, unit, rate);
        });
    }

    private static boolean isLookback(Optional<Clause> clause) {
        return clause.flatMap(Clause::priced)
                .filter(pricing ->
                        pricing.charge() instanceof Pricing.Tiered(var tiers) && tiers.mode() == Tiers.Mode.LOOKBACK)
                .isPresent();
    }

    private void add(
            KnownEvent event,
            Figures.Use use,
            String of,
            Period period,
            String by,
            String figure,
            Rational value,
            Working.Unit unit,
            Optional<Rational> rate) {
        found.computeIfAbsent(new Key(use, of, period, by), _ -> new Found())
                .add(new CountedEvents.Counted(event, figure, value, unit, rate), most);
    }

    private Working.Unit unit(String figure) {
        Measure measure = terms.measures().get(figure);
        if (measure == null) {
            return Working.Unit.EVENTS;
        }
        return switch (measure.of()) {
            case AMOUNT -> Working.Unit.MONEY;
            case QUANTITY -> Working.Unit.UNITS;
            case COUNT -> Working.Unit.EVENTS;
        };
    }

    private static Working.Unit unit(Coin coin) {
        return coin.isOwn() ? Working.Unit.MONEY : Working.Unit.FOREIGN;
    }

    /// The measure that a clause prices or divides; of one that has none, its own name.
    private static String measure(Clause clause) {
        return switch (clause) {
            case Clause.Split split -> split.of();
            case Clause.Kpi kpi -> kpi.of();
            case Clause.Waterfall waterfall -> waterfall.of();
            case Clause.Fee fee -> fee.pricing().of();
            case Clause.Unit unit -> unit.pricing().of();
            case Clause.Fund fund -> fund.pricing().of();
            case Clause.Fixed _, Clause.Guarantee _, Clause.Advance _, Clause.Reserve _, Clause.Withholding _ ->
                clause.id();
        };
    }

    private String figure(Plan.Slot slot, Optional<Clause> clause) {
        return switch (slot.use()) {
            case MEASURE -> slot.of();
            case BASE, PART -> clause.map(Counting::measure).orElse(slot.of());
            case TIER ->
                clause.flatMap(Clause::priced)
                        .filter(pricing -> pricing.charge() instanceof Pricing.Tiered)
                        .map(pricing ->
                                ((Pricing.Tiered) pricing.charge()).tiers().measure())
                        .orElse(slot.of());
            case PRO_RATA ->
                clause.filter(Clause.Split.class::isInstance)
                        .flatMap(split -> ((Clause.Split) split).proRata())
                        .map(Clause.ProRata::of)
                        .orElse(slot.of());
        };
    }

    /// Those that an accrual of a clause counts: in its window, for the party where it is divided, with the measures
    /// that limit it, the figures that it looks up, and what decides on its tiers in other periods, maybe.
    CountedEvents accrual(Clause clause, List<Period> window, Collection<Period> deciding, String to) {
        SortedSet<String> whole = new TreeSet<>();
        SortedSet<String> recorded = new TreeSet<>();
        clause.priced().ifPresent(pricing -> {
            pricing.factor().ifPresent(recorded::add);
            pricing.floor().ifPresent(floor -> measure(floor).ifPresent(whole::add));
            pricing.cap().ifPresent(cap -> measure(cap.limit()).ifPresent(whole::add));
        });
        if (clause instanceof Clause.Kpi kpi) {
            kpi.tables().forEach(table -> recorded.add(table.kpi()));
        }
        return matching(key -> switch (key.use()) {
            case BASE ->
                (key.of().equals(clause.id())
                                || (key.of().startsWith(RECORDED)
                                        && recorded.contains(key.of().substring(RECORDED.length()))))
                        && window.contains(key.period());
            case PART, PRO_RATA ->
                key.of().equals(clause.id())
                        && window.contains(key.period())
                        && (key.use() == Figures.Use.PRO_RATA || key.by().equals(to));
            case TIER -> key.of().equals(clause.id()) && deciding.contains(key.period());
            case MEASURE -> whole.contains(key.of()) && window.contains(key.period());
        });
    }

    private static Optional<String> measure(Pricing.Limit limit) {
        return limit instanceof Pricing.MeasureLimit(var of, var _) ? Optional.of(of) : Optional.empty();
    }

    /// Those that some measures count, taken whole, in any of these periods.
    CountedEvents whole(Collection<String> measures, List<Period> periods) {
        return matching(key ->
                key.use() == Figures.Use.MEASURE && measures.contains(key.of()) && periods.contains(key.period()));
    }

    /// The claim or booking that has a posting of its own.
    CountedEvents own(Optional<String> event) {
        return event.flatMap(id -> Optional.ofNullable(own.get(id)))
                .map(counted -> new CountedEvents(List.of(counted), 1))
                .orElse(CountedEvents.NONE);
    }

    /// All bookings of an act.
    CountedEvents booked(Figures.Act act, Collection<String> whom) {
        List<String> of = whom.stream().map(party -> BOOKED + act + " " + party).toList();
        return matching(key -> of.contains(key.of()));
    }

    /// Both, in event order.
    CountedEvents all(CountedEvents some, CountedEvents others) {
        List<CountedEvents.Counted> first = new ArrayList<>(some.first());
        first.addAll(others.first());
        return sorted(first, some.count() + others.count());
    }

    private CountedEvents matching(Predicate<Key> counts) {
        List<CountedEvents.Counted> first = new ArrayList<>();
        long count = 0;
        for (Map.Entry<Key, Found> entry : found.entrySet()) {
            if (counts.test(entry.getKey())) {
                first.addAll(entry.getValue().first);
                count += entry.getValue().count;
            }
        }
        return sorted(first, count);
    }

    private CountedEvents sorted(List<CountedEvents.Counted> first, long count) {
        return new CountedEvents(first.stream().sorted(ORDER).limit(most).toList(), count);
    }
}
