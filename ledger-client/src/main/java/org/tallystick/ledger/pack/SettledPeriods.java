package org.tallystick.ledger.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// The settlements of an agreement, as its transactions wrote them.
final class SettledPeriods {

    private final AgreementId agreement;
    /// Of a close under way: it may write its lines in several transactions.
    private final TreeMap<String, Bytes> written = new TreeMap<>();

    SettledPeriods(AgreementId agreement) {
        this.agreement = agreement;
    }

    /// Takes in the next transaction of the agreement.
    ///
    /// @return what it settles, by period: the record and its lines, each followed by an LF
    SortedMap<String, Bytes> take(LedgerBlock.Transaction transaction) throws LedgerException {
        TreeMap<String, Bytes> settlements = new TreeMap<>();
        written.putAll(pages(transaction));
        for (String settled : settled(transaction)) {
            settlements.put(settled, settlement(settled));
            written.clear();
        }
        return settlements;
    }

    /// The periods that a transaction settles.
    static SortedSet<String> settled(LedgerBlock.Transaction transaction) {
        TreeSet<String> periods = new TreeSet<>();
        for (Json.Obj answer : transaction.answers()) {
            if (answer.has("effects") && !answer.has("repeat")) {
                for (Json effect : answer.items("effects")) {
                    Json.Obj one = (Json.Obj) effect;
                    if (one.text("kind").equals("settlement")) {
                        periods.add(one.text("period"));
                    }
                }
            }
        }
        return periods;
    }

    /// What a transaction wrote of settlements. A close may have written its lines in several.
    private SortedMap<String, Bytes> pages(LedgerBlock.Transaction transaction) throws LedgerException {
        if (!(TransactionEnvelope.read(transaction.envelope()) instanceof TransactionEnvelope.Parsed(var envelope))) {
            throw new LedgerException.Refused("transaction " + transaction.id() + " cannot be read", null);
        }
        String prefix = Keys.settlement(agreement.text(), "");
        TreeMap<String, Bytes> pages = new TreeMap<>();
        envelope.writes().stream()
                .filter(write -> write.key().startsWith(prefix))
                .forEach(write -> write.value().ifPresent(value -> pages.put(write.key(), value)));
        return pages;
    }

    /// The record and its lines.
    private Bytes settlement(String settled) throws LedgerException {
        Json.Obj record = object(Keys.settlement(agreement.text(), settled));
        List<Bytes> parts = new ArrayList<>();
        Bytes lineFeed = Bytes.ofUtf8("\n");
        parts.add(record.canonical());
        parts.add(lineFeed);
        long left = record.whole("count");
        for (int page = 1; left > 0; page++) {
            List<Json> lines =
                    object(Keys.lines(agreement.text(), settled, page)).items("lines");
            for (Json line : lines) {
                parts.add(line.canonical());
                parts.add(lineFeed);
            }
            left -= lines.size();
        }
        return Bytes.concat(parts.toArray(Bytes[]::new));
    }

    private Json.Obj object(String key) throws LedgerException {
        Bytes value = written.get(key);
        if (value != null && JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new LedgerException.Refused("the transactions of the agreement did not write " + key, null);
    }
}
