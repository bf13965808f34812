package org.tallystick.ledger.client;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.terms.Period;
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
            "CREATE TABLE IF NOT EXISTS taken(number INTEGER PRIMARY KEY, origin TEXT, amount TEXT, sold TEXT,"
                    + " currency TEXT)",
            "CREATE INDEX IF NOT EXISTS taken_origin ON taken(origin)",
            "CREATE TEMP TABLE taking(origin TEXT PRIMARY KEY, amount TEXT) WITHOUT ROWID",
            "CREATE TEMP TABLE holding(origin TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID",
            "CREATE TEMP TABLE draft(ref TEXT PRIMARY KEY, line INTEGER, event TEXT, booked TEXT) WITHOUT ROWID");

    /// In the place of a period, an amount or a currency.
    private static final String NONE = "";

    private final LocalFile file;
    private final PreparedStatement find;
    private final PreparedStatement add;
    private final PreparedStatement findDraft;
    private final PreparedStatement addDraft;
    private final PreparedStatement replaceDraft;

    private References(LocalFile file) throws IOException {
        this.file = file;
        this.find = file.prepare("SELECT max(number) FROM reference WHERE ref = ? AND number < ?");
        this.add = file.prepare("INSERT OR IGNORE INTO reference VALUES(?, ?)");
        this.findDraft = file.prepare("SELECT line, event, booked FROM draft WHERE ref = ?");
        this.addDraft = file.prepare("INSERT OR IGNORE INTO draft VALUES(?, ?, ?, ?)");
        this.replaceDraft = file.prepare("INSERT OR REPLACE INTO draft VALUES(?, ?, ?, ?)");
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
    ///
    /// @param origins events that these name and that are not among them, by the ledger's id
    void add(SourceId source, long first, List<? extends Json> events, Map<String, ? extends Json> origins)
            throws IOException {
        long last = last();
        if (first > last + 1) {
            return;
        }
        for (int k = 0; k < events.size(); k++) {
            Optional<String> reference = EventDraft.reference((Json.Obj) events.get(k));
            if (reference.isPresent()) {
                put(reference.get(), first + k);
            }
            take(source, first, k, events, origins);
        }
        file.write("UPDATE indexed SET last = max(last, ?)", first + events.size() - 1);
    }

    /// Makes what was added last.
    void keep() throws IOException {
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

    /// Keeps what an event takes back of another, and what that was sold for.
    private void take(
            SourceId source, long first, int k, List<? extends Json> events, Map<String, ? extends Json> origins)
            throws IOException {
        Json.Obj event = (Json.Obj) events.get(k);
        Optional<String> named = event.findText("refOf");
        Optional<Json> amount = event.find("amount");
        if (named.isEmpty() || amount.isEmpty()) {
            return;
        }
        Optional<Json.Obj> origin = Optional.<Json>ofNullable(origins.get(named.get()))
                .or(() -> EventId.parse(named.get())
                        .filter(id -> id.source().equals(source) && id.number() >= first && id.number() < first + k)
                        .map(id -> events.get((int) (id.number() - first))))
                .map(Json.Obj.class::cast);
        file.write(
                "INSERT OR IGNORE INTO taken VALUES(?, ?, ?, ?, ?)",
                first + k,
                named.get(),
                units(amount.get()),
                origin.flatMap(sale -> sale.find("amount"))
                        .map(References::units)
                        .orElse(NONE),
                origin.flatMap(sale -> sale.findText("currency")).orElse(NONE));
    }

    private static String units(Json amount) {
        return Amounts.decode(amount).toString();
    }

    /// An event that takes back of another.
    ///
    /// @param sold what the other was sold for, in minor units; nothing if that is not known
    /// @param currency of the other; nothing if it is in that of the terms
    record Taken(long number, String origin, BigInteger amount, Optional<BigInteger> sold, Optional<String> currency) {}

    /// Everything that was taken back by this source.
    void eachTaken(Consumer<Taken> taker) throws IOException {
        file.each(
                row -> new Taken(
                        row.getLong(1),
                        row.getString(2),
                        new BigInteger(row.getString(3)),
                        said(row.getString(4)).map(BigInteger::new),
                        said(row.getString(5))),
                taker,
                "SELECT number, origin, amount, sold, currency FROM taken ORDER BY number");
    }

    private static Optional<String> said(String text) {
        return text.equals(NONE) ? Optional.empty() : Optional.of(text);
    }

    /// An event with its reporter's reference.
    record Referred(String reference, long number) {}

    /// The events whose references another event has, too; by reference and number.
    void eachRepeated(Consumer<Referred> taker) throws IOException {
        file.each(
                row -> new Referred(row.getString(1), row.getLong(2)),
                taker,
                "SELECT ref, number FROM reference WHERE ref IN"
                        + " (SELECT ref FROM reference GROUP BY ref HAVING count(*) > 1) ORDER BY ref, number");
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

    /// Adds to the events of the file that are held by what they name, and answers how many it holds by now.
    ///
    /// @param origin what stands for the event that is named
    int holding(String origin) throws IOException {
        file.write("INSERT INTO holding VALUES(?, 1) ON CONFLICT(origin) DO UPDATE SET count = count + 1", origin);
        return file.one(row -> row.getInt(1), "SELECT count FROM holding WHERE origin = ?", origin)
                .orElseThrow();
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
                add(history.source(), run.first(), events.events(), events.origins());
                keep();
            }
        }
    }

    /// An event of the file that is being looked at.
    ///
    /// @param booked where it will be; nothing if it will be held
    record Draft(long line, Json.Obj event, Optional<Period> booked) {}

    /// Remembers an event of a file under its reference until this is closed, and answers which had it before.
    Optional<Draft> remember(String reference, long line, Bytes event, Optional<Period> booked) throws IOException {
        if (put(addDraft, reference, line, event, booked)) {
            return Optional.empty();
        }
        Optional<Draft> before = draft(reference);
        if (!put(replaceDraft, reference, line, event, booked)) {
            throw new IllegalStateException("the newest event with reference " + reference + " was not kept");
        }
        return before;
    }

    /// @return whether a row was written
    private boolean put(PreparedStatement statement, String reference, long line, Bytes event, Optional<Period> booked)
            throws IOException {
        try {
            statement.setString(1, reference);
            statement.setLong(2, line);
            statement.setString(3, event.utf8().orElseThrow());
            statement.setString(4, booked.map(Period::text).orElse(NONE));
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw file.failed(e);
        }
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
                        ? Optional.of(new Draft(row.getLong(1), object, Period.parse(row.getString(3))))
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
        file.write("DELETE FROM holding");
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
