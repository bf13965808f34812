package org.tallystick.agreement.settlement;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What is kept of each settled period, read when it is asked for, and once.
final class Pasts {

    /// Before the first settlement there is nothing to read.
    static final PastReader NOWHERE = new PastReader() {
        @Override
        public Json.Obj sums(Period period) {
            throw new IllegalStateException("nothing is kept of " + period);
        }

        @Override
        public Optional<Json.Obj> singles(Period period) {
            return Optional.empty();
        }

        @Override
        public SortedSet<Period> lookers(Period period) {
            throw new IllegalStateException("nothing is kept of " + period);
        }
    };

    private final PastReader reader;
    private final SortedMap<Period, Past> sums = new TreeMap<>();
    private final SortedMap<Period, Figures> singles = new TreeMap<>();
    private final SortedMap<Period, SortedSet<Period>> lookers = new TreeMap<>();

    Pasts(PastReader reader) {
        this.reader = reader;
    }

    Past sums(Period period) {
        return sums.computeIfAbsent(period, asked -> Past.decode(reader.sums(asked)));
    }

    /// The events of the period that clauses keep one by one.
    Figures singles(Period period) {
        return singles.computeIfAbsent(
                period, asked -> reader.singles(asked).map(Figures::decode).orElse(Figures.NONE));
    }

    /// The later periods that were computed with something of this one: what changes here may change them.
    SortedSet<Period> lookers(Period period) {
        return Collections.unmodifiableSortedSet(lookers.computeIfAbsent(period, reader::lookers));
    }

    /// The same after a settlement.
    Pasts with(SortedMap<Period, History.Renewed> renewed) {
        Pasts after = new Pasts(reader);
        after.sums.putAll(sums);
        after.singles.putAll(singles);
        after.lookers.putAll(lookers);
        renewed.forEach((period, change) -> {
            change.past().ifPresent(past -> after.sums.put(period, past));
            change.kept().ifPresent(kept -> after.singles.put(period, kept));
            after.lookers.put(period, new TreeSet<>(change.lookers()));
        });
        return after;
    }
}
