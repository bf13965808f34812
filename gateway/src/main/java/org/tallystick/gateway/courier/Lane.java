package org.tallystick.gateway.courier;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Clockwork.Strand;
import org.tallystick.gateway.courier.Outcomes.Outcome;
import org.tallystick.gateway.store.CourierStore;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.State;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.watch.Watch.Stage;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.Ledger.Endorsed;
import org.tallystick.ledger.LedgerException;

/// The instructions of one agreement, or of the registry, on their way: one transaction at a time, so that they never
/// conflict with each other.
///
/// A lane has a thread of its own while it holds something. Its state is guarded by the lane; whoever tells it
/// something never waits.
final class Lane {

    private static final Logger LOG = Logger.getLogger(Lane.class.getName());

    /// What waits for no time and no commit that we know of is offered again after this.
    private static final Duration ANYWAY = Duration.ofSeconds(60);
    /// How long after its window an instruction is still offered, for a verdict; then it is given up.
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final String home;
    private final Courier courier;
    private final Deque<Sending> unresolved = new ArrayDeque<>();
    private final TreeMap<Long, Pending> pending = new TreeMap<>();
    private long touches;
    private @Nullable Lease lease;
    private boolean running;
    private @Nullable Strand strand;

    Lane(String home, Courier courier) {
        this.home = home;
        this.courier = courier;
    }

    /// Carries under this lease from now on.
    ///
    /// @param sendings transactions of which nobody knows whether they were sent; nothing is offered before
    ///     that is known
    synchronized void adopt(Lease newer, List<Sending> sendings) {
        if (lease == null || lease.fence() < newer.fence()) {
            lease = newer;
        }
        unresolved.addAll(sendings);
    }

    /// @return false if it holds this already
    synchronized boolean hold(Pending arrived) {
        return pending.putIfAbsent(arrived.seq(), arrived) == null;
    }

    /// Another instance carries this home, so all that is held is that one's.
    synchronized void lose() {
        lease = null;
        List.copyOf(pending.values()).forEach(this::drop);
        unresolved.clear();
        courier.clockwork().wake(this);
    }

    /// What was tried under a lease cannot be done under it any more.
    private synchronized void fenced(Lease old, List<Pending> part) {
        if (lease == null || lease.equals(old)) {
            LOG.info(home + ": another gateway carries it now");
            lose();
        } else {
            part.forEach(one -> postpone(one, Backoff.CONFLICT));
        }
    }

    /// Something of this home was written: what waits may be cured.
    synchronized void touched() {
        touches++;
        courier.clockwork().wake(this);
    }

    /// These have a verdict now.
    synchronized void answered(Set<Hash> instructions) {
        List<Pending> done = pending.values().stream()
                .filter(one -> instructions.contains(one.signed().instruction()))
                .toList();
        done.forEach(this::drop);
        done.forEach(courier::answered);
        courier.clockwork().wake(this);
    }

    /// Looks at its state again: the gateway stops, or the clock was moved.
    synchronized void wake() {
        touches++;
        courier.clockwork().wake(this);
    }

    synchronized boolean isIdle() {
        return !running;
    }

    private synchronized void drop(Pending done) {
        if (pending.remove(done.seq()) != null) {
            courier.dropped(done);
        }
    }

    /// Looks after what it holds from now on, on a thread of its own.
    synchronized void begin() {
        courier.clockwork().wake(this);
        if (!running && !courier.stopping()) {
            running = true;
            strand = courier.run(home, this::run);
        }
    }

    void interrupt() {
        Strand now = strand();
        if (now != null) {
            now.interrupt();
        }
    }

    /// Waits until it holds nothing more, or does nothing more since the gateway stops.
    ///
    /// @return false if it takes longer
    boolean join(Duration longest) throws InterruptedException {
        Strand now = strand();
        return now == null || now.join(longest);
    }

    private synchronized @Nullable Strand strand() {
        return strand;
    }

    private void run() {
        try {
            Optional<Lease> held = next();
            while (held.isPresent()) {
                Optional<Sending> sending = firstUnresolved();
                if (sending.isPresent()) {
                    resolve(sending.get());
                } else {
                    carry(held.get(), batch());
                }
                held = next();
            }
        } catch (InterruptedException _) {
            synchronized (this) {
                running = false;
            }
        }
    }

    private synchronized Optional<Sending> firstUnresolved() {
        return Optional.ofNullable(unresolved.peek());
    }

    private void resolve(Sending sending) throws InterruptedException {
        try {
            Outcome outcome = courier.carriage().resume(sending);
            LOG.info("transaction " + sending.transaction() + " of before: " + outcome.code());
            synchronized (this) {
                boolean _ = unresolved.remove(sending);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "transaction " + sending.transaction() + " of before is tried again", e);
            courier.clockwork().sleep(Backoff.TROUBLE.longest());
        }
    }

    /// Waits until something is due.
    ///
    /// @return the lease under which it is to be done; nothing if the lane is empty or the gateway stops
    private synchronized Optional<Lease> next() throws InterruptedException {
        while (!courier.stopping() && lease != null && !(pending.isEmpty() && unresolved.isEmpty())) {
            long now = courier.clockwork().millis();
            List<Pending> due = due(now);
            // Nobody waits for others to join: those who come while a transaction is under way travel together.
            if (!unresolved.isEmpty() || !due.isEmpty()) {
                return Optional.of(lease);
            }
            long next = pending.values().stream()
                    .mapToLong(Pending::dueMillis)
                    .min()
                    .orElse(now);
            courier.clockwork().await(this, Math.max(1, next - now));
        }
        running = false;
        return Optional.empty();
    }

    private List<Pending> due(long now) {
        return pending.values().stream().filter(one -> one.isDue(now, touches)).toList();
    }

    /// What travels in the next transaction.
    private synchronized List<Pending> batch() {
        List<Pending> due = due(courier.clockwork().millis());
        return due.isEmpty() ? List.of() : Batches.next(due);
    }

    /// Gets these to an answer, or postpones them. What fails as a whole is tried in halves, then one by one.
    private void carry(Lease under, List<Pending> batch) throws InterruptedException {
        Deque<List<Pending>> parts = new ArrayDeque<>(List.of(batch));
        while (!parts.isEmpty() && !courier.stopping()) {
            List<Pending> part = parts.pop().stream().filter(this::isPending).toList();
            try {
                submit(under, part);
            } catch (CourierStore.Fenced _) {
                fenced(under, part);
            } catch (LedgerException.Unavailable e) {
                postpone(part, Backoff.TROUBLE, e);
            } catch (LedgerException e) {
                if (part.size() > 1) {
                    LOG.info(home + ": " + part.size() + " instructions failed together and are tried in halves: "
                            + e.getMessage());
                    parts.push(part.subList(part.size() / 2, part.size()));
                    parts.push(part.subList(0, part.size() / 2));
                } else {
                    failed(under, part, e);
                }
            } catch (StoreException | RuntimeException e) {
                postpone(part, Backoff.TROUBLE, e);
            }
        }
    }

    private synchronized boolean isPending(Pending one) {
        return pending.containsKey(one.seq());
    }

    private synchronized long touches() {
        return touches;
    }

    private void submit(Lease under, List<Pending> all) throws LedgerException, StoreException, InterruptedException {
        List<Pending> part = all;
        while (!part.isEmpty()) {
            long seen = touches();
            List<Bytes> arguments = arguments(part);
            Endorsed endorsed = endorse(part, arguments);
            List<Json.Obj> answers = endorsed.answers(arguments);
            List<Pending> writing = answer(under, part, answers, seen);
            if (writing.size() == part.size()) {
                settled(under, part, courier.carriage().carry(under, endorsed, hashes(part)));
                return;
            }
            // What would write nothing stays out of the block.
            part = writing;
        }
    }

    private List<Bytes> arguments(List<Pending> part) throws StoreException, InterruptedException {
        List<Bytes> arguments = new ArrayList<>();
        List<Json> hints = new ArrayList<>();
        for (int n = 0; n < part.size(); n++) {
            arguments.add(part.get(n).signed().envelope());
            hints.addAll(hints(n, part.get(n)));
        }
        arguments.add(Json.object().with("hints", Json.array(hints)).build().canonical());
        return List.copyOf(arguments);
    }

    private static List<Hash> hashes(List<Pending> part) {
        return part.stream().map(one -> one.signed().instruction()).toList();
    }

    private Endorsed endorse(List<Pending> part, List<Bytes> arguments) throws LedgerException, InterruptedException {
        List<Signed> instructions = part.stream().map(Pending::signed).toList();
        return courier.ledger()
                .call(
                        Stage.ENDORSE,
                        hashes(part),
                        peer -> peer.endorse(new Ledger.Call(
                                "submit", arguments, courier.hosts().of(peer, instructions))));
    }

    /// Where the reports lie that the proofs of an instruction speak of, unless each begins its run.
    private List<Json> hints(int n, Pending one) throws StoreException, InterruptedException {
        List<Json> hints = new ArrayList<>();
        if (one.signed().payload().act() instanceof Act.Report report) {
            for (int i = 0; i < report.proofs().size(); i++) {
                Act.EventProof proof = report.proofs().get(i);
                OptionalLong run = courier.store().run(home, proof.id().source().text(), proof.first());
                if (run.isPresent()) {
                    hints.add(Json.array(List.of(Json.whole(n), Json.whole(i), Json.whole(run.getAsLong()))));
                }
            }
        }
        return hints;
    }

    /// Takes up the answers that are no verdicts.
    ///
    /// @param under the lease
    /// @param seen how often the home had been written before the ledger was asked
    /// @return those that have a verdict in this transaction
    private List<Pending> answer(Lease under, List<Pending> part, List<Json.Obj> items, long seen)
            throws LedgerException, StoreException, InterruptedException {
        if (items.size() != part.size()) {
            throw new IllegalStateException(items.size() + " answers to " + part.size() + " instructions");
        }
        List<Pending> writing = new ArrayList<>();
        Map<Pending, Json.Obj> refused = new LinkedHashMap<>();
        Map<Pending, Json.Obj> waiting = new LinkedHashMap<>();
        List<Pending> known = new ArrayList<>();
        for (int n = 0; n < items.size(); n++) {
            Json.Obj item = items.get(n);
            Pending one = part.get(n);
            if (Projection.isVerdict(item)) {
                writing.add(one);
            } else if (item.has("repeat")) {
                known.add(one);
            } else if (!item.text("result").equals("waiting")) {
                refused.put(one, item);
            } else {
                (isOver(one) ? refused : waiting).put(one, item);
            }
        }
        known.addAll(refused.entrySet().stream()
                .filter(entry -> entry.getValue().text("code").equals(Code.TAKEN.text()))
                .map(Map.Entry::getKey)
                .toList());
        if (!known.isEmpty()) {
            alreadyAnswered(known, refused);
        }
        courier.store().answer(under, bySeq(refused), State.REFUSED);
        courier.store().answer(under, bySeq(waiting), State.WAITING);
        refused.keySet().forEach(this::drop);
        refused.keySet().forEach(courier::ring);
        waits(waiting, seen);
        return writing;
    }

    /// These were decided before, so their verdicts lie in blocks: as soon as those are read, they are in the store.
    /// Who has none there is answered as the ledger said, if the ledger refused it.
    private void alreadyAnswered(List<Pending> known, Map<Pending, Json.Obj> refused)
            throws LedgerException, StoreException, InterruptedException {
        long height = courier.ledger().call(Ledger::height);
        boolean read = courier.projector().await(height - 1, CATCH_UP);
        for (Pending one : known) {
            if (courier.store().verdict(one.signed().instruction()).isPresent()) {
                refused.remove(one);
                drop(one);
                courier.ring(one);
            } else if (!read || !refused.containsKey(one)) {
                refused.remove(one);
                postpone(one, Backoff.TROUBLE);
            }
        }
    }

    private static Map<Long, Json.Obj> bySeq(Map<Pending, Json.Obj> answers) {
        Map<Long, Json.Obj> bySeq = new TreeMap<>();
        answers.forEach((one, answer) -> bySeq.put(one.seq(), answer));
        return bySeq;
    }

    /// Whether no answer of the ledger is to be expected any more.
    private boolean isOver(Pending one) {
        LedgerTime until = one.signed().payload().until();
        return until.plus(GIVE_UP).isBefore(courier.clock().now());
    }

    private synchronized void waits(Map<Pending, Json.Obj> waiting, long seen) {
        waiting.forEach((one, answer) -> one.waits(dueAgain(one, answer), seen));
    }

    /// When the clock may have cured it: at a time among the values of the answer, or after a while, or when
    /// its window ends.
    private long dueAgain(Pending one, Json.Obj answer) {
        long now = courier.clockwork().millis();
        long due = now + ANYWAY.toMillis();
        if (answer.find("values").orElse(Json.Obj.EMPTY) instanceof Json.Obj values) {
            for (String name : List.of("earliest", "from", "time", "until")) {
                if (values.find(name).orElse(Json.Obj.EMPTY) instanceof Json.Text(var text)) {
                    due = time(text).map(courier.clock()::millisAt).orElse(due);
                }
            }
        }
        long end = courier.clock().millisAt(one.signed().payload().until());
        return Math.max(now + 1_000, end < now ? due : Math.min(due, end));
    }

    private static Optional<LedgerTime> time(String text) {
        try {
            return LedgerTime.parse(text)
                    .or(() -> Optional.of(new LedgerTime(
                            LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond())));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// A block holds the transaction. Verdicts are stored already, and those who have one are no longer pending.
    private void settled(Lease under, List<Pending> part, Outcome outcome)
            throws LedgerException, StoreException, InterruptedException {
        List<Pending> left = part.stream().filter(this::isPending).toList();
        if (!outcome.valid()) {
            LOG.info(home + ": transaction " + outcome.transaction() + " is invalid, " + outcome.code() + ": its "
                    + part.size() + " instructions are offered again");
            left.forEach(one -> postpone(one, Backoff.CONFLICT));
            return;
        }
        long seen = touches();
        Set<Pending> still = new HashSet<>(left);
        List<Pending> open = new ArrayList<>();
        List<Json.Obj> items = new ArrayList<>();
        for (int n = 0; n < outcome.items().size(); n++) {
            if (still.contains(part.get(n))
                    && !Projection.isVerdict(outcome.items().get(n))) {
                open.add(part.get(n));
                items.add(outcome.items().get(n));
            }
        }
        List<Pending> _ = answer(under, open, items, seen);
    }

    /// One instruction that the chaincode or the endorsers fail: no answer, so it is tried again for as long as its
    /// window is open.
    private void failed(Lease under, List<Pending> part, LedgerException e) throws InterruptedException {
        Map<Pending, Json.Obj> answers = new LinkedHashMap<>();
        for (Pending one : part) {
            answers.put(one, troubled(e));
        }
        boolean over = part.stream().allMatch(this::isOver);
        try {
            courier.store().answer(under, bySeq(answers), over ? State.REFUSED : State.WAITING);
            if (over) {
                part.forEach(this::drop);
                part.forEach(courier::ring);
            }
        } catch (CourierStore.Fenced _) {
            fenced(under, part);
            return;
        } catch (StoreException store) {
            LOG.log(Level.WARNING, home + ": " + store.getMessage());
        }
        postpone(part, Backoff.TROUBLE, e);
    }

    private static Json.Obj troubled(LedgerException e) {
        Json.Builder answer = Json.object().with("result", "waiting");
        return switch (e) {
            case LedgerException.Failed failed ->
                answer.with("code", failed.code())
                        .with("values", failed.values())
                        .build();
            case LedgerException.Refused _ ->
                answer.with("code", "ledger_refused").build();
            case LedgerException.Unavailable _ ->
                answer.with("code", "ledger_unavailable").build();
        };
    }

    private void postpone(Collection<Pending> part, Backoff backoff, Exception e) {
        boolean mistake = e instanceof RuntimeException;
        LOG.log(
                mistake ? Level.SEVERE : Level.INFO,
                home + ": " + part.size() + " instructions are postponed: " + e.getMessage(),
                mistake ? e : null);
        part.forEach(one -> postpone(one, backoff));
    }

    private synchronized void postpone(Pending one, Backoff backoff) {
        one.postpone(courier.clockwork().millis() + backoff.after(one.failed()).toMillis());
    }
}
