package org.tallystick.agreement.state;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.History;
import org.tallystick.agreement.settlement.PastReader;
import org.tallystick.agreement.terms.Period;

/// Where a close leaves what later ones need of the periods settled so far: `docs/spec/ledger-1.md` section 8.
///
/// What all of them need lies under the period closed, and is small; the rest lies under the period that it is about,
/// and is read when a settlement asks for that.
public final class RollUp {

    private final String agreement;
    private final Function<String, Optional<Json.Obj>> state;

    /// @param state the value of a key
    public RollUp(String agreement, Function<String, Optional<Json.Obj>> state) {
        this.agreement = agreement;
        this.state = state;
    }

    /// What the settlement after `closed` starts from, whatever was settled since; nothing if that period is not
    /// settled.
    public Optional<History> after(Period closed) {
        return Pages.read(page -> Keys.rollUp(agreement, closed.text(), page), state)
                .map(carried -> History.decode(carried, reader(closed)));
    }

    private PastReader reader(Period settled) {
        return new PastReader() {
            @Override
            public Json.Obj sums(Period period) {
                return PastRecord.newest(record(period).sums(), settled)
                        .map(Period::text)
                        .flatMap(closed ->
                                Pages.read(page -> Keys.pastSums(agreement, period.text(), closed, page), state))
                        .orElseThrow(() -> lost(period));
            }

            @Override
            public Optional<Json.Obj> singles(Period period) {
                return PastRecord.newest(record(period).singles(), settled)
                        .map(Period::text)
                        .map(closed -> Pages.read(
                                        page -> Keys.pastSingles(agreement, period.text(), closed, page), state)
                                .orElseThrow(() -> lost(period)));
            }

            @Override
            public SortedSet<Period> lookers(Period period) {
                return record(period).lookers();
            }
        };
    }

    private PastRecord record(Period period) {
        return find(period).orElseThrow(() -> lost(period));
    }

    private Optional<PastRecord> find(Period period) {
        return state.apply(Keys.past(agreement, period.text())).map(PastRecord::decode);
    }

    private IllegalStateException lost(Period period) {
        return new IllegalStateException("what is kept of " + period + " of " + agreement + " is not there");
    }

    /// What the close of a period writes of what follows from it, by key. It may be written step by step: nothing of it
    /// is read before [#records] are written, too.
    public SortedMap<String, Bytes> pages(Period closed, History after) {
        SortedMap<String, Bytes> pages = new TreeMap<>();
        Pages.write(
                page -> Keys.rollUp(agreement, closed.text(), page),
                after.encode(),
                (key, page) -> pages.put(key, page.canonical()));
        after.renewed().forEach((period, renewed) -> {
            renewed.sums()
                    .ifPresent(sums -> Pages.write(
                            page -> Keys.pastSums(agreement, period.text(), closed.text(), page),
                            sums,
                            (key, page) -> pages.put(key, page.canonical())));
            renewed.singles()
                    .ifPresent(singles -> Pages.write(
                            page -> Keys.pastSingles(agreement, period.text(), closed.text(), page),
                            singles,
                            (key, page) -> pages.put(key, page.canonical())));
        });
        return pages;
    }

    /// Where the pages of a close are found from now on, by key: what its last step writes.
    public SortedMap<String, Json.Obj> records(Period closed, History after) {
        SortedMap<String, Json.Obj> records = new TreeMap<>();
        after.renewed()
                .forEach((period, renewed) -> records.put(
                        Keys.past(agreement, period.text()),
                        PastRecord.after(find(period), closed, renewed).encode()));
        return records;
    }
}
