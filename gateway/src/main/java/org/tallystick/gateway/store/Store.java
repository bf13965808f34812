package org.tallystick.gateway.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.client.StoryEntry;

/// What the gateway must not lose. What a writing method did is on the disk when it returns.
///
/// Every call waits; call from a virtual thread.
public final class Store implements AutoCloseable {

    /// The ledger a store belongs to.
    public record Followed(Hash ledger, boolean trial, long block) {}

    /// Bytes that are written to see whether there is room.
    private static final int PROBE = 64 * 1024;

    private static final String PENDING = "state IN ('received', 'waiting')";

    private final Writer writer;
    private final Readers readers;
    private final LogStore log;

    private Store(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
        this.log = new LogStore(writer, readers);
    }

    /// The transparency log, which grows with the blocks.
    public LogStore log() {
        return log;
    }

    /// @param limit how many bytes the file may have, if that is limited
    public static Store open(Path file, OptionalLong limit) throws StoreException {
        try {
            return new Store(new Writer(StoreFile.writer(file, limit)), new Readers(file));
        } catch (SQLException e) {
            throw new StoreException("cannot open " + file + ": " + e.getMessage(), e);
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

    /// Binds an empty store to a ledger; its blocks are followed from the first.
    public void follow(Hash ledger, boolean trial) throws StoreException, InterruptedException {
        writer.run(on -> run(
                on, "INSERT INTO ledger (one, id, trial, block) VALUES (1, ?, ?, -1)", ledger.hex(), trial ? 1 : 0));
    }

    /// Takes envelopes in, in this order. What has a verdict or is held already is not taken in again; what was refused
    /// without a verdict is.
    public List<Taken> take(List<Signed> all, long nowMillis) throws StoreException, InterruptedException {
        return writer.write(on -> {
            List<Taken> taken = new ArrayList<>();
            for (Signed signed : all) {
                taken.add(take(on, signed, nowMillis));
            }
            return taken;
        });
    }

    private static Taken take(Connection on, Signed signed, long nowMillis) throws SQLException {
        Optional<Standing> verdict = Rows.one(
                on,
                Rows.VERDICT + " WHERE hash = ?",
                Rows::verdict,
                signed.instruction().hex());
        if (verdict.isPresent()) {
            return new Taken(0, false, verdict.get());
        }
        String envelopeHash = Hash.of(signed.envelope()).hex();
        Optional<Taken> held = Rows.one(
                on,
                Rows.INSTRUCTION + " WHERE envelope_hash = ? AND " + PENDING,
                row -> new Taken(row.getLong("seq"), false, Rows.instruction(row)),
                envelopeHash);
        if (held.isPresent()) {
            return held.get();
        }
        Payload payload = signed.payload();
        run(on, "DELETE FROM instruction WHERE envelope_hash = ?", envelopeHash);
        Standing standing = new Standing(
                signed.instruction(),
                home(payload),
                payload.party().text(),
                payload.id().text(),
                State.RECEIVED,
                Optional.empty(),
                Optional.empty());
        long seq = insert(
                on,
                "INSERT INTO instruction (envelope_hash, hash, home, party, id, received, state, envelope)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 'received', ?)",
                envelopeHash,
                standing.instruction().hex(),
                standing.home(),
                standing.party(),
                standing.id(),
                nowMillis,
                signed.envelope().toArray());
        return new Taken(seq, true, standing);
    }

    /// Notes what the ledger said to instructions that have no verdict by it.
    ///
    /// @param state waiting, or refused
    public void answer(Map<Long, Json.Obj> answers, State state) throws StoreException, InterruptedException {
        if (answers.isEmpty()) {
            return;
        }
        String set = state == State.WAITING ? "state = 'waiting'" : "state = 'refused', envelope = NULL";
        writer.run(on -> {
            for (Map.Entry<Long, Json.Obj> answer : answers.entrySet()) {
                run(
                        on,
                        "UPDATE instruction SET answer = ?, " + set + " WHERE seq = ? AND " + PENDING,
                        spelled(answer.getValue()),
                        answer.getKey());
            }
        });
    }

    /// Keeps a signed Fabric envelope; only then it may be sent.
    public void keep(Sending sending) throws StoreException, InterruptedException {
        writer.run(on -> run(
                on,
                "INSERT INTO sending (transaction_id, home, envelope) VALUES (?, ?, ?)",
                sending.transaction(),
                sending.home(),
                sending.envelope().toArray()));
    }

    /// Forgets a signed envelope that is known never to have been taken by an orderer.
    public void discard(String transaction) throws StoreException, InterruptedException {
        writer.run(on -> run(on, "DELETE FROM sending WHERE transaction_id = ?", transaction));
    }

    /// Begins to store what a block adds, with the block's number; done when it is on the disk.
    public CompletableFuture<Boolean> apply(BlockChange change) throws StoreException {
        return writer.begin(on -> {
            for (BlockChange.Verdict verdict : change.verdicts()) {
                apply(on, verdict);
            }
            for (BlockChange.Run run : change.runs()) {
                run(
                        on,
                        "INSERT OR IGNORE INTO report (agreement, source, first, run) VALUES (?, ?, ?, ?)",
                        run.agreement(),
                        run.source(),
                        run.reportFirst(),
                        run.runFirst());
            }
            for (BlockChange.Told told : change.story()) {
                apply(on, told);
            }
            LogStore.append(on, change.log());
            for (String transaction : change.settled()) {
                run(on, "DELETE FROM sending WHERE transaction_id = ?", transaction);
            }
            if (update(on, "UPDATE ledger SET block = ? WHERE block = ?", change.block(), change.block() - 1) != 1) {
                throw new IllegalStateException("block " + change.block() + " is not the next");
            }
            return true;
        });
    }

    private static void apply(Connection on, BlockChange.Verdict verdict) throws SQLException {
        run(
                on,
                "INSERT OR IGNORE INTO verdict (hash, home, party, id, answer, block, tx, item)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                verdict.instruction().hex(),
                verdict.home(),
                verdict.party(),
                verdict.id(),
                spelled(verdict.answer()),
                verdict.position().block(),
                verdict.position().transaction(),
                verdict.position().item());
        run(
                on,
                "UPDATE instruction SET state = 'done', envelope = NULL WHERE hash = ? AND state <> 'done'",
                verdict.instruction().hex());
        if (!verdict.home().equals(Keys.REGISTRY)) {
            run(on, "INSERT OR IGNORE INTO agreement (id) VALUES (?)", verdict.home());
        }
    }

    private static void apply(Connection on, BlockChange.Told told) throws SQLException {
        run(
                on,
                "INSERT OR IGNORE INTO story (agreement, block, tx, item, act, entry) VALUES (?, ?, ?, ?, ?, ?)",
                told.agreement(),
                told.entry().at().block(),
                told.entry().at().transaction(),
                told.entry().at().item(),
                told.entry().act(),
                spelled(told.entry().encode()));
    }

    /// Forgets refusals without a verdict that are older than this: nobody is owed them.
    public int forgetRefusals(long beforeMillis) throws StoreException, InterruptedException {
        return writer.write(
                on -> update(on, "DELETE FROM instruction WHERE state = 'refused' AND received < ?", beforeMillis));
    }

    /// Whether something of some size can be written now.
    public boolean writable(Duration longest) throws InterruptedException {
        try {
            return writer.begin(on -> {
                        run(on, "INSERT INTO probe (filler) VALUES (zeroblob(?))", PROBE);
                        return update(on, "DELETE FROM probe") > 0;
                    })
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (StoreException | ExecutionException | TimeoutException _) {
            return false;
        }
    }

    /// What is acknowledged and not answered, in the order in which it was taken in.
    public List<Held> held() throws StoreException, InterruptedException {
        return readers.all(
                "SELECT seq, state, envelope FROM instruction WHERE " + PENDING + " ORDER BY seq",
                row -> new Held(row.getLong(1), State.ofText(row.getString(2)), Bytes.copyOf(row.getBytes(3))));
    }

    /// Signed envelopes whose outcome is not known, in the order in which they were kept.
    public List<Sending> sendings() throws StoreException, InterruptedException {
        return readers.all(
                "SELECT transaction_id, home, envelope FROM sending ORDER BY seq",
                row -> new Sending(row.getString(1), row.getString(2), Bytes.copyOf(row.getBytes(3))));
    }

    /// The verdict on an instruction, whoever carried it.
    public Optional<Standing> verdict(Hash instruction) throws StoreException, InterruptedException {
        return readers.one(Rows.VERDICT + " WHERE hash = ?", Rows::verdict, instruction.hex());
    }

    /// What is known of the instructions with this id, one for each home. A verdict counts more than what is still
    /// held, and that more than a refusal of what anybody could have sent in the party's name.
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
        Optional<Standing> verdict = verdict(instruction);
        return verdict.isPresent()
                ? verdict
                : readers.one(
                        Rows.INSTRUCTION + " WHERE hash = ? AND state <> 'done' ORDER BY state = 'refused', seq DESC",
                        Rows::instruction,
                        instruction.hex());
    }

    /// Where the verdict stands that settled a period, if it is among those that were followed.
    public Optional<Position> settledAt(String agreement, String period) throws StoreException, InterruptedException {
        String effect = "\"kind\":\"settlement\",\"period\":\"" + period + "\"";
        return readers.one(
                        Rows.VERDICT + " WHERE home = ? AND instr(answer, '\"kind\":\"settlement\"') > 0"
                                + " AND instr(answer, ?) > 0 ORDER BY block, tx, item",
                        Rows::verdict,
                        agreement,
                        effect)
                .flatMap(Standing::position);
    }

    /// The claims made under an agreement, in the order of the ledger.
    ///
    /// @return the answers that opened them
    public List<Json.Obj> claims(String agreement) throws StoreException, InterruptedException {
        return readers
                .all(
                        Rows.VERDICT + " WHERE home = ? AND instr(answer, '\"kind\":\"claim\"') > 0"
                                + " AND instr(answer, '\"state\":\"open\"') > 0 ORDER BY block, tx, item",
                        Rows::verdict,
                        agreement)
                .stream()
                .flatMap(standing -> standing.answer().stream())
                .toList();
    }

    /// The acts of an owner on its keys, in the order of the ledger.
    ///
    /// @return their answers
    public List<Json.Obj> keyActs(String owner) throws StoreException, InterruptedException {
        return readers
                .all(
                        Rows.VERDICT + " WHERE party = ? AND instr(answer, '\"kind\":\"key\"') > 0"
                                + " ORDER BY block, tx, item",
                        Rows::verdict,
                        owner)
                .stream()
                .flatMap(standing -> standing.answer().stream())
                .toList();
    }

    /// First number of the run that holds the report beginning with `reportFirst`, if the report does not begin it.
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

    /// Agreements seen on the ledger, by id, after `after`.
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
        return StoryEntry.decode(parsed(row.getString(1)));
    }

    private static String spelled(Json.Obj json) {
        return json.canonical().utf8().orElseThrow();
    }

    static Json.Obj parsed(String json) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(json)) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException("the store holds what is no answer: " + json);
    }

    static void run(Connection on, String sql, Object... values) throws SQLException {
        int _ = update(on, sql, values);
    }

    static int update(Connection on, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = Rows.prepare(on, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static long insert(Connection on, String sql, Object... values) throws SQLException {
        run(on, sql, values);
        try (PreparedStatement statement = Rows.prepare(on, "SELECT last_insert_rowid()");
                ResultSet row = statement.executeQuery()) {
            return row.getLong(1);
        }
    }

    /// Writes what is queued, then closes the file.
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
