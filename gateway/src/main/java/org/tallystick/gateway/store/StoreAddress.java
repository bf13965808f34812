package org.tallystick.gateway.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a store is: a file of SQLite, or a database of PostgreSQL.
///
/// Its text never shows a password.
public sealed interface StoreAddress {

    /// As it is shown, and read again by [#parse]; without a password.
    String text();

    /// The same with a password, which a file has not.
    default StoreAddress withPassword(String password) {
        return switch (this) {
            case File file -> file;
            case Server(var hosts, var database, var user, var _, var options) ->
                new Server(hosts, database, user, Optional.of(password), options);
        };
    }

    /// A file, made if it is not there.
    ///
    /// @param limit how many bytes it may have, if that is limited
    record File(Path path, OptionalLong limit) implements StoreAddress {
        @Override
        public String text() {
            return path.toString();
        }
    }

    /// A database, which is there.
    ///
    /// @param hosts with their ports, if not the usual one; several separated by commas: the one that is no
    ///     standby is taken
    /// @param user nothing for `PGUSER`, then for the name of who runs the gateway
    /// @param password nothing for `PGPASSWORD`, then for the file that `PGPASSFILE` names, then for
    ///     `~/.pgpass`
    /// @param options of the connection, some of [#OPTIONS]
    record Server(
            String hosts,
            String database,
            Optional<String> user,
            Optional<String> password,
            SortedMap<String, String> options)
            implements StoreAddress {

        /// How the connection is protected and proven, and the schema of the tables.
        public static final Set<String> OPTIONS = Set.of(
                "currentSchema", "channelBinding", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation");

        public Server {
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        @Override
        public String text() {
            StringBuilder text = new StringBuilder(SCHEME);
            user.ifPresent(name -> text.append(name).append('@'));
            text.append(hosts).append('/').append(database);
            char before = '?';
            for (Map.Entry<String, String> option : options.entrySet()) {
                text.append(before).append(option.getKey()).append('=').append(option.getValue());
                before = '&';
            }
            return text.toString();
        }

        @Override
        public String toString() {
            return text();
        }
    }

    /// How the address of a database begins.
    String SCHEME = "postgresql://";

    /// What a text says, or why it says nothing.
    sealed interface Parsed {}

    record Good(StoreAddress address) implements Parsed {}

    /// @param why without anything of the text: it may have a password
    record Bad(String why) implements Parsed {}

    static StoreAddress file(Path path) {
        return new File(path, OptionalLong.empty());
    }

    /// Reads `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE`, of which the host and the
    /// database must be there; all else is a file.
    static Parsed parse(String text) {
        if (text.startsWith(SCHEME)) {
            return Texts.server(text);
        }
        if (text.contains("://")) {
            return new Bad("only " + SCHEME + "HOST/DATABASE, or the name of a file");
        }
        try {
            return text.isEmpty() ? new Bad("an empty name of a file") : new Good(file(Path.of(text)));
        } catch (InvalidPathException e) {
            return new Bad("no name of a file: " + e.getReason());
        }
    }

    /// The reading of such an address.
    final class Texts {

        private static final Pattern SERVER = Pattern.compile(SCHEME
                + "((?<user>[^:@/?]+)(:(?<password>[^@/?]*))?@)?(?<hosts>[^@/?]+)/(?<database>[^/?]+)"
                + "(\\?(?<options>.*))?");
        private static final String HOST = "([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?";
        private static final Pattern HOSTS = Pattern.compile(HOST + "(," + HOST + ")*");

        private Texts() {}

        private static Parsed server(String text) {
            Matcher parts = SERVER.matcher(text);
            if (!parts.matches() || !HOSTS.matcher(parts.group("hosts")).matches()) {
                return new Bad("the form is " + SCHEME
                        + "USER@HOST:PORT/DATABASE; within a name, @ is written %40, / is" + " %2F and : is %3A");
            }
            TreeMap<String, String> options = new TreeMap<>();
            for (String option :
                    Optional.ofNullable(parts.group("options")).orElse("").split("&", -1)) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? option : option.substring(0, equals);
                if (!option.isEmpty() && (equals < 0 || !Server.OPTIONS.contains(name))) {
                    return new Bad("no option of the connection: " + name + "; there are "
                            + String.join(", ", new TreeSet<>(Server.OPTIONS)));
                }
                if (!option.isEmpty()) {
                    options.put(name, plain(option.substring(equals + 1)));
                }
            }
            return new Good(new Server(
                    parts.group("hosts"),
                    plain(parts.group("database")),
                    Optional.ofNullable(parts.group("user")).map(Texts::plain),
                    Optional.ofNullable(parts.group("password")).map(Texts::plain),
                    options));
        }

        /// A plus is a plus here, unlike in a form of the Web.
        private static String plain(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException _) {
                return text;
            }
        }
    }
}
