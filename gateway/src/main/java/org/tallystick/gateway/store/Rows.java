package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Rows of the tables as values.
final class Rows {

    static final String VERDICT = "SELECT hash, home, party, id, answer, block, tx, item FROM verdict";
    static final String INSTRUCTION =
            "SELECT seq, envelope_hash, hash, home, party, id, state, answer, received FROM instruction";

    static final String SENDING = "SELECT transaction_id, home, envelope FROM sending";

    /// Acknowledged, and not answered.
    static final String PENDING = "state IN ('received', 'waiting')";

    private Rows() {}

    @FunctionalInterface
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    static Standing verdict(ResultSet row) throws SQLException {
        var answer = parsed(row.getString("answer"));
        return new Standing(
                new Hash(row.getString("hash")),
                row.getString("home"),
                row.getString("party"),
                row.getString("id"),
                State.ofText(answer.text("result")),
                Optional.of(answer),
                Optional.of(position(row)));
    }

    static Position position(ResultSet row) throws SQLException {
        return new Position(row.getLong("block"), row.getInt("tx"), row.getInt("item"));
    }

    static News news(ResultSet row) throws SQLException {
        String hash = row.getString("hash");
        return new News(
                position(row),
                row.getString("home"),
                hash == null
                        ? Optional.empty()
                        : Optional.of(new News.Asked(hash, row.getString("party"), row.getString("id"))),
                row.getString("answer"));
    }

    static Standing instruction(ResultSet row) throws SQLException {
        return new Standing(
                new Hash(row.getString("hash")),
                row.getString("home"),
                row.getString("party"),
                row.getString("id"),
                State.ofText(row.getString("state")),
                Optional.ofNullable(row.getString("answer")).map(Rows::parsed),
                Optional.empty());
    }

    static void run(Connection on, String sql, Object... values) throws SQLException {
        int _ = update(on, sql, values);
    }

    static int update(Connection on, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(on, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /// The same statement for many rows.
    static void each(Connection on, String sql, List<Object[]> rows) throws SQLException {
        try (PreparedStatement statement = on.prepareStatement(sql)) {
            for (Object[] values : rows) {
                fill(statement, values);
                statement.addBatch();
            }
            int[] _ = statement.executeBatch();
        }
    }

    static <T> List<T> all(Connection on, String sql, Reading<T> reading, Object... values) throws SQLException {
        List<T> all = new ArrayList<>();
        try (PreparedStatement statement = prepare(on, sql, values);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(reading.of(row));
            }
        }
        return all;
    }

    static <T> Optional<T> one(Connection on, String sql, Reading<T> reading, Object... values) throws SQLException {
        return all(on, sql, reading, values).stream().findFirst();
    }

    static Sending sending(ResultSet row) throws SQLException {
        return new Sending(row.getString(1), row.getString(2), Bytes.copyOf(row.getBytes(3)));
    }

    /// A list of so many values, for IN.
    static String list(int size) {
        return "(" + "?, ".repeat(size - 1) + "?)";
    }

    static PreparedStatement prepare(Connection on, String sql, Object... values) throws SQLException {
        PreparedStatement statement = on.prepareStatement(sql);
        fill(statement, values);
        return statement;
    }

    private static void fill(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    static String spelled(Json.Obj json) {
        return json.canonical().utf8().orElseThrow();
    }

    static Json.Obj parsed(String json) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(json)) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IllegalStateException("the store holds what is no answer: " + json);
    }
}
