package org.tallystick.agreement.state;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// How far a close is that needs several steps.
///
/// @param done how many of its parts are written
/// @param pages keys that its steps write
/// @param rules version of the rules that began it
/// @param settlement hash of what it will settle
public record CloseRecord(int done, int parts, SortedSet<String> pages, long rules, Hash settlement) {
    public static final Codec<CloseRecord> CODEC = new Codec<>(CloseRecord::decode, CloseRecord::encode);

    public CloseRecord {
        pages = Collections.unmodifiableSortedSet(new TreeSet<>(pages));
    }

    public CloseRecord next() {
        return new CloseRecord(done + 1, parts, pages, rules, settlement);
    }

    /// Whether all is written, and the settlement with the last of it.
    public boolean isDone() {
        return done >= parts;
    }

    private static CloseRecord decode(Json.Obj json) {
        TreeSet<String> pages = new TreeSet<>();
        json.items("pages").forEach(page -> pages.add(((Json.Text) page).value()));
        return new CloseRecord(
                (int) json.whole("done"),
                (int) json.whole("parts"),
                pages,
                json.whole("rules"),
                new Hash(json.text("settlement")));
    }

    private Json.Obj encode() {
        return Json.object()
                .with("done", done)
                .with("pages", Json.texts(pages.stream().toList()))
                .with("parts", parts)
                .with("rules", rules)
                .with("settlement", settlement.hex())
                .build();
    }
}
