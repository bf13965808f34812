package org.tallystick.ledger.statement;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.LivedCase;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OpenItem;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Snapshot;

/// Agreements that were lived to their end on a ledger, and statements of them.
public final class Lived {

    private static final Path EXAMPLES = Path.of("../docs/spec/examples");

    private final LivedCase one;
    final Snapshot snapshot = new Snapshot();

    private Lived(LivedCase one) {
        this.one = one;
        snapshot.values.putAll(one.state());
    }

    public static Lived drawn(long seed) {
        return new Lived(LivedCase.drawn(seed));
    }

    public static Lived example(String name) throws Exception {
        Bytes text = Bytes.copyOf(Files.readAllBytes(EXAMPLES.resolve(name + ".json")));
        if (!(JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj file))) {
            throw new IllegalStateException(name + " is no JSON object");
        }
        List<Json> settlements = file.items("settlements");
        return new Lived(LivedCase.of(
                file.object("terms"),
                file.items("events"),
                ((Json.Obj) settlements.getFirst()).text("period"),
                ((Json.Obj) settlements.getLast()).text("period"),
                1));
    }

    public List<Period> periods() {
        return one.periods().stream().map(Period::ofText).toList();
    }

    AgreementView view() throws Exception {
        return new Agreements(snapshot).find(one.agreement()).orElseThrow();
    }

    /// Puts a line that two parties agreed on into a settlement, as a close does.
    void agrees(Period period, AgreedLine line) {
        String agreement = one.agreement().text();
        String key = Keys.settlement(agreement, period.text());
        TreeMap<String, Json> settlement =
                new TreeMap<>(Objects.requireNonNull(snapshot.values.get(key)).members());
        settlement.put("agreed", Json.array(List.of(line.encode())));
        snapshot.values.put(key, new Json.Obj(settlement));
        String open = Keys.openItems(agreement, period.text());
        SortedMap<String, OpenItem> items =
                OpenItem.CODEC.decode().apply(Objects.requireNonNull(snapshot.values.get(open)));
        OpenItem item = Objects.requireNonNull(items.get(line.payee()));
        items.put(line.payee(), item.plus(line.amount()));
        snapshot.values.put(open, OpenItem.CODEC.encode().apply(items));
    }

    public Statement statement(Period period, String... parties) throws Exception {
        return new Statements(snapshot, view(), Integer.MAX_VALUE)
                .settled(period, List.of(parties))
                .orElseThrow();
    }
}
