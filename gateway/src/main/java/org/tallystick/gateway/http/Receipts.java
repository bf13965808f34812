package org.tallystick.gateway.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Taken;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.Receipt;
import org.tallystick.ledger.log.ReceiptItem;
import org.tallystick.ledger.log.ReceiptLeaves;

/// Signs for what was taken: `docs/spec/receipt-1.md`. Nothing is signed before it is on the disk.
final class Receipts {

    private static final Logger LOG = Logger.getLogger(Receipts.class.getName());

    private final TransparencyLog log;
    private final Hash ledger;
    private final MemberId member;
    private final Duration promise;

    /// @param promise how long the ledger's answer may take
    Receipts(TransparencyLog log, Hash ledger, MemberId member, Duration promise) {
        this.log = log;
        this.ledger = ledger;
        this.member = member;
        this.promise = promise;
    }

    /// A note, and what it says of each that it covers, in their order.
    record Signed(String note, List<ReceiptItem> items) {}

    /// Nothing without a key that the ledger names, or without anything to promise.
    Optional<Signed> of(List<Taken> taken) throws InterruptedException {
        Optional<LogSigner> signer = taken.isEmpty() ? Optional.empty() : signer();
        return signer.map(key -> signed(taken, key));
    }

    private Optional<LogSigner> signer() throws InterruptedException {
        try {
            return log.signer();
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "receipts: none now: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Signed signed(List<Taken> taken, LogSigner signer) {
        long now = System.currentTimeMillis();
        ReceiptLeaves leaves = new ReceiptLeaves(taken.stream().map(this::leaf).toList());
        List<ReceiptItem> items = new ArrayList<>();
        for (int i = 0; i < leaves.count(); i++) {
            items.add(leaves.item(i));
        }
        LedgerTime latest = items.stream()
                .map(item -> item.leaf().promised())
                .max(LedgerTime::compareTo)
                .orElseThrow();
        Receipt receipt = new Receipt(ledger, member, seconds(now), latest, leaves.count(), leaves.root());
        return new Signed(receipt.sign(signer).octets().utf8().orElseThrow(), items);
    }

    private ReceiptItem.Leaf leaf(Taken taken) {
        LedgerTime received = seconds(taken.receivedMillis());
        return new ReceiptItem.Leaf(taken.standing().instruction(), received, received.plus(promise));
    }

    private static LedgerTime seconds(long millis) {
        return new LedgerTime(millis / 1000);
    }
}
