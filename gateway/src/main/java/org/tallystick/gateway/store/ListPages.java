package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.gateway.store.ListChange.Listed;
import org.tallystick.gateway.store.ListStore.Generation;
import org.tallystick.gateway.store.ListStore.Page;
import org.tallystick.gateway.store.ListStore.Question;

/// Pages of the lists of one generation.
///
/// There are indexes for an agreement and for a party. By all else what these lead to is looked through, and only so
/// much of it: so a page costs no more for a filter that fits little.
final class ListPages {

    private static final String TABLE = " FROM reading_listed";
    private static final String PLACE = "block, tx, item, part";

    private ListPages() {}

    static Page page(Connection on, Generation served, Question question) throws SQLException {
        String sorted = question.newest()
                ? " ORDER BY block DESC, tx DESC, item DESC, part DESC"
                : " ORDER BY block, tx, item, part";
        Condition all = indexed(served, question);
        Condition chosen = chosen(question.facets());
        Optional<Place> bound = Optional.empty();
        if (!chosen.parts.isEmpty()) {
            bound = Rows.one(
                    on,
                    "SELECT " + PLACE + TABLE + all.where() + sorted + " LIMIT 1 OFFSET " + (ListStore.LOOKED_AT - 1),
                    ListPages::place,
                    all.values());
            bound.ifPresent(place -> all.at(question.newest() ? ">=" : "<=", place));
            all.and(chosen);
        }
        List<Listed> items = Rows.all(
                on,
                "SELECT *" + TABLE + all.where() + sorted + " LIMIT " + (question.limit() + 1),
                row -> listed(row, question.listing()),
                all.values());
        if (items.size() > question.limit()) {
            List<Listed> some = items.subList(0, question.limit());
            return new Page(served.block(), some, Optional.of(some.getLast().place()));
        }
        return new Page(served.block(), items, bound);
    }

    private static boolean isByAgreement(Facets facets) {
        return !facets.agreement().isEmpty();
    }

    /// What an index leads to.
    private static Condition indexed(Generation served, Question question) {
        Condition indexed = new Condition();
        indexed.and("generation = ?", served.number());
        indexed.and("listing = ?", question.listing().text());
        if (isByAgreement(question.facets())) {
            indexed.equal("agreement", question.facets().agreement());
        } else {
            indexed.equal("party", question.facets().party());
        }
        question.since()
                .ifPresent(at -> indexed.and("(block, tx, item) > (?, ?, ?)", at.block(), at.transaction(), at.item()));
        question.after().ifPresent(place -> indexed.at(question.newest() ? "<" : ">", place));
        return indexed;
    }

    /// What is looked at for the rest.
    private static Condition chosen(Facets facets) {
        Condition chosen = new Condition();
        if (isByAgreement(facets)) {
            chosen.equal("party", facets.party());
        }
        chosen.equal("act", facets.act());
        chosen.equal("state", facets.state());
        chosen.equal("source", facets.source());
        if (!facets.period().isEmpty()) {
            chosen.and("period LIKE ?", "% " + facets.period() + " %");
        }
        return chosen;
    }

    /// A condition with its values.
    private static final class Condition {
        private final List<String> parts = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void and(String part, Object... more) {
            parts.add(part);
            values.addAll(List.of(more));
        }

        void and(Condition other) {
            parts.addAll(other.parts);
            values.addAll(other.values);
        }

        /// If one value is wanted.
        void equal(String column, String value) {
            if (!value.isEmpty()) {
                and(column + " = ?", value);
            }
        }

        void at(String comparison, Place place) {
            and(
                    "(" + PLACE + ") " + comparison + " (?, ?, ?, ?)",
                    place.block(),
                    place.transaction(),
                    place.item(),
                    place.part());
        }

        String where() {
            return " WHERE " + String.join(" AND ", parts);
        }

        Object[] values() {
            return values.toArray();
        }
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(row.getLong("block"), row.getInt("tx"), row.getInt("item"), row.getInt("part"));
    }

    private static Listed listed(ResultSet row, Listing listing) throws SQLException {
        return new Listed(
                listing,
                place(row),
                new Facets(
                        row.getString("agreement"),
                        row.getString("party"),
                        row.getString("act"),
                        row.getString("state"),
                        row.getString("source"),
                        row.getString("period")),
                Rows.parsed(row.getString("told")));
    }
}
