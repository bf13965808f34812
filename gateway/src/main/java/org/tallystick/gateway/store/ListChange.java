package org.tallystick.gateway.store;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// What a block adds to the lists: a function of the block alone. What stands in the lists is a function of
/// all of these in their order, so it is the same whenever it is made.
public sealed interface ListChange {

    /// An item that stays as it is.
    ///
    /// @param told what it says beside its facets and its position
    record Listed(Listing listing, Place place, Facets facets, Json.Obj told) implements ListChange {}

    /// A version was offered or moved.
    ///
    /// @param sides ledger parties by the parties of the terms
    record Offered(String agreement, Hash version, SortedMap<String, String> sides, List<Source> sources)
            implements ListChange {
        public Offered {
            sides = new TreeMap<>(sides);
            sources = List.copyOf(sources);
        }
    }

    /// @param party of the ledger
    /// @param told in which periods it has a part
    record Source(String id, String party, Json.Obj told) {}

    /// A version was adopted: its sources are listed from here on.
    record Adopted(Position at, String agreement, Hash version) implements ListChange {}

    /// What a source says of itself has changed.
    record SourceMoved(Position at, String agreement, String source, String party, Json.Obj told)
            implements ListChange {}

    /// A period was settled: each side of the version it was settled under has a statement.
    ///
    /// @param settlement its hash
    record Settled(Position at, String agreement, Period period, Hash settlement, String time) implements ListChange {}
}
