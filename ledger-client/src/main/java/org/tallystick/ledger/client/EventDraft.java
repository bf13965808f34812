package org.tallystick.ledger.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// An event as its reporter writes it: as in terms/1, with the reporter's own reference in place of the ledger's
/// number.
///
/// @param reference the reporter's own, by which `refOf` of later ones may name it
/// @param refOf the event this one corrects: the ledger's id or the reporter's reference
/// @param json the event as it is reported, but for `refOf`
public record EventDraft(Optional<String> reference, Optional<String> refOf, Json.Obj json) {

    private static final String REFERENCE = "ref";
    private static final List<String> TEXTS = List.of("id", "refOf");
    private static final Set<String> LEDGERS_OWN = Set.of("booked", "attestedBy");
    /// Types that keep the reference on the ledger. Others have no attributes of their own: a refund has its origin's.
    private static final List<String> KEEP_REFERENCE = List.of(
            "cost", "delivery", "kpi", "mdf-claim", "milestone", "refund", "return", "sale", "subscribers", "usage");

    /// The draft in an object of a file: `id` is the reporter's reference.
    ///
    /// @throws IllegalArgumentException if it says what only the ledger can say, its own reference twice, or a
    /// reference that is no text
    public static EventDraft of(Json.Obj event) {
        for (String name : LEDGERS_OWN) {
            if (event.has(name)) {
                throw new IllegalArgumentException("has \"" + name + "\", which the ledger gives");
            }
        }
        for (String name : TEXTS) {
            if (event.has(name) && text(event, name).isEmpty()) {
                throw new IllegalArgumentException("has a \"" + name + "\" that is no text");
            }
        }
        Optional<String> id = text(event, "id");
        Optional<String> refOf = text(event, "refOf");
        Optional<String> own = reference(event);
        if (id.isPresent() && own.isPresent() && !id.equals(own)) {
            throw new IllegalArgumentException("has id " + id.get() + " and attrs.ref " + own.get());
        }
        TreeMap<String, Json> members = new TreeMap<>(event.members());
        members.remove("id");
        members.remove("refOf");
        boolean keeps =
                refOf.isEmpty() && KEEP_REFERENCE.contains(text(event, "type").orElse(""));
        if (id.isPresent() && keeps) {
            members.put("attrs", withReference(event, id.get()));
        }
        return new EventDraft(id.or(() -> own), refOf, new Json.Obj(members));
    }

    private static Json withReference(Json.Obj event, String reference) {
        TreeMap<String, Json> attributes = new TreeMap<>();
        if (event.find("attrs").orElse(Json.Obj.EMPTY) instanceof Json.Obj given) {
            attributes.putAll(given.members());
        }
        attributes.put(REFERENCE, Json.text(reference));
        return new Json.Obj(attributes);
    }

    /// The reporter's reference in an event, if it kept one.
    static Optional<String> reference(Json.Obj event) {
        return event.find("attrs")
                .flatMap(attributes ->
                        attributes instanceof Json.Obj object ? text(object, REFERENCE) : Optional.empty());
    }

    private static Optional<String> text(Json.Obj object, String name) {
        return object.find(name)
                .flatMap(value -> value instanceof Json.Text(var text) ? Optional.of(text) : Optional.empty());
    }

    /// The event that is reported, naming the one it corrects by the ledger's id.
    Json.Obj naming(String id) {
        TreeMap<String, Json> members = new TreeMap<>(json.members());
        members.put("refOf", Json.text(id));
        return new Json.Obj(members);
    }
}
