package org.tallystick.ledger.verify;

import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The first place in which two JSON values differ.
///
/// @param pointer JSON pointer to it
/// @param stated what stands there, if anything
/// @param computed what should
record Difference(String pointer, Optional<Json> stated, Optional<Json> computed) {

    static Optional<Difference> first(Json stated, Json computed) {
        return first("", Optional.of(stated), Optional.of(computed));
    }

    private static Optional<Difference> first(String at, Optional<Json> stated, Optional<Json> computed) {
        if (stated.equals(computed)) {
            return Optional.empty();
        }
        if (stated.isPresent() && computed.isPresent()) {
            if (stated.get() instanceof Json.Obj one && computed.get() instanceof Json.Obj other) {
                return members(at, one, other);
            }
            if (stated.get() instanceof Json.Arr one && computed.get() instanceof Json.Arr other) {
                return items(at, one, other);
            }
        }
        return Optional.of(new Difference(at, stated, computed));
    }

    private static Optional<Difference> members(String at, Json.Obj stated, Json.Obj computed) {
        TreeSet<String> names = new TreeSet<>(stated.members().keySet());
        names.addAll(computed.members().keySet());
        for (String name : names) {
            Optional<Difference> found = first(Form.pointer(at, name), stated.find(name), computed.find(name));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Difference> items(String at, Json.Arr stated, Json.Arr computed) {
        int longest = Math.max(stated.items().size(), computed.items().size());
        for (int i = 0; i < longest; i++) {
            Optional<Difference> found = first(at + "/" + i, item(stated, i), item(computed, i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Json> item(Json.Arr array, int index) {
        return index < array.items().size() ? Optional.of(array.items().get(index)) : Optional.empty();
    }
}
