package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;

/// Takes envelopes in, within one database transaction: few statements, however many envelopes.
final class Intake {

    /// Envelopes in one statement.
    private static final int MOST = 200;

    private final Connection on;
    private final Fences fences;
    private final long nowMillis;

    /// Under which fences homes are held by who takes in.
    @FunctionalInterface
    interface Fences {
        Map<String, Long> of(Collection<String> homes) throws SQLException;
    }

    Intake(Connection on, Fences fences, long nowMillis) {
        this.on = on;
        this.fences = fences;
        this.nowMillis = nowMillis;
    }

    List<Taken> take(List<Signed> all) throws SQLException {
        List<Taken> taken = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MOST) {
            taken.addAll(part(all.subList(from, Math.min(all.size(), from + MOST))));
        }
        return taken;
    }

    private List<Taken> part(List<Signed> all) throws SQLException {
        Map<Hash, Taken> answered = answered(all);
        Map<String, Signed> open = new LinkedHashMap<>();
        for (Signed signed : all) {
            if (!answered.containsKey(signed.instruction())) {
                open.put(hash(signed), signed);
            }
        }
        Map<String, Taken> held = held(open.keySet());
        open.keySet().removeAll(held.keySet());
        Map<String, Taken> fresh = insert(open);
        open.keySet().removeAll(fresh.keySet());
        // Another gateway was quicker.
        held.putAll(held(open.keySet()));
        // Once more in the same list, it is held.
        fresh.forEach((hash, one) ->
                held.put(hash, new Taken(one.seq(), false, Optional.empty(), one.receivedMillis(), one.standing())));
        List<Taken> taken = new ArrayList<>();
        for (Signed signed : all) {
            String hash = hash(signed);
            taken.add(Optional.ofNullable(answered.get(signed.instruction()))
                    .or(() -> Optional.ofNullable(fresh.remove(hash)))
                    .or(() -> Optional.ofNullable(held.get(hash)))
                    .orElseThrow(() -> new IllegalStateException("neither taken in nor held: " + hash)));
        }
        return taken;
    }

    private static String hash(Signed signed) {
        return Hash.of(signed.envelope()).hex();
    }

    /// Those with a verdict.
    private Map<Hash, Taken> answered(List<Signed> all) throws SQLException {
        List<String> hashes = all.stream()
                .map(signed -> signed.instruction().hex())
                .distinct()
                .toList();
        List<Standing> verdicts = Rows.all(
                on, Rows.VERDICT + " WHERE hash IN " + Rows.list(hashes.size()), Rows::verdict, hashes.toArray());
        Map<String, Long> received = verdicts.isEmpty() ? Map.of() : received(hashes);
        Map<Hash, Taken> answered = new HashMap<>();
        for (Standing verdict : verdicts) {
            Hash hash = verdict.instruction();
            answered.put(
                    hash, new Taken(0, false, Optional.empty(), received.getOrDefault(hash.hex(), nowMillis), verdict));
        }
        return answered;
    }

    private Map<String, Long> received(List<String> hashes) throws SQLException {
        record First(String hash, long millis) {}
        Map<String, Long> received = new HashMap<>();
        Rows.all(
                        on,
                        "SELECT hash, min(received) FROM instruction WHERE hash IN " + Rows.list(hashes.size())
                                + " GROUP BY hash",
                        row -> new First(row.getString(1), row.getLong(2)),
                        hashes.toArray())
                .forEach(first -> received.put(first.hash(), first.millis()));
        return received;
    }

    private Map<String, Taken> held(Collection<String> envelopes) throws SQLException {
        record Found(String envelope, Taken taken) {}
        Map<String, Taken> held = new HashMap<>();
        if (!envelopes.isEmpty()) {
            Rows.all(
                            on,
                            Rows.INSTRUCTION + " WHERE envelope_hash IN " + Rows.list(envelopes.size()) + " AND "
                                    + Rows.PENDING,
                            row -> new Found(
                                    row.getString("envelope_hash"),
                                    new Taken(
                                            row.getLong("seq"),
                                            false,
                                            Optional.empty(),
                                            row.getLong("received"),
                                            Rows.instruction(row))),
                            envelopes.toArray())
                    .forEach(found -> held.put(found.envelope(), found.taken()));
        }
        return held;
    }

    /// @return those that are not there yet
    private Map<String, Taken> insert(Map<String, Signed> missing) throws SQLException {
        Map<String, Taken> fresh = new HashMap<>();
        if (missing.isEmpty()) {
            return fresh;
        }
        Rows.run(
                on,
                "DELETE FROM instruction WHERE envelope_hash IN " + Rows.list(missing.size()) + " AND NOT ("
                        + Rows.PENDING + ")",
                missing.keySet().toArray());
        Map<String, Long> held = fences.of(missing.values().stream()
                .map(signed -> Store.home(signed.payload()))
                .collect(Collectors.toCollection(TreeSet::new)));
        List<Object> values = new ArrayList<>();
        missing.forEach((hash, signed) -> values.addAll(values(hash, signed, held)));
        record Numbered(String envelope, long seq) {}
        String row = "(?, ?, ?, ?, ?, ?, ?, 'received', ?)";
        List<Numbered> numbers = Rows.all(
                on,
                "INSERT INTO instruction (envelope_hash, hash, home, party, id, received, fence, state, envelope) VALUES "
                        + row + (", " + row).repeat(missing.size() - 1)
                        + " ON CONFLICT (envelope_hash) DO NOTHING RETURNING envelope_hash, seq",
                found -> new Numbered(found.getString(1), found.getLong(2)),
                values.toArray());
        for (Numbered number : numbers) {
            Standing standing = received(Objects.requireNonNull(missing.get(number.envelope()), number.envelope()));
            fresh.put(
                    number.envelope(),
                    new Taken(
                            number.seq(),
                            true,
                            Optional.ofNullable(held.get(standing.home()))
                                    .map(fence -> new CourierStore.Lease(standing.home(), fence)),
                            nowMillis,
                            standing));
        }
        return fresh;
    }

    private List<Object> values(String hash, Signed signed, Map<String, Long> held) {
        Standing standing = received(signed);
        return List.of(
                hash,
                standing.instruction().hex(),
                standing.home(),
                standing.party(),
                standing.id(),
                nowMillis,
                held.getOrDefault(standing.home(), 0L),
                signed.envelope().toArray());
    }

    /// Notes what the ledger said to what is held.
    ///
    /// @param state waiting, or refused
    static void answer(Connection on, Map<Long, Json.Obj> answers, State state) throws SQLException {
        String set = state == State.WAITING ? "state = 'waiting'" : "state = 'refused', envelope = NULL";
        Rows.each(
                on,
                "UPDATE instruction SET answer = ?, " + set + " WHERE seq = ? AND " + Rows.PENDING,
                answers.entrySet().stream()
                        .map(answer -> new Object[] {Rows.spelled(answer.getValue()), answer.getKey()})
                        .toList());
    }

    private static Standing received(Signed signed) {
        Payload payload = signed.payload();
        return new Standing(
                signed.instruction(),
                Store.home(payload),
                payload.party().text(),
                payload.id().text(),
                State.RECEIVED,
                Optional.empty(),
                Optional.empty());
    }
}
