package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tallystick.acceptance.History.Decided;
import org.tallystick.acceptance.Load.Reported;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.Run;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.client.SourceHistory;

/// What became of reports, read from the blocks and the state of the ledger and from nowhere else.
final class Effects {

    private final Ledger ledger;
    private final Map<Hash, List<Decided>> verdicts = new HashMap<>();

    private Effects(Ledger ledger) {
        this.ledger = ledger;
    }

    static Effects of(Ledger ledger) throws LedgerException {
        Effects effects = new Effects(ledger);
        long height = ledger.height();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long number = 0; number < height; number++) {
                LedgerBlock block = blocks.next();
                block.transactions().stream()
                        .filter(one -> one.valid() && one.function().equals("submit"))
                        .forEach(one -> effects.read(block.number(), one));
            }
        }
        return effects;
    }

    private void read(long block, LedgerBlock.Transaction transaction) {
        List<Json.Obj> items = transaction.answers();
        for (int n = 0; n < items.size(); n++) {
            Json.Obj item = items.get(n);
            if (item.has("verdict") && !item.has("repeat")) {
                verdicts.computeIfAbsent(new Hash(item.text("hash")), _ -> new ArrayList<>())
                        .add(new Decided(item, new Position(block, transaction.index(), n)));
            }
        }
    }

    /// Each of these has exactly one verdict, and is applied by it; nothing on the ledger was refused.
    void eachIsAppliedOnce(Collection<Reported> acknowledged) {
        assertThat(verdicts.values())
                .allSatisfy(all -> assertThat(all)
                        .hasSize(1)
                        .allMatch(verdict -> verdict.answer().text("result").equals("applied")));
        assertThat(acknowledged)
                .allSatisfy(one -> assertThat(verdicts).containsKey(one.signed().instruction()));
    }

    /// All verdicts that were written, by the instruction.
    Map<Hash, List<Decided>> verdicts() {
        return Map.copyOf(verdicts);
    }

    Position position(Hash instruction) {
        return verdicts.getOrDefault(instruction, List.of()).getFirst().position();
    }

    /// Every source took the numbers of its acknowledged reports, each once and without a gap, and booked their events.
    void everySourceHasItsReportsOnce(Collection<Reported> acknowledged, String period) throws LedgerException {
        Map<String, List<Reported>> sources = acknowledged.stream()
                .collect(Collectors.groupingBy(
                        one -> one.agreement() + " " + one.source(), TreeMap::new, Collectors.toList()));
        for (List<Reported> reports : sources.values()) {
            AgreementId agreement = reports.getFirst().agreement();
            SourceId source = reports.getFirst().source();
            reports.sort(Comparator.comparingLong(Reported::first));
            SourceHistory history = new SourceHistory(new LedgerCourier(ledger), agreement, source);
            List<Run.Report> taken = history.runs().reversed().stream()
                    .flatMap(run -> run.reports().stream())
                    .toList();

            assertThat(taken)
                    .extracting(Run.Report::id)
                    .containsExactlyElementsOf(reports.stream()
                            .map(one -> one.signed().payload().id().text())
                            .toList());
            long last = 0;
            for (Run.Report report : taken) {
                assertThat(report.first()).isEqualTo(last + 1);
                last += report.count();
            }
            assertThat(history.last()).isEqualTo(last);
            assertThat(last)
                    .isEqualTo(reports.stream().mapToLong(Reported::count).sum());
            String total = Keys.total(agreement.text(), source.text(), period);
            assertThat(PeriodTotal.decode(ledger.get(List.of(total)).getOrDefault(total, Json.Obj.EMPTY))
                            .count())
                    .isEqualTo(last);
        }
    }
}
