package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.signing.Signed;

/// Takes envelopes in, within one database transaction: few statements, however many envelopes.
final class Intake {

    /// Envelopes in one statement.
    private static final int MOST = 200;

    private final Connection on;
    private final long nowMillis;

    Intake(Connection on, long nowMillis) {
        this.on = on;
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
        Map<Hash, Standing> verdicts = verdicts(all);
        Map<String, Signed> open = new LinkedHashMap<>();
        for (Signed signed : all) {
            if (!verdicts.containsKey(signed.instruction())) {
                open.put(hash(signed), signed);
            }
        }
        Map<String, Taken> held = held(open.keySet());
        Map<String, Signed> missing = new LinkedHashMap<>(open);
        missing.keySet().removeAll(held.keySet());
        Map<String, Long> fresh = insert(missing);
        missing.keySet().removeAll(fresh.keySet());
        // Another gateway was quicker.
        held.putAll(held(missing.keySet()));
        List<Taken> taken = new ArrayList<>();
        for (Signed signed : all) {
            String hash = hash(signed);
            Standing verdict = verdicts.get(signed.instruction());
            Long seq = fresh.remove(hash);
            Taken one = verdict != null
                    ? new Taken(0, false, verdict)
                    : seq != null ? new Taken(seq, true, received(signed)) : held.get(hash);
            if (one == null) {
                throw new IllegalStateException("neither taken in nor held: " + hash);
            }
            // Once more in the same list, it is held.
            held.putIfAbsent(hash, new Taken(one.seq(), false, one.standing()));
            taken.add(one);
        }
        return taken;
    }

    private static String hash(Signed signed) {
        return Hash.of(signed.envelope()).hex();
    }

    private Map<Hash, Standing> verdicts(List<Signed> all) throws SQLException {
        Map<Hash, Standing> verdicts = new HashMap<>();
        Object[] hashes =
                all.stream().map(signed -> signed.instruction().hex()).toArray();
        for (Standing verdict :
                Rows.all(on, Rows.VERDICT + " WHERE hash IN " + Rows.list(hashes.length), Rows::verdict, hashes)) {
            verdicts.put(verdict.instruction(), verdict);
        }
        return verdicts;
    }

    private Map<String, Taken> held(Collection<String> envelopes) throws SQLException {
        Map<String, Taken> held = new HashMap<>();
        if (!envelopes.isEmpty()) {
            var _ = Rows.all(
                    on,
                    Rows.INSTRUCTION + " WHERE envelope_hash IN " + Rows.list(envelopes.size()) + " AND "
                            + Rows.PENDING,
                    row -> held.put(
                            row.getString("envelope_hash"),
                            new Taken(row.getLong("seq"), false, Rows.instruction(row))),
                    envelopes.toArray());
        }
        return held;
    }

    /// @return their numbers, of those that are not there yet
    private Map<String, Long> insert(Map<String, Signed> missing) throws SQLException {
        Map<String, Long> fresh = new HashMap<>();
        if (missing.isEmpty()) {
            return fresh;
        }
        Rows.run(
                on,
                "DELETE FROM instruction WHERE envelope_hash IN " + Rows.list(missing.size()) + " AND NOT ("
                        + Rows.PENDING + ")",
                missing.keySet().toArray());
        List<Object> values = new ArrayList<>();
        missing.forEach((hash, signed) -> values.addAll(values(hash, signed)));
        String row = "(?, ?, ?, ?, ?, ?, 0, 'received', ?)";
        var _ = Rows.all(
                on,
                "INSERT INTO instruction (envelope_hash, hash, home, party, id, received, fence, state, envelope) VALUES "
                        + row + (", " + row).repeat(missing.size() - 1)
                        + " ON CONFLICT (envelope_hash) DO NOTHING RETURNING envelope_hash, seq",
                found -> fresh.put(found.getString(1), found.getLong(2)),
                values.toArray());
        return fresh;
    }

    private List<Object> values(String hash, Signed signed) {
        Standing standing = received(signed);
        return List.of(
                hash,
                standing.instruction().hex(),
                standing.home(),
                standing.party(),
                standing.id(),
                nowMillis,
                signed.envelope().toArray());
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
