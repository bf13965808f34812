package org.tallystick.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.gateway.store.ListChange.Adopted;
import org.tallystick.gateway.store.ListChange.Listed;
import org.tallystick.gateway.store.ListChange.Offered;
import org.tallystick.gateway.store.ListChange.Settled;
import org.tallystick.gateway.store.ListChange.SourceMoved;

/// Adds to one generation of the lists, within one database transaction.
final class ListWriting {

    private static final String INSERT = "INSERT INTO reading_listed (generation, listing, block, tx, item, part,"
            + " agreement, party, act, state, source, period, told) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Connection on;
    private final long generation;
    private final List<Listed> fresh = new ArrayList<>();
    private final Map<SourceName, SourceItem> sources = new LinkedHashMap<>();

    ListWriting(Connection on, long generation) {
        this.on = on;
        this.generation = generation;
    }

    private record SourceName(String agreement, String id) {}

    /// @param isFresh whether it is not in the table yet
    private record SourceItem(Place place, String party, TreeMap<String, Json> told, boolean isFresh) {}

    /// Adds what a block adds.
    void add(List<ListChange> changes) throws SQLException {
        for (ListChange change : changes) {
            switch (change) {
                case Listed listed -> fresh.add(listed);
                case Offered offered -> offered(offered);
                case Adopted adopted -> adopted(adopted);
                case SourceMoved moved -> moved(moved);
                case Settled settled -> settled(settled);
            }
        }
        write();
    }

    private void offered(Offered offered) throws SQLException {
        TreeMap<String, Json> sides = new TreeMap<>();
        offered.sides().forEach((side, party) -> sides.put(side, Json.text(party)));
        Json.Obj told = Json.object()
                .with("sides", new Json.Obj(sides))
                .with(
                        "sources",
                        Json.array(offered.sources().stream()
                                .map(source -> Json.object()
                                        .with("id", source.id())
                                        .with("party", source.party())
                                        .with("told", source.told())
                                        .build())
                                .toList()))
                .build();
        Rows.run(
                on,
                "INSERT INTO reading_document (generation, agreement, version, told) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                generation,
                offered.agreement(),
                offered.version().hex(),
                Rows.spelled(told));
    }

    private Optional<Json.Obj> document(String agreement, String version) throws SQLException {
        return Rows.one(
                on,
                "SELECT told FROM reading_document WHERE generation = ? AND agreement = ? AND version = ?",
                row -> Rows.parsed(row.getString(1)),
                generation,
                agreement,
                version);
    }

    private void adopted(Adopted adopted) throws SQLException {
        Optional<Json.Obj> document =
                document(adopted.agreement(), adopted.version().hex());
        if (document.isEmpty()) {
            return;
        }
        int part = 0;
        for (Json one : document.get().items("sources")) {
            Json.Obj named = (Json.Obj) one;
            SourceItem known = source(
                    new SourceName(adopted.agreement(), named.text("id")),
                    Place.of(adopted.at(), part),
                    named.text("party"));
            Json.Obj told = named.object("told");
            known.told().putAll(told.members());
            Json _ = known.told().putIfAbsent("open", told.get("from"));
            part++;
        }
    }

    private void moved(SourceMoved moved) throws SQLException {
        source(new SourceName(moved.agreement(), moved.source()), Place.of(moved.at(), 0), moved.party())
                .told()
                .putAll(moved.told().members());
    }

    /// What is known of a source; at first that it has reported nothing.
    ///
    /// @param place where it stands if it is not listed yet
    private SourceItem source(SourceName name, Place place, String party) throws SQLException {
        SourceItem known = sources.get(name);
        if (known == null) {
            known = stored(name)
                    .orElseGet(() -> new SourceItem(place, party, new TreeMap<>(Map.of("last", Json.whole(0))), true));
            sources.put(name, known);
        }
        return known;
    }

    private Optional<SourceItem> stored(SourceName name) throws SQLException {
        return Rows.one(
                on,
                "SELECT block, tx, item, part, party, told FROM reading_listed"
                        + " WHERE generation = ? AND listing = ? AND agreement = ? AND source = ?",
                row -> new SourceItem(
                        new Place(row.getLong(1), row.getInt(2), row.getInt(3), row.getInt(4)),
                        row.getString(5),
                        new TreeMap<>(Rows.parsed(row.getString(6)).members()),
                        false),
                generation,
                Listing.SOURCES.text(),
                name.agreement(),
                name.id());
    }

    private void settled(Settled settled) throws SQLException {
        // Its version may have been adopted in this very block.
        write();
        Optional<Json.Obj> document = inEffect(settled);
        if (document.isEmpty()) {
            return;
        }
        int part = 0;
        for (Map.Entry<String, Json> side :
                document.get().object("sides").members().entrySet()) {
            fresh.add(new Listed(
                    Listing.STATEMENTS,
                    Place.of(settled.at(), part),
                    Facets.of(settled.agreement())
                            .withParty(((Json.Text) side.getValue()).value())
                            .withPeriods(List.of(settled.period().text())),
                    Json.object()
                            .with("period", settled.period().text())
                            .with("settlement", settled.settlement().hex())
                            .with("side", side.getKey())
                            .with("t", settled.time())
                            .build()));
            part++;
        }
    }

    /// The version that is in effect for a period: the last one adopted that starts by then.
    private Optional<Json.Obj> inEffect(Settled settled) throws SQLException {
        List<Json.Obj> adoptions = Rows.all(
                on,
                "SELECT told FROM reading_listed WHERE generation = ? AND listing = ? AND agreement = ?"
                        + " ORDER BY block DESC, tx DESC, item DESC, part DESC",
                row -> Rows.parsed(row.getString(1)),
                generation,
                Listing.ADOPTIONS.text(),
                settled.agreement());
        for (Json.Obj adoption : adoptions) {
            if (Period.ofText(adoption.text("starts")).compareTo(settled.period()) <= 0) {
                return document(settled.agreement(), adoption.text("version"));
            }
        }
        return Optional.empty();
    }

    private void write() throws SQLException {
        List<Object[]> changed = new ArrayList<>();
        sources.forEach((name, source) -> {
            Json.Obj told = new Json.Obj(source.told());
            if (source.isFresh()) {
                fresh.add(new Listed(
                        Listing.SOURCES,
                        source.place(),
                        Facets.of(name.agreement()).withParty(source.party()).withSource(name.id()),
                        told));
            } else {
                changed.add(new Object[] {
                    Rows.spelled(told),
                    generation,
                    Listing.SOURCES.text(),
                    source.place().block(),
                    source.place().transaction(),
                    source.place().item(),
                    source.place().part()
                });
            }
        });
        Rows.each(
                on,
                "UPDATE reading_listed SET told = ? WHERE generation = ? AND listing = ?"
                        + " AND block = ? AND tx = ? AND item = ? AND part = ?",
                changed);
        Rows.each(on, INSERT, fresh.stream().map(this::row).toList());
        sources.clear();
        fresh.clear();
    }

    private Object[] row(Listed listed) {
        Facets facets = listed.facets();
        return new Object[] {
            generation,
            listed.listing().text(),
            listed.place().block(),
            listed.place().transaction(),
            listed.place().item(),
            listed.place().part(),
            facets.agreement(),
            facets.party(),
            facets.act(),
            facets.state(),
            facets.source(),
            facets.period(),
            Rows.spelled(listed.told())
        };
    }
}
