package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;

/// Rows of the tables as values.
final class Rows {

    static final String VERDICT = "SELECT hash, home, party, id, answer, block, tx, item FROM verdict";
    static final String INSTRUCTION = "SELECT seq, hash, home, party, id, state, answer FROM instruction";

    private Rows() {}

    @FunctionalInterface
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    static Standing verdict(ResultSet row) throws SQLException {
        var answer = Store.parsed(row.getString("answer"));
        return new Standing(
                new Hash(row.getString("hash")),
                row.getString("home"),
                row.getString("party"),
                row.getString("id"),
                State.ofText(answer.text("result")),
                Optional.of(answer),
                Optional.of(new Position(row.getLong("block"), row.getInt("tx"), row.getInt("item"))));
    }

    static Standing instruction(ResultSet row) throws SQLException {
        return new Standing(
                new Hash(row.getString("hash")),
                row.getString("home"),
                row.getString("party"),
                row.getString("id"),
                State.ofText(row.getString("state")),
                Optional.ofNullable(row.getString("answer")).map(Store::parsed),
                Optional.empty());
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

    static PreparedStatement prepare(Connection on, String sql, Object... values) throws SQLException {
        PreparedStatement statement = on.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
