package org.tallystick.ledger.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// How far the report of a file has come, in a file beside the keys: which file, how many of its events are on the
/// ledger, and the signed reports whose verdicts are not known yet.
///
/// A report is written here before it is sent, so that after any interruption the same bytes are sent again, and the
/// ledger gives the same verdict again.
public final class Journal implements AutoCloseable {

    private static final List<String> BEGIN = List.of(
            "CREATE TABLE IF NOT EXISTS work(one INTEGER PRIMARY KEY, file TEXT, name TEXT, first INTEGER,"
                    + " confirmed INTEGER)",
            "CREATE TABLE IF NOT EXISTS pending(first INTEGER PRIMARY KEY, count INTEGER, envelope BLOB)",
            "CREATE TABLE IF NOT EXISTS done(file TEXT PRIMARY KEY, name TEXT, events INTEGER, last INTEGER)");

    private final LocalFile file;

    private Journal(LocalFile file) {
        this.file = file;
    }

    public static Journal open(Path path) throws IOException {
        return new Journal(LocalFile.open(path, BEGIN));
    }

    /// A file whose report was begun and has not come to its end.
    ///
    /// @param file hash of it and of its mapping
    /// @param first number that its first event got
    /// @param confirmed how many of its events are on the ledger, counted from its begin
    public record Work(Hash file, String name, long first, long confirmed) {}

    /// A signed report that may or may not be on the ledger.
    record Pending(long first, long count, Bytes envelope) {}

    /// A file that was reported to its end.
    public record Done(String name, long events, long last) {}

    public Optional<Work> work() throws IOException {
        return file.one(
                row -> new Work(new Hash(row.getString(1)), row.getString(2), row.getLong(3), row.getLong(4)),
                "SELECT file, name, first, confirmed FROM work");
    }

    public Optional<Done> done(Hash hash) throws IOException {
        return file.one(
                row -> new Done(row.getString(1), row.getLong(2), row.getLong(3)),
                "SELECT name, events, last FROM done WHERE file = ?",
                hash.hex());
    }

    Work begin(Hash hash, String name, long first) throws IOException {
        file.write("INSERT INTO work VALUES(1, ?, ?, ?, 0)", hash.hex(), name, first);
        file.commit();
        return new Work(hash, name, first, 0);
    }

    List<Pending> pending() throws IOException {
        return file.all(
                row -> new Pending(row.getLong(1), row.getLong(2), Bytes.copyOf(row.getBytes(3))),
                "SELECT first, count, envelope FROM pending ORDER BY first");
    }

    /// Keeps what is about to be sent, and that those before it are on the ledger.
    void send(List<Pending> confirmed, List<Pending> reports) throws IOException {
        note(confirmed);
        for (Pending report : reports) {
            file.write(
                    "INSERT INTO pending VALUES(?, ?, ?)",
                    report.first(),
                    report.count(),
                    report.envelope().toArray());
        }
        file.commit();
    }

    /// These reports are on the ledger.
    void confirm(List<Pending> reports) throws IOException {
        note(reports);
        file.commit();
    }

    private void note(List<Pending> reports) throws IOException {
        for (Pending report : reports) {
            file.write("DELETE FROM pending WHERE first = ?", report.first());
            file.write("UPDATE work SET confirmed = confirmed + ?", report.count());
        }
    }

    /// These reports are not on the ledger, and never will be.
    void drop(List<Pending> reports) throws IOException {
        for (Pending report : reports) {
            file.write("DELETE FROM pending WHERE first = ?", report.first());
        }
        file.commit();
    }

    /// Gives up a file whose rest cannot be reported in its order any more, with all that was signed for it.
    void giveUp() throws IOException {
        file.write("DELETE FROM pending");
        file.write("DELETE FROM work");
        file.commit();
    }

    void finish(Work work, long events, long last) throws IOException {
        file.write("DELETE FROM work");
        file.write("INSERT OR REPLACE INTO done VALUES(?, ?, ?, ?)", work.file().hex(), work.name(), events, last);
        file.commit();
    }

    /// Gives up the rest of a file. What is on the ledger stays there.
    ///
    /// @return whether it could be given up: not while reports of it may still be applied
    public boolean abandon() throws IOException {
        if (!pending().isEmpty()) {
            return false;
        }
        file.write("DELETE FROM work");
        file.commit();
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
