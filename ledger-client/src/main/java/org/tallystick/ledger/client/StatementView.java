package org.tallystick.ledger.client;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.OpenItem;

/// The settlement of a period with its lines, whose root was computed again.
///
/// @param hash of the settlement, by which it is disputed and acknowledged
/// @param lines in the order of the terms
/// @param openItems what the hub and each party of the terms owe each other for it
public record StatementView(
        Hash hash, Json.Obj settlement, List<Json.Obj> lines, SortedMap<String, OpenItem> openItems) {

    public StatementView {
        lines = List.copyOf(lines);
        openItems = new TreeMap<>(openItems);
    }

    /// What was agreed on beside them.
    public List<AgreedLine> agreed() {
        return settlement.items("agreed").stream()
                .map(line -> AgreedLine.decode((Json.Obj) line))
                .toList();
    }

    /// The lines that one party of the terms pays or is paid.
    public List<Json.Obj> linesOf(String termsParty) {
        return lines.stream()
                .filter(line ->
                        line.text("from").equals(termsParty) || line.text("to").equals(termsParty))
                .toList();
    }
}
