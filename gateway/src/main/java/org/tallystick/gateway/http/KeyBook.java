package org.tallystick.gateway.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.StateReader;

/// The public keys of those who sign, as the ledger has them; those used last are kept.
///
/// A kid names its key by the key's hash, and a record is never taken away: what was found once is true for ever, and
/// keeping it can make nobody's good signature a wrong one. That a key was revoked or has ended may be missed here, and
/// is for the chaincode to say. What was not found is never kept: the next block may bring it.
final class KeyBook {

    private static final Logger LOG = Logger.getLogger(KeyBook.class.getName());

    /// Keys that are kept: some hundred bytes each.
    private static final int KEPT = 20_000;
    /// Two names are asked for each key.
    private static final int AT_ONCE = Transactions.MAX_KEYS / 2;
    /// How long intake waits for the ledger, and how long it then does without it.
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final StateReader ledger;
    private final Executor threads;
    private final Map<Kid, Key> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kid, Key> eldest) {
            return size() > KEPT;
        }
    };
    private volatile long blindUntil = System.nanoTime();

    KeyBook(StateReader ledger, Executor threads) {
        this.ledger = ledger;
        this.threads = threads;
    }

    /// @param keys that are known
    /// @param foreign kids whose key belongs to somebody else, for ever: a key is registered once on a ledger
    record Found(Map<Kid, Key> keys, Set<Kid> foreign) {

        Optional<Key> key(Kid kid) {
            return Optional.ofNullable(keys.get(kid));
        }
    }

    /// What can be told of these now. What is in neither part may be registered meanwhile, or the ledger does not
    /// answer.
    Found find(Collection<Kid> kids) throws InterruptedException {
        Map<Kid, Key> keys = new HashMap<>();
        List<Kid> others = new ArrayList<>();
        synchronized (kept) {
            for (Kid kid : new HashSet<>(kids)) {
                Key key = kept.get(kid);
                if (key == null) {
                    others.add(kid);
                } else {
                    keys.put(kid, key);
                }
            }
        }
        Set<Kid> foreign = new HashSet<>();
        if (!others.isEmpty() && System.nanoTime() - blindUntil >= 0) {
            SortedMap<String, Json.Obj> values = read(others);
            for (Kid kid : others) {
                Optional.ofNullable(values.get(record(kid)))
                        .map(KeyRecord.CODEC.decode())
                        .ifPresent(record -> keys.put(kid, record.key()));
                Json.Obj owner = values.get(Keys.keyOwner(kid.thumb()));
                if (owner != null && !owner.text("owner").equals(kid.owner().text())) {
                    foreign.add(kid);
                }
            }
            synchronized (kept) {
                kept.putAll(keys);
            }
        }
        return new Found(keys, foreign);
    }

    private static String record(Kid kid) {
        return Keys.key(kid.owner().text(), kid.thumb());
    }

    /// Nothing if the ledger does not answer in time.
    private SortedMap<String, Json.Obj> read(List<Kid> kids) throws InterruptedException {
        CompletableFuture<SortedMap<String, Json.Obj>> answer =
                CompletableFuture.supplyAsync(() -> readNow(kids), threads);
        try {
            return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            blindUntil = System.nanoTime() + LONGEST.toNanos();
            LOG.info("signatures are not checked here for a while: the ledger does not tell its keys: " + e);
            return new TreeMap<>();
        }
    }

    private SortedMap<String, Json.Obj> readNow(List<Kid> kids) {
        SortedMap<String, Json.Obj> values = new TreeMap<>();
        for (int from = 0; from < kids.size(); from += AT_ONCE) {
            List<String> names = new ArrayList<>();
            for (Kid kid : kids.subList(from, Math.min(kids.size(), from + AT_ONCE))) {
                names.add(record(kid));
                names.add(Keys.keyOwner(kid.thumb()));
            }
            try {
                values.putAll(ledger.get(names));
            } catch (LedgerException e) {
                throw new IllegalStateException(e);
            }
        }
        return values;
    }
}
