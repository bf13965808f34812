package org.tallystick.gateway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.gateway.store.Database.Lock;
import org.tallystick.gateway.watch.Watch;
import org.tallystick.ledger.client.StoryEntry;
import org.tallystick.ledger.pack.ChainLeaves;

/// What the gateway must not lose. What a writing method did is on the disk when it returns.
///
/// Every call waits; call from a virtual thread.
public final class Store implements CourierStore, AutoCloseable {

    /// The ledger a store belongs to.
    public record Followed(Hash ledger, boolean trial, long block) {}

    /// Bytes that are written to see whether there is room.
    private static final int PROBE = 64 * 1024;

    private final Database database;
    private final Writer writer;
    private final Readers readers;
    private final LogStore log;
    private final ListStore lists;
    private final WebhookStore webhooks;

    private Store(Database database, Writer writer, Readers readers) {
        this.database = database;
        this.writer = writer;
        this.readers = readers;
        this.log = new LogStore(writer, readers);
        this.lists = new ListStore(writer, readers);
        this.webhooks = new WebhookStore(database, writer, readers);
    }

    /// The transparency log, which grows with the blocks.
    public LogStore log() {
        return log;
    }

    /// The lists, which are made from the blocks.
    public ListStore lists() {
        return lists;
    }

    /// Who is told over HTTP what the ledger brings.
    public WebhookStore webhooks() {
        return webhooks;
    }

    public static Store open(StoreAddress address) throws StoreException {
        return open(address, Watch.NONE);
    }

    public static Store open(StoreAddress address, Watch watch) throws StoreException {
        Database database = switch (address) {
            case StoreAddress.File file -> new SqliteDatabase(file);
            case StoreAddress.Server server -> new PostgresDatabase(server);
        };
        database.migrate();
        try {
            return new Store(database, new Writer(database, database.writer(), watch), new Readers(database));
        } catch (SQLException e) {
            throw new StoreException(database.trouble(e), e);
        }
    }

    /// The home of an instruction: its agreement, or the registry.
    public static String home(Payload payload) {
        return payload.scope().map(scope -> scope.agreement().text()).orElse(Keys.REGISTRY);
    }

    /// The ledger this store follows, if it follows one yet.
    public Optional<Followed> followed() throws StoreException, InterruptedException {
        return readers.one(
                "SELECT id, trial, block FROM ledger",
                row -> new Followed(new Hash(row.getString(1)), row.getBoolean(2), row.getLong(3)));
    }

    /// Binds an empty store to a ledger; its blocks are followed from the first. One that is bound stays as
    /// it is.
    public void follow(Hash ledger, boolean trial) throws StoreException, InterruptedException {
        writer.run(Lock.ALONE, on -> {
            Rows.run(
                    on,
                    "INSERT INTO ledger (one, id, trial, block, leaves) VALUES (1, ?, ?, -1, 0) ON CONFLICT DO NOTHING",
                    ledger.hex(),
                    trial);
            ListStore.begin(on);
        });
    }

    @Override
    public void begin(String owner) throws StoreException, InterruptedException {
        writer.afterDoubt(on -> new Leases(database, on).begin(owner));
        writer.run(Lock.NONE, on -> {
            if (!database.reserve(on, owner)) {
                throw new StoreException(
                        "another gateway with the name " + owner + " is running on " + database.name()
                                + "; give each a name of its own: --instance",
                        null);
            }
            new Leases(database, on).begin(owner);
        });
    }

    /// Alone with its kind against blocks: a verdict that is being stored is seen, or finds what is taken
    /// in here.
    @Override
    public List<Taken> take(String owner, List<Signed> all, long nowMillis)
            throws StoreException, InterruptedException {
        return writer.write(
                Lock.SHARED,
                on -> new Intake(on, homes -> new Leases(database, on).held(owner, homes), nowMillis).take(all));
    }

    @Override
    public List<Work> claim(String owner, int most, Duration term) throws StoreException, InterruptedException {
        int bound = Math.min(most, MAX_CLAIMED);
        return writer.write(Lock.NONE, on -> new Leases(database, on).claim(owner, bound, term));
    }

    @Override
    public List<Lease> renew(String owner, Duration term) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> new Leases(database, on).renew(owner, term));
    }

    @Override
    public void release(Lease lease) throws StoreException, InterruptedException {
        writer.run(Lock.NONE, on -> new Leases(database, on).release(lease));
    }

    @Override
    public Optional<Lease> lease(String owner, String name, Duration term) throws StoreException, InterruptedException {
        return writer.write(Lock.NONE, on -> new Leases(database, on).lease(owner, name, term));
    }

    @Override
    public void answer(Lease lease, Map<Long, Json.Obj> answers, State state)
            throws StoreException, InterruptedException {
        if (!answers.isEmpty()) {
            writer.run(Lock.NONE, on -> {
                new Leases(database, on).hold(lease);
                Intake.answer(on, answers, state);
            });
        }
    }

    @Override
    public void keep(Lease lease, Sending sending) throws StoreException, InterruptedException {
        writer.run(Lock.NONE, on -> {
            new Leases(database, on).hold(lease);
            Rows.run(
                    on,
                    "INSERT INTO sending (transaction_id, home, envelope) VALUES (?, ?, ?)"
                            + " ON CONFLICT (transaction_id) DO NOTHING",
                    sending.transaction(),
                    sending.home(),
                    sending.envelope().toArray());
        });
    }

    @Override
    public void discard(String transaction) throws StoreException, InterruptedException {
        writer.run(Lock.NONE, on -> Rows.run(on, "DELETE FROM sending WHERE transaction_id = ?", transaction));
    }

    @Override
    public CompletableFuture<Boolean> apply(BlockChange change) throws StoreException {
        return writer.begin(Lock.ALONE, on -> Projected.apply(on, change));
    }

    /// Forgets refusals without a verdict that are older than this: nobody is owed them.
    public int forgetRefusals(long beforeMillis) throws StoreException, InterruptedException {
        return writer.write(
                Lock.NONE,
                on -> Rows.update(
                        on, "DELETE FROM instruction WHERE state = 'refused' AND received < ?", beforeMillis));
    }

    /// Whether something of some size can be written now.
    public boolean writable(Duration longest) throws InterruptedException {
        try {
            return writer.begin(Lock.NONE, on -> {
                        Rows.run(on, "INSERT INTO probe (filler) VALUES (?)", (Object) new byte[PROBE]);
                        return Rows.update(on, "DELETE FROM probe") > 0;
                    })
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (StoreException | ExecutionException | TimeoutException _) {
            return false;
        }
    }

    @Override
    public long pending() throws StoreException, InterruptedException {
        return readers.one("SELECT count(*) FROM instruction WHERE " + Rows.PENDING, row -> row.getLong(1))
                .orElseThrow();
    }

    /// What is held without a final answer, by whatever instance.
    ///
    /// @param unanswered of it what the ledger has said nothing to yet
    /// @param oldestMillis when the oldest of those was acknowledged; 0 if there is none
    public record Unfinished(long all, long unanswered, long oldestMillis) {}

    public Unfinished unfinished() throws StoreException, InterruptedException {
        return readers.one(
                        "SELECT count(*), coalesce(sum(CASE WHEN state = 'received' THEN 1 ELSE 0 END), 0),"
                                + " coalesce(min(CASE WHEN state = 'received' THEN received END), 0)"
                                + " FROM instruction WHERE " + Rows.PENDING,
                        row -> new Unfinished(row.getLong(1), row.getLong(2), row.getLong(3)))
                .orElseThrow();
    }

    @Override
    public Stored stored() throws StoreException, InterruptedException {
        return log.stored();
    }

    @Override
    public Optional<ChainLeaves.Committed> committed() throws StoreException, InterruptedException {
        return log.committed();
    }

    @Override
    public Optional<Standing> verdict(Hash instruction) throws StoreException, InterruptedException {
        return readers.one(Rows.VERDICT + " WHERE hash = ?", Rows::verdict, instruction.hex());
    }

    /// What is known of the instructions with this id, one for each home. A verdict counts more than what
    /// is still held, and that more than a refusal of what anybody could have sent in the party's name.
    public List<Standing> find(String party, String id) throws StoreException, InterruptedException {
        Map<String, Standing> homes = new LinkedHashMap<>();
        // Held ones first: what gets its verdict between the two questions is then found twice, and never not at all.
        List<Standing> others = readers.all(
                Rows.INSTRUCTION + " WHERE party = ? AND id = ? AND state <> 'done'"
                        + " ORDER BY state = 'refused', seq DESC",
                Rows::instruction,
                party,
                id);
        List<Standing> verdicts = readers.all(
                Rows.VERDICT + " WHERE party = ? AND id = ? ORDER BY block, tx, item", Rows::verdict, party, id);
        verdicts.forEach(standing -> homes.putIfAbsent(standing.home(), standing));
        others.forEach(standing -> homes.putIfAbsent(standing.home(), standing));
        return List.copyOf(homes.values());
    }

    /// What is known of this instruction, whatever other has the same id.
    public Optional<Standing> find(Hash instruction) throws StoreException, InterruptedException {
        // Held ones first, as above.
        Optional<Standing> held = readers.one(
                Rows.INSTRUCTION + " WHERE hash = ? AND state <> 'done' ORDER BY state = 'refused', seq DESC",
                Rows::instruction,
                instruction.hex());
        Optional<Standing> verdict = verdict(instruction);
        return verdict.isPresent() ? verdict : held;
    }

    /// Where the verdict stands that settled a period, if it is among those that were followed.
    public Optional<Position> settledAt(String agreement, String period) throws StoreException, InterruptedException {
        return readers.one(
                        Rows.VERDICT
                                + " JOIN effect ON effect.verdict = verdict.hash WHERE kind = 'settlement' AND subject = ? AND name = ?"
                                + " ORDER BY block, tx, item",
                        Rows::verdict,
                        agreement,
                        period)
                .flatMap(Standing::position);
    }

    /// What the ledger brought after a position, in its order, without a gap: a block is stored whole, and after
    /// the one before it.
    public List<News> news(Position after, int most) throws StoreException, InterruptedException {
        String part = " AND (block, tx, item) > (?, ?, ?) ORDER BY block, tx, item LIMIT ?";
        // One statement: two would see two states of the database.
        return readers.all(
                "SELECT * FROM (SELECT home, hash, party, id, answer, block, tx, item FROM verdict WHERE TRUE" + part
                        + ") AS verdicts UNION ALL SELECT * FROM (SELECT agreement, NULL, NULL, NULL, entry, block, tx,"
                        + " item FROM story WHERE act = 'step'" + part
                        + ") AS steps ORDER BY block, tx, item LIMIT ?",
                Rows::news,
                after.block(),
                after.transaction(),
                after.item(),
                most,
                after.block(),
                after.transaction(),
                after.item(),
                most,
                most);
    }

    /// The position of the newest of these; [Position#START] if there is none.
    public Position newest() throws StoreException, InterruptedException {
        String last = " ORDER BY block DESC, tx DESC, item DESC LIMIT 1";
        return readers.one(
                        "SELECT * FROM (SELECT block, tx, item FROM verdict" + last
                                + ") AS verdicts UNION ALL SELECT * FROM (SELECT block, tx, item FROM story WHERE"
                                + " act = 'step'" + last + ") AS steps" + last,
                        Rows::position)
                .orElse(Position.START);
    }

    /// The claims made under an agreement, in the order of the ledger.
    ///
    /// @return the answers that opened them
    public List<Json.Obj> claims(String agreement) throws StoreException, InterruptedException {
        return answers("claim", agreement);
    }

    /// The acts on the keys of an owner, in the order of the ledger.
    ///
    /// @return their answers
    public List<Json.Obj> keyActs(String owner) throws StoreException, InterruptedException {
        return answers("key", owner);
    }

    private List<Json.Obj> answers(String kind, String subject) throws StoreException, InterruptedException {
        return readers
                .all(
                        Rows.VERDICT + " WHERE hash IN (SELECT verdict FROM effect WHERE kind = ? AND subject = ?)"
                                + " ORDER BY block, tx, item",
                        Rows::verdict,
                        kind,
                        subject)
                .stream()
                .flatMap(standing -> standing.answer().stream())
                .toList();
    }

    @Override
    public OptionalLong run(String agreement, String source, long reportFirst)
            throws StoreException, InterruptedException {
        return readers.one(
                        "SELECT run FROM report WHERE agreement = ? AND source = ? AND first = ?",
                        row -> row.getLong(1),
                        agreement,
                        source,
                        reportFirst)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    @Override
    public List<String> agreements(String after, int most) throws StoreException, InterruptedException {
        return readers.all(
                "SELECT id FROM agreement WHERE id > ? ORDER BY id LIMIT ?", row -> row.getString(1), after, most);
    }

    /// Lines of the story of an agreement that stand after `after`, in the order of the ledger.
    public List<StoryEntry> story(String agreement, Position after, int most)
            throws StoreException, InterruptedException {
        return readers.all(
                "SELECT entry FROM story WHERE agreement = ? AND (block, tx, item) > (?, ?, ?)"
                        + " ORDER BY block, tx, item LIMIT ?",
                Store::entry,
                agreement,
                after.block(),
                after.transaction(),
                after.item(),
                most);
    }

    /// Those lines in which something was moved or notice was given.
    public List<StoryEntry> moved(String agreement) throws StoreException, InterruptedException {
        return readers.all(
                "SELECT entry FROM story WHERE agreement = ? AND act IN ('amend', 'motion', 'notice')"
                        + " ORDER BY block, tx, item",
                Store::entry,
                agreement);
    }

    private static StoryEntry entry(ResultSet row) throws SQLException {
        return StoryEntry.decode(Rows.parsed(row.getString(1)));
    }

    /// Writes what is queued, then closes the database.
    @Override
    public void close() {
        writer.close();
        readers.close();
    }

    /// Closes as if the process were killed: what is not on the disk yet is lost.
    public void abandonForTests() {
        writer.abandonForTests();
        readers.close();
    }
}
