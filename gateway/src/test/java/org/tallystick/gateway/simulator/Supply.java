package org.tallystick.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.FakeLedger;
import org.tallystick.gateway.Partners;
import org.tallystick.gateway.courier.Clockwork;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.pack.BlockLeaves;
import org.tallystick.ledger.pack.ChainLeaves;

/// What all runs begin with: a ledger on which two partners have agreed, and instructions that they have signed.
final class Supply {

    /// When a run begins: an epoch ends in the middle of it.
    static final Instant BEGIN = Instant.parse("2026-03-10T12:00:00Z");

    /// How long poison is offered.
    static final Duration WINDOW = Duration.ofSeconds(50);

    private static final Instant PREPARED = BEGIN.minus(Duration.ofMinutes(59));
    private static final int SOURCES = 4;
    private static final int REPORTS = 5;
    private static final int PARTIES = 12;

    /// What is to become of an instruction that a gateway acknowledged.
    enum Expected {
        APPLIED,
        /// Nobody has signed it: an answer, but no verdict.
        FORGED,
        /// It makes each transaction fail: an answer when its window is over.
        POISON,
        /// A verdict, whichever.
        DECIDED
    }

    record Instruction(Signed signed, Expected expected) {}

    private final FakeLedger ledger;
    private final SortedMap<String, ChainLeaves.End> ends;
    private final List<List<Instruction>> chains = new ArrayList<>();
    private final List<Instruction> singles = new ArrayList<>();

    Supply() {
        Clockwork prepared = new StandingClock(PREPARED);
        ledger = new FakeLedger(1, true, prepared);
        Partners partners = new Partners(1, () -> PREPARED);
        ledger.commit(partners.registrar());
        ledger.commit(partners.enroll(Partners.HUB));
        ledger.commit(partners.enroll(Partners.ANA));
        for (String label : List.of("one", "two")) {
            agreed(partners, partners.deal(label));
        }
        for (int n = 0; n < PARTIES; n++) {
            singles.add(of(partners.enroll(new PartyId("north/party" + n)), Expected.APPLIED));
        }
        ends = ends(ledger);
    }

    private void agreed(Partners partners, Partners.Deal deal) {
        ledger.commit(deal.offer());
        ledger.commit(deal.accept());
        for (int source = 0; source < SOURCES; source++) {
            List<Instruction> chain = new ArrayList<>();
            for (int n = 0; n < REPORTS; n++) {
                chain.add(of(deal.report("s" + source, 1 + 2L * n, 2), Expected.APPLIED));
            }
            chains.add(chain);
        }
        Payload payload = deal.reportPayload("s8", 1, 1);
        singles.add(of(Envelope.sign(payload, new Envelope.Hand(Partners.HUB, partners.newKey())), Expected.FORGED));
        singles.add(of(until(partners, deal, "s9", 1, WINDOW), Expected.POISON));
        // Waits for what never comes, until its window is over.
        singles.add(of(until(partners, deal, "s6", 3, Duration.ofSeconds(20)), Expected.DECIDED));
        // The same numbers twice.
        singles.add(of(deal.report("s7", 1, 1), Expected.DECIDED));
        singles.add(of(deal.report("s7", 1, 2), Expected.DECIDED));
    }

    /// A report whose window ends so long after the begin of a run.
    private static Bytes until(Partners partners, Partners.Deal deal, String source, long first, Duration window) {
        LedgerTime until = new LedgerTime(BEGIN.getEpochSecond()).plus(window);
        Payload payload = partners.payload(
                Partners.HUB, Optional.of(deal.scope()), deal.reportAct(source, first, 1), partners.now(), until);
        return partners.sign(payload, Partners.HUB);
    }

    private static Instruction of(Bytes envelope, Expected expected) {
        return new Instruction(Partners.read(envelope), expected);
    }

    private static SortedMap<String, ChainLeaves.End> ends(FakeLedger ledger) {
        BlockLeaves leaves = new BlockLeaves(new ChainLeaves());
        try {
            for (LedgerBlock block : ledger.blocks()) {
                var _ = leaves.next(block);
            }
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
        return leaves.ends();
    }

    FakeLedger ledger() {
        return ledger;
    }

    /// How far the chains of the log go on it.
    SortedMap<String, ChainLeaves.End> ends() {
        return ends;
    }

    /// Transactions that carry poison fail as a whole.
    Predicate<List<Bytes>> poison() {
        List<Bytes> poison = singles.stream()
                .filter(one -> one.expected() == Expected.POISON)
                .map(one -> one.signed().envelope())
                .toList();
        return arguments -> !Collections.disjoint(arguments, poison);
    }

    /// Some of them: of each chain of reports the beginning, so that each finds those before it.
    List<Instruction> some(Random random) {
        List<Instruction> some = new ArrayList<>();
        for (List<Instruction> chain : chains) {
            some.addAll(chain.subList(0, random.nextInt(chain.size() + 1)));
        }
        for (Instruction single : singles) {
            if (random.nextInt(3) == 0) {
                some.add(single);
            }
        }
        Collections.shuffle(some, random);
        return some;
    }
}
