package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/// What differs between the two databases, for a store that is written once.
interface Database {

    /// How far a failure reaches.
    enum Reach {
        /// This statement: what was done before it in the transaction can still be committed.
        STATEMENT,
        /// The transaction, by no fault of its statements: the same again may succeed.
        TURN,
        /// The transaction.
        TRANSACTION,
        /// The connection. Of a commit it is not known whether it was done.
        CONNECTION
    }

    /// Which other writers may not write at the same time, on other connections.
    enum Lock {
        /// None is kept away.
        NONE,
        /// Those that must be alone.
        SHARED,
        /// All that lock.
        ALONE
    }

    /// Where it is, as people may see it.
    String name();

    /// Makes the tables, or brings them to this version.
    void migrate() throws StoreException;

    /// Keeps a name for as long as this connection lives.
    ///
    /// @return false if another process has it
    boolean reserve(Connection writer, String name) throws SQLException;

    /// A connection for the one thread that writes. A commit on it is on the disk when it returns.
    /// Transactions are begun and ended in SQL.
    ///
    /// Whatever connection of this store's was lost before is over when this returns: nothing of it is
    /// committed later.
    Connection writer() throws SQLException;

    /// Begins a transaction, and waits for the lock.
    void begin(Connection connection, Lock lock) throws SQLException;

    /// Connections that only read.
    DataSource readers();

    Reach reach(SQLException failure);

    /// The time of the database in milliseconds, as an expression.
    String now();

    /// Behind a SELECT: the rows are locked to the end of the transaction.
    String locking();

    /// The same for rows that nobody has locked; others are passed over.
    String lockingFree();

    /// A condition: no other transaction that is under way is making a lease of this name. Whoever asks first
    /// may, to the end of its transaction; the others pass the name over, since to wait for each other with
    /// several names would end in a deadlock.
    ///
    /// @param name an expression
    String making(String name);

    /// What an operator is told when it cannot be opened.
    String trouble(SQLException failure);

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }
}
