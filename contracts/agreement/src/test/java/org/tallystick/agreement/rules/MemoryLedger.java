package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.state.State;

/// A ledger without a network: the state in memory, one transaction after the other.
final class MemoryLedger {

    static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    final TreeMap<String, Bytes> state = new TreeMap<>();
    final List<Json.Obj> events = new ArrayList<>();
    /// How many bytes the last transaction wrote.
    int written;
    /// What the last transaction read, with its size; and the names of all that it looked for and wrote.
    final TreeMap<String, Integer> read = new TreeMap<>();

    final TreeSet<String> lookedFor = new TreeSet<>();
    final TreeSet<String> wrote = new TreeSet<>();
    private final Map<Hash, Document> parsed = new HashMap<>();
    private Transactions transactions = of(Edition.THIS);

    record Member(String member, boolean admin) implements Carrier {}

    static MemoryLedger begun(Hash ledger, boolean trial, String at) {
        MemoryLedger memory = new MemoryLedger();
        Outcome outcome = memory.commit(memory.transactions.init(
                memory::read,
                sent(at, "north", true),
                List.of(Bytes.ofUtf8(ledger.hex()), Bytes.ofUtf8(String.valueOf(trial)))));
        if (!(outcome instanceof Done)) {
            throw new IllegalStateException(outcome.toString());
        }
        return memory;
    }

    private Transactions of(Edition edition) {
        return new Transactions(
                (version, bytes) -> parsed.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes)),
                edition);
    }

    /// Has what another one has.
    void goesOnFrom(MemoryLedger other) {
        state.clear();
        state.putAll(other.state);
        events.clear();
        events.addAll(other.events);
    }

    /// From now on other code decides.
    void runs(Edition edition) {
        transactions = of(edition);
    }

    Optional<Bytes> read(String key) {
        return Optional.ofNullable(state.get(key));
    }

    /// The state for a transaction, which begins to read now.
    private State seen() {
        read.clear();
        lookedFor.clear();
        return key -> {
            lookedFor.add(key);
            Optional<Bytes> value = read(key);
            value.ifPresent(bytes -> read.put(key, bytes.size()));
            return value;
        };
    }

    Optional<Json.Obj> find(String key) {
        return read(key).map(_ -> json(key));
    }

    Json.Obj json(String key) {
        if (JsonReader.readCanonical(read(key).orElseThrow()) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException(key);
    }

    static Sent sent(String at, String member, boolean admin) {
        return new Sent(LedgerTime.of(at), new Member(member, admin));
    }

    /// The answers to these envelopes, sent together by a member's admin.
    List<Json.Obj> submit(String at, String member, Bytes... envelopes) {
        return submit(at, member, NO_HINTS, List.of(envelopes));
    }

    List<Json.Obj> submit(String at, String member, Bytes hints, List<Bytes> envelopes) {
        return switch (attempt(at, member, hints, envelopes.toArray(Bytes[]::new))) {
            case Done done -> Told.answers(envelopes, done.response()).orElseThrow();
            case Failed failed -> throw new IllegalStateException(failed.message());
        };
    }

    Outcome attempt(String at, String member, Bytes hints, Bytes... envelopes) {
        List<Bytes> arguments = new ArrayList<>(List.of(envelopes));
        arguments.add(hints);
        return commit(transactions.submit(seen(), sent(at, member, true), arguments));
    }

    Outcome sweep(String at, String... names) {
        return commit(transactions.sweep(
                seen(),
                sent(at, "north", false),
                List.of(names).stream().map(Bytes::ofUtf8).toList()));
    }

    Outcome advanceEpoch(String at) {
        return commit(transactions.advanceEpoch(seen(), sent(at, "north", false), List.of()));
    }

    Outcome step(String at, String agreement, String period) {
        return commit(transactions.step(
                seen(), sent(at, "north", false), List.of(Bytes.ofUtf8(agreement), Bytes.ofUtf8(period))));
    }

    private Outcome commit(Outcome outcome) {
        if (outcome instanceof Done(Json.Obj _, Optional<Json.Obj> event, SortedMap<String, Optional<Bytes>> writes)) {
            writes.forEach(
                    (key, value) -> value.ifPresentOrElse(bytes -> state.put(key, bytes), () -> state.remove(key)));
            event.ifPresent(events::add);
            wrote.clear();
            wrote.addAll(writes.keySet());
            written = writes.values().stream()
                    .flatMap(Optional::stream)
                    .mapToInt(Bytes::size)
                    .sum();
        }
        return outcome;
    }

    /// The code of an answer, or `applied`.
    static String told(Json.Obj answer) {
        return answer.findText("code").orElseGet(() -> answer.text("result"));
    }
}
