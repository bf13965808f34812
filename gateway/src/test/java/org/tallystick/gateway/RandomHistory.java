package org.tallystick.gateway;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;

/// Blocks in which partners agree, report, declare, take back and close, some of it in vain.
final class RandomHistory {

    private static final int SOURCES = 10;

    final FakeLedger ledger;
    final Partners partners;
    final List<Partners.Deal> deals = new ArrayList<>();
    private final Random random;
    private final Map<String, Long> last = new TreeMap<>();
    private int parties;

    RandomHistory(long seed) {
        this(new FakeLedger(seed, true), seed);
    }

    RandomHistory(FakeLedger ledger, long seed) {
        this.ledger = ledger;
        this.partners = new Partners(seed);
        this.random = new Random(seed);
    }

    void begin(int agreements) {
        ledger.commit(partners.registrar());
        ledger.commit(partners.enroll(Partners.HUB));
        ledger.commit(partners.enroll(Partners.ANA));
        for (int n = 0; n < agreements; n++) {
            Partners.Deal deal = partners.deal("d" + n);
            deals.add(deal);
            ledger.commit(deal.offer());
            ledger.commit(deal.accept());
        }
    }

    void go(int steps) {
        for (int n = 0; n < steps; n++) {
            Partners.Deal deal = deals.get(random.nextInt(deals.size()));
            switch (random.nextInt(8)) {
                // Accepted already.
                case 0 -> ledger.commit(deal.accept());
                case 1 -> ledger.commit(partners.enroll(new PartyId("north/p" + parties++)));
                // A verdict that is told twice stands once.
                case 2 -> {
                    Bytes report = report(deal);
                    ledger.commit(report);
                    ledger.commit(report);
                }
                default -> ledger.commit(report(deal));
            }
        }
    }

    private Bytes report(Partners.Deal deal) {
        String source = "s" + random.nextInt(SOURCES);
        int count = 1 + random.nextInt(5);
        long first = last.merge(deal.id() + " " + source, (long) count, Long::sum) - count + 1;
        return deal.report(source, first, count);
    }

    /// The month is over: all is declared, some of it twice, and all agreements are settled.
    void settle() {
        var offset = deals.getFirst().untilMonthIsOver();
        ledger.commit(partners.trialClock(offset));
        partners.clock(offset);
        for (Partners.Deal deal : deals) {
            for (int n = 0; n < SOURCES; n++) {
                ledger.commit(declare(deal, "s" + n));
                if (random.nextInt(4) == 0) {
                    ledger.commit(takeBack(deal, "s" + n));
                    ledger.commit(declare(deal, "s" + n));
                }
            }
            ledger.commit(deal.close());
        }
    }

    private Bytes declare(Partners.Deal deal, String source) {
        long count = last.getOrDefault(deal.id() + " " + source, 0L);
        BigInteger amount = BigInteger.valueOf(count * 100 + count * (count + 1) / 2);
        List<Act.Total> totals = count == 0
                ? List.of()
                : List.of(new Act.Total("sale", Optional.of("EUR"), count, Optional.of(amount), Optional.empty()));
        return deal.declare(source, count, totals);
    }

    private Bytes takeBack(Partners.Deal deal, String source) {
        Act act = new Act.TakeBack(new SourceId(source), deal.period());
        return partners.sign(partners.payload(Partners.HUB, Optional.of(deal.scope()), act), Partners.HUB);
    }
}
