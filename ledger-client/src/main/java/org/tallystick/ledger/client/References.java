package org.tallystick.ledger.client;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.ledger.LedgerException;

/// Which event of a source has which of the reporter's own references, and what was taken back of others, in a file
/// beside the keys.
///
/// The ledger has no such index, and this one holds nothing that the ledger lacks: if the file is gone or behind,
/// it is read anew from the runs. Two events may have one reference; the newest is meant.
public final class References implements AutoCloseable {

    private static final List<String> BEGIN = List.of(
            "CREATE TABLE IF NOT EXISTS reference(ref TEXT, number INTEGER, PRIMARY KEY(ref, number)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS indexed(one INTEGER PRIMARY KEY, last INTEGER NOT NULL)",
            "INSERT OR IGNORE INTO indexed VALUES(1, 0)",
            "CREATE TABLE IF NOT EXISTS taken(number INTEGER PRIMARY KEY, origin TEXT, amount TEXT)",
            "CREATE INDEX IF NOT EXISTS taken_origin ON taken(origin)",
            "CREATE TEMP TABLE taking(origin TEXT PRIMARY KEY, amount TEXT) WITHOUT ROWID",
            "CREATE TEMP TABLE draft(ref TEXT PRIMARY KEY, line INTEGER, event TEXT) WITHOUT ROWID");

    private final LocalFile file;
    private final PreparedStatement find;
    private final PreparedStatement add;
    private final PreparedStatement findDraft;
    private final PreparedStatement addDraft;

    private References(LocalFile file) throws IOException {
        this.file = file;
        this.find = file.prepare("SELECT max(number) FROM reference WHERE ref = ? AND number < ?");
        this.add = file.prepare("INSERT OR IGNORE INTO reference VALUES(?, ?)");
        this.findDraft = file.prepare("SELECT line, event FROM draft WHERE ref = ?");
        this.addDraft = file.prepare("INSERT OR REPLACE INTO draft VALUES(?, ?, ?)");
    }

    /// @param path of the file, which is made if it is not there
    public static References open(Path path) throws IOException {
        return new References(LocalFile.open(path, BEGIN));
    }

    /// The newest event with this reference and a number below `below`.
    Optional<Long> find(String reference, long below) throws IOException {
        try {
            find.setString(1, reference);
            find.setLong(2, below);
            try (ResultSet row = find.executeQuery()) {
                long number = row.next() ? row.getLong(1) : 0;
                return number == 0 ? Optional.empty() : Optional.of(number);
            }
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /// The last number whose reference is known here.
    long last() throws IOException {
        return file.one(row -> row.getLong(1), "SELECT last FROM indexed").orElse(0L);
    }

    /// Adds the references of events that were taken in under these numbers. They are kept when they follow on what
    /// is here already; else [#catchUp] reads them.
    void add(long first, List<? extends Json> events) throws IOException {
        long last = last();
        if (first > last + 1) {
            return;
        }
        for (int k = 0; k < events.size(); k++) {
            Optional<String> reference = EventDraft.reference((Json.Obj) events.get(k));
            if (reference.isPresent()) {
                put(reference.get(), first + k);
            }
            take((Json.Obj) events.get(k), first + k);
        }
        file.write("UPDATE indexed SET last = max(last, ?)", first + events.size() - 1);
        file.commit();
    }

    private void put(String reference, long number) throws IOException {
        try {
            add.setString(1, reference);
            add.setLong(2, number);
            int _ = add.executeUpdate();
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /// Keeps what an event takes back of another.
    private void take(Json.Obj event, long number) throws IOException {
        Optional<String> origin = event.findText("refOf");
        Optional<Json> amount = event.find("amount");
        if (origin.isPresent() && amount.isPresent()) {
            file.write(
                    "INSERT OR IGNORE INTO taken VALUES(?, ?, ?)",
                    number,
                    origin.get(),
                    Amounts.decode(amount.get()).toString());
        }
    }

    /// What events of this source with numbers below `below` have taken back of an event.
    ///
    /// @param origin the ledger's id
    BigInteger taken(String origin, long below) throws IOException {
        return file
                .all(
                        row -> new BigInteger(row.getString(1)),
                        "SELECT amount FROM taken WHERE origin = ? AND number < ?",
                        origin,
                        below)
                .stream()
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// Adds to what the file that is being looked at takes back of an event, and answers how much that is by now.
    ///
    /// @param origin what stands for the event
    BigInteger taking(String origin, BigInteger amount) throws IOException {
        BigInteger sum = file.one(
                        row -> new BigInteger(row.getString(1)), "SELECT amount FROM taking WHERE origin = ?", origin)
                .orElse(BigInteger.ZERO)
                .add(amount);
        file.write("INSERT OR REPLACE INTO taking VALUES(?, ?)", origin, sum.toString());
        return sum;
    }

    /// Reads what the ledger has and this file lacks, oldest run first.
    void catchUp(SourceHistory history) throws IOException, LedgerException {
        long last = last();
        if (history.last() <= last) {
            return;
        }
        for (Run run : history.runs().reversed()) {
            if (run.last() > last) {
                RunEvents events = history.events(run.first());
                add(run.first(), events.events());
            }
        }
    }

    /// An event of the file that is being looked at.
    record Draft(long line, Json.Obj event) {}

    /// Remembers an event of a file under its reference until this is closed, and answers which had it before.
    Optional<Draft> remember(String reference, long line, Json.Obj event) throws IOException {
        Optional<Draft> before = draft(reference);
        try {
            addDraft.setString(1, reference);
            addDraft.setLong(2, line);
            addDraft.setString(3, event.canonical().utf8().orElseThrow());
            int _ = addDraft.executeUpdate();
        } catch (SQLException e) {
            throw file.failed(e);
        }
        return before;
    }

    Optional<Draft> draft(String reference) throws IOException {
        try {
            findDraft.setString(1, reference);
            try (ResultSet row = findDraft.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Bytes event = Bytes.ofUtf8(row.getString(2));
                return JsonReader.read(event, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                        ? Optional.of(new Draft(row.getLong(1), object))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    /// Forgets the events of the file that was looked at.
    void forgetDrafts() throws IOException {
        file.write("DELETE FROM draft");
        file.write("DELETE FROM taking");
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
