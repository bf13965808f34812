package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.store.CourierStore.Fenced;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.CourierStore.Work;

/// Who carries what, within one database transaction.
///
/// An instruction has the fence under which it was handed out. Fences only grow, so what has a lower one
/// than the lease on its home was never handed to the holder of that lease: what another instance took in,
/// and, once the lease has passed on, everything. No cursor over numbers is needed, and nothing can be
/// passed over by a number that is filled later.
final class Leases {

    private final Database database;
    private final Connection on;
    private final String living;

    Leases(Database database, Connection on) {
        this.database = database;
        this.on = on;
        this.living = "until > " + database.now();
    }

    void begin(String owner) throws SQLException {
        Rows.run(on, "UPDATE lease SET until = 0 WHERE owner = ?", owner);
    }

    void release(Lease lease) throws SQLException {
        Rows.run(on, "UPDATE lease SET until = 0 WHERE name = ? AND fence = ?", lease.home(), lease.fence());
    }

    List<Lease> renew(String owner, Duration term) throws SQLException {
        return Rows.all(
                on,
                "UPDATE lease SET until = " + until(term) + " WHERE owner = ? AND " + living + " RETURNING name, fence",
                Leases::lease,
                owner);
    }

    /// The fences under which `owner` holds the leases on these homes.
    Map<String, Long> held(String owner, Collection<String> homes) throws SQLException {
        Map<String, Long> fences = new HashMap<>();
        if (homes.isEmpty()) {
            return fences;
        }
        List<Object> values = new ArrayList<>(homes);
        values.add(owner);
        Rows.all(
                        on,
                        "SELECT name, fence FROM lease WHERE name IN " + Rows.list(homes.size()) + " AND owner = ? AND "
                                + living,
                        Leases::lease,
                        values.toArray())
                .forEach(lease -> fences.put(lease.home(), lease.fence()));
        return fences;
    }

    /// Until this transaction ends, nobody takes the lease over.
    ///
    /// @throws Fenced if somebody has
    void hold(Lease lease) throws SQLException, Fenced {
        if (Rows.one(
                        on,
                        "SELECT name, fence FROM lease WHERE name = ? AND fence = ?" + database.locking(),
                        Leases::lease,
                        lease.home(),
                        lease.fence())
                .isEmpty()) {
            throw new Fenced(lease);
        }
    }

    List<Work> claim(String owner, int most, Duration term) throws SQLException {
        Set<Lease> fresh = new HashSet<>(acquire(owner, free(most), term));
        Map<Lease, List<Handed>> handed = new TreeMap<>(Comparator.comparing(Lease::home));
        fresh.forEach(lease -> handed.put(lease, new ArrayList<>()));
        for (Handed one : handOut(owner)) {
            handed.computeIfAbsent(one.lease(), _ -> new ArrayList<>()).add(one);
        }
        Map<String, List<Sending>> sendings = sendings(fresh);
        List<Work> work = new ArrayList<>();
        handed.forEach((lease, all) -> work.add(new Work(
                lease,
                all.stream()
                        .map(Handed::held)
                        .sorted(Comparator.comparingLong(Held::seq))
                        .toList(),
                sendings.getOrDefault(lease.home(), List.of()))));
        return work;
    }

    /// Homes for which there is something to do, and that nobody holds.
    private List<String> free(int most) throws SQLException {
        String unheld = "NOT EXISTS (SELECT 1 FROM lease WHERE lease.name = busy.home AND " + living + ")";
        // From home to home along the index: the number of instructions does not matter.
        String pending = "SELECT min(home) FROM instruction WHERE " + Rows.PENDING;
        return Rows.all(
                on,
                "WITH RECURSIVE busy (home) AS (" + pending + " UNION ALL SELECT (" + pending
                        + " AND instruction.home > busy.home) FROM busy WHERE busy.home IS NOT NULL)"
                        + " SELECT home FROM (SELECT home FROM busy WHERE home IS NOT NULL AND " + unheld
                        + " UNION SELECT home FROM sending AS busy WHERE " + unheld
                        + ") AS homes ORDER BY random() LIMIT ?",
                row -> row.getString(1),
                most);
    }

    /// A lease by its name: kept, or taken over if nobody holds it.
    Optional<Lease> lease(String owner, String name, Duration term) throws SQLException {
        Optional<Lease> kept = Rows.one(
                on,
                "UPDATE lease SET until = " + until(term) + " WHERE name = ? AND owner = ? AND " + living
                        + " RETURNING name, fence",
                Leases::lease,
                name,
                owner);
        return kept.isPresent()
                ? kept
                : acquire(owner, List.of(name), term).stream().findFirst();
    }

    /// Takes over the leases under these names, of those that nobody holds by now.
    private List<Lease> acquire(String owner, List<String> names, Duration term) throws SQLException {
        if (names.isEmpty()) {
            return List.of();
        }
        List<Object[]> rows =
                names.stream().sorted().map(name -> new Object[] {name}).toList();
        Rows.each(
                on,
                "INSERT INTO lease (name, owner, fence, until)"
                        + " SELECT name, '', 0, 0 FROM (SELECT CAST(? AS TEXT) AS name) AS wanted WHERE "
                        + database.making("name") + " ON CONFLICT (name) DO NOTHING",
                rows);
        List<Object> values = new ArrayList<>(List.of(owner));
        values.addAll(names);
        return Rows.all(
                on,
                "UPDATE lease SET owner = ?, fence = fence + 1, until = " + until(term)
                        + " WHERE name IN (SELECT name FROM lease WHERE name IN " + Rows.list(names.size())
                        + " AND NOT (" + living + ")" + database.lockingFree() + ") RETURNING name, fence",
                Leases::lease,
                values.toArray());
    }

    private record Handed(Lease lease, Held held) {}

    private List<Handed> handOut(String owner) throws SQLException {
        return Rows.all(
                on,
                "UPDATE instruction SET fence = lease.fence FROM lease WHERE lease.name = instruction.home"
                        + " AND lease.owner = ? AND lease." + living + " AND " + Rows.PENDING
                        + " AND instruction.fence < lease.fence"
                        + " RETURNING seq, home, instruction.fence AS handed, state, envelope, received",
                row -> new Handed(
                        new Lease(row.getString("home"), row.getLong("handed")),
                        new Held(
                                row.getLong("seq"),
                                State.ofText(row.getString("state")),
                                Bytes.copyOf(row.getBytes("envelope")),
                                row.getLong("received"))),
                owner);
    }

    private Map<String, List<Sending>> sendings(Collection<Lease> leases) throws SQLException {
        Map<String, List<Sending>> sendings = new HashMap<>();
        if (!leases.isEmpty()) {
            Rows.all(
                            on,
                            Rows.SENDING + " WHERE home IN " + Rows.list(leases.size()) + " ORDER BY seq",
                            Rows::sending,
                            leases.stream().map(Lease::home).toArray())
                    .forEach(sending -> sendings.computeIfAbsent(sending.home(), _ -> new ArrayList<>())
                            .add(sending));
        }
        return sendings;
    }

    private String until(Duration term) {
        return database.now() + " + " + term.toMillis();
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return new Lease(row.getString(1), row.getLong(2));
    }
}
