package org.tallystick.gateway.store;

import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/// The tables in their versions: scripts of Flyway's in `db/sqlite` and `db/postgresql`.
///
/// A store of a later version is refused: an older gateway would not know what it must keep.
final class Schema {

    /// Held here, because a logger that nobody holds forgets its level.
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private Schema() {}

    static void migrate(Database database, DataSource source, String kind) throws StoreException {
        FLYWAY.setLevel(Level.WARNING);
        try {
            Flyway flyway = Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/" + kind)
                    .ignoreMigrationPatterns(new String[0])
                    .load();
            MigrationInfoService info = flyway.info();
            for (MigrationInfo applied : info.applied()) {
                if (!applied.getState().isResolved()) {
                    throw new StoreException(
                            database.name() + " was written by a later gateway: its version is " + applied.getVersion()
                                    + ", which this gateway does not know; run the later gateway",
                            null);
                }
            }
            if (info.pending().length > 0) {
                var _ = flyway.migrate();
            } else {
                flyway.validate();
            }
        } catch (FlywayException e) {
            throw refused(database, e);
        }
    }

    private static StoreException refused(Database database, FlywayException e) {
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new StoreException(
                    database.name() + " has tables, but not those of a store; name one that is empty or not there yet",
                    e);
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return new StoreException(database.trouble(sql), e);
            }
        }
        return new StoreException("cannot open " + database.name() + ": " + e.getMessage(), e);
    }
}
