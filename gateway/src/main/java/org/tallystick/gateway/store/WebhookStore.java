package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.Database.Lock;
import org.tallystick.gateway.store.Webhook.DeadLetter;
import org.tallystick.gateway.store.Webhook.State;
import org.tallystick.gateway.store.Webhook.Tries;

/// Who is told over HTTP what the ledger brings, and how far each is.
///
/// The operator says who, beside the gateways that run. What a gateway notes is refused if it has not the lease on the
/// webhook any more, and passed over if the operator changed it meanwhile.
public final class WebhookStore {

    /// Webhooks in all.
    public static final int MOST = 100;

    private static final String ALL =
            "SELECT name, url, filter, state, revision, block, tx, item, attempts, since, due, answer FROM webhook";

    private final Database database;
    private final Writer writer;
    private final Readers readers;

    WebhookStore(Database database, Writer writer, Readers readers) {
        this.database = database;
        this.writer = writer;
        this.readers = readers;
    }

    /// The name under which one instance holds the lease on a webhook.
    public static String lease(String name) {
        return "webhook/" + name;
    }

    public List<Webhook> all() throws StoreException, InterruptedException {
        return readers.all(ALL + " ORDER BY name", WebhookStore::webhook);
    }

    public Optional<Webhook> find(String name) throws StoreException, InterruptedException {
        return readers.one(ALL + " WHERE name = ?", WebhookStore::webhook, name);
    }

    /// @return false if there is one of this name, or there are as many as may be
    public boolean add(String name, String url, NewsFilter filter, Position after)
            throws StoreException, InterruptedException {
        return writer.write(
                Lock.ALONE,
                on -> Rows.update(
                                on,
                                "INSERT INTO webhook (name, url, filter, state, revision, block, tx, item, attempts,"
                                        + " since, due, answer) SELECT ?, ?, ?, 'active', 1, ?, ?, ?, 0, 0, 0, ''"
                                        + " WHERE (SELECT count(*) FROM webhook) < ? ON CONFLICT (name) DO NOTHING",
                                name,
                                url,
                                Rows.spelled(filter.toJson()),
                                after.block(),
                                after.transaction(),
                                after.item(),
                                MOST)
                        == 1);
    }

    /// Pauses it, or lets it go on at once where it stands.
    ///
    /// @return false if there is none of this name
    public boolean set(String name, State state) throws StoreException, InterruptedException {
        return changed("state = ?, due = 0", name, state.text());
    }

    /// Goes on after this position, wherever it was.
    ///
    /// @return false if there is none of this name
    public boolean replay(String name, Position after) throws StoreException, InterruptedException {
        return changed(
                "block = ?, tx = ?, item = ?, attempts = 0, since = 0, due = 0, answer = ''",
                name,
                after.block(),
                after.transaction(),
                after.item());
    }

    private boolean changed(String set, String name, Object... values) throws StoreException, InterruptedException {
        Object[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = name;
        return writer.write(
                Lock.NONE,
                on -> Rows.update(on, "UPDATE webhook SET " + set + ", revision = revision + 1 WHERE name = ?", all)
                        == 1);
    }

    /// With its dead letters.
    ///
    /// @return false if there is none of this name
    public boolean remove(String name) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> {
            Rows.run(on, "DELETE FROM webhook_dead WHERE name = ?", name);
            return Rows.update(on, "DELETE FROM webhook WHERE name = ?", name) == 1;
        });
    }

    /// What was given up, in the order of the ledger.
    public List<DeadLetter> deadLetters(String name, int most) throws StoreException, InterruptedException {
        return readers.all(
                "SELECT block, tx, item, attempts, died, answer FROM webhook_dead WHERE name = ?"
                        + " ORDER BY block, tx, item LIMIT ?",
                row -> new DeadLetter(Rows.position(row), row.getInt(4), row.getLong(5), row.getString(6)),
                name,
                most);
    }

    public long deadLetters(String name) throws StoreException, InterruptedException {
        return readers.one("SELECT count(*) FROM webhook_dead WHERE name = ?", row -> row.getLong(1), name)
                .orElseThrow();
    }

    /// What was at this position is delivered.
    ///
    /// @return false, here and below, if the operator changed the webhook meanwhile
    public boolean delivered(Lease lease, Webhook webhook, Position at) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> {
            boolean moved = moved(on, lease, webhook, at, Tries.NONE);
            if (moved) {
                Rows.run(
                        on,
                        "DELETE FROM webhook_dead WHERE name = ? AND block = ? AND tx = ? AND item = ?",
                        webhook.name(),
                        at.block(),
                        at.transaction(),
                        at.item());
            }
            return moved;
        });
    }

    /// What was at this position is given up.
    public boolean died(Lease lease, Webhook webhook, Position at, Tries tries, long now)
            throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> {
            boolean moved = moved(on, lease, webhook, at, Tries.NONE);
            if (moved) {
                Rows.run(
                        on,
                        "INSERT INTO webhook_dead (name, block, tx, item, attempts, died, answer)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name, block, tx, item)"
                                + " DO UPDATE SET attempts = excluded.attempts, died = excluded.died,"
                                + " answer = excluded.answer",
                        webhook.name(),
                        at.block(),
                        at.transaction(),
                        at.item(),
                        tries.count(),
                        now,
                        tries.answer());
            }
            return moved;
        });
    }

    /// What comes next was tried in vain.
    public boolean tried(Lease lease, Webhook webhook, Tries tries) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> moved(on, lease, webhook, webhook.at(), tries));
    }

    /// It wants nothing more.
    public boolean gone(Lease lease, Webhook webhook, Tries tries) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> {
            boolean moved = moved(on, lease, webhook, webhook.at(), tries);
            if (moved) {
                Rows.run(on, "UPDATE webhook SET state = 'gone' WHERE name = ?", webhook.name());
            }
            return moved;
        });
    }

    private boolean moved(Connection on, Lease lease, Webhook webhook, Position to, Tries tries)
            throws SQLException, StoreException {
        new Leases(database, on).hold(lease);
        return Rows.update(
                        on,
                        "UPDATE webhook SET block = ?, tx = ?, item = ?, attempts = ?, since = ?, due = ?, answer = ?"
                                + " WHERE name = ? AND revision = ?",
                        to.block(),
                        to.transaction(),
                        to.item(),
                        tries.count(),
                        tries.since(),
                        tries.due(),
                        tries.answer(),
                        webhook.name(),
                        webhook.revision())
                == 1;
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString("name"),
                row.getString("url"),
                NewsFilter.of(Rows.parsed(row.getString("filter"))),
                State.ofText(row.getString("state")),
                row.getLong("revision"),
                Rows.position(row),
                new Tries(row.getInt("attempts"), row.getLong("since"), row.getLong("due"), row.getString("answer")));
    }
}
