package org.tallystick.agreement.settlement;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Spelling;

/// Reads a reported event: its form alone, which is the same under all terms (terms/1 section 6).
public final class EventReader {

    /// What an event may be called: 1 to 128 characters from `!` to `~`.
    public static final Form ID = Form.pattern("[!-~]{1,128}");

    private static final Form DATE = Form.text(text -> Days.parse(text).isPresent());
    private static final Form AMOUNT = Form.of(value -> Amounts.read(value).isPresent());
    private static final Form CURRENCY = Form.text(EventReader::isCurrency);
    private static final Form NUMBER =
            Form.of(value -> Amounts.readNumber(value).isPresent());
    private static final Form QUANTITY = Form.of(value ->
            Amounts.readNumber(value).filter(number -> number.signum() >= 0).isPresent()
                    && !(value instanceof Json.Text(var text) && text.startsWith("-")));
    private static final Form TEXT = Form.text(Spelling::isText);
    private static final Form STRING = Form.text(_ -> true);
    private static final Form SCALAR =
            Form.of(value -> value instanceof Json.Text || value instanceof Json.Whole || value instanceof Json.Bool);
    private static final Form ATTRS = Form.map(Spelling::isAttribute, SCALAR);
    private static final Form FIXING = Form.text(
            text -> Rational.parse(text).filter(rate -> rate.signum() > 0).isPresent());

    private static final EnumMap<EventType, Form> FORMS = new EnumMap<>(EventType.class);

    static {
        for (EventType type : EventType.values()) {
            FORMS.put(type, form(type));
        }
    }

    private EventReader() {}

    public static EventReading read(Json event) {
        Optional<EventType> type = type(event);
        if (type.isEmpty()) {
            return new EventReading.Misformed(event instanceof Json.Obj ? "/type" : "");
        }
        Optional<String> fault = Optional.ofNullable(FORMS.get(type.get()))
                .orElseThrow()
                .fault(event)
                .or(() -> needed((Json.Obj) event, type.get()));
        return fault.<EventReading>map(EventReading.Misformed::new)
                .orElseGet(() -> new EventReading.Formed(event((Json.Obj) event, type.get())));
    }

    /// An event that was taken in before, and so has the form of one.
    public static Event known(Json event) {
        return switch (read(event)) {
            case EventReading.Formed(var formed) -> formed;
            case EventReading.Misformed(var at) ->
                throw new IllegalStateException(
                        "an event on the ledger has not the form of one at " + at + ": " + event.canonical());
        };
    }

    private static boolean isCurrency(String text) {
        return text.length() == 3 && text.chars().allMatch(c -> 'A' <= c && c <= 'Z');
    }

    private static Optional<EventType> type(Json event) {
        return event instanceof Json.Obj object && object.find("type").orElse(object) instanceof Json.Text(var text)
                ? EventType.ofText(text)
                : Optional.empty();
    }

    private static Form form(EventType type) {
        return switch (type) {
            case SALE, COST, DELIVERY ->
                members(Map.of("amount", AMOUNT, "currency", CURRENCY), Map.of("quantity", QUANTITY, "attrs", ATTRS));
            case REFUND, RETURN ->
                members(
                        Map.of("amount", AMOUNT),
                        Map.of("currency", CURRENCY, "quantity", QUANTITY, "attrs", ATTRS, "refOf", ID));
            case USAGE, SUBSCRIBERS -> members(Map.of("quantity", QUANTITY), Map.of("attrs", ATTRS));
            case MDF_CLAIM ->
                members(Map.of("amount", AMOUNT), Map.of("currency", CURRENCY, "quantity", QUANTITY, "attrs", ATTRS));
            case MILESTONE, SUSPEND, RESUME -> members(Map.of("attrs", ATTRS), Map.of());
            case KPI -> members(Map.of("kpi", TEXT, "value", NUMBER), Map.of("attrs", ATTRS));
            case FX -> members(Map.of("pair", Form.pattern("[A-Z]{3}/[A-Z]{3}"), "rate", FIXING), Map.of());
            case ADVANCE, CAPITAL, DISPUTE_HOLD, DISPUTE_RELEASE ->
                members(Map.of("amount", AMOUNT, "attrs", ATTRS), Map.of("currency", CURRENCY));
        };
    }

    private static Form members(Map<String, Form> required, Map<String, Form> optional) {
        Map<String, Form> all = new TreeMap<>(required);
        all.put("type", STRING);
        all.put("date", DATE);
        return Form.object(all, optional);
    }

    /// The members that are needed for a reason other than the table.
    private static Optional<String> needed(Json.Obj event, EventType type) {
        return switch (type) {
            case REFUND, RETURN ->
                event.has("refOf") || event.has("currency") ? Optional.empty() : Optional.of("/currency");
            case MILESTONE -> named(event, "name");
            case ADVANCE -> named(event, "clause");
            case CAPITAL, SUSPEND, RESUME, DISPUTE_HOLD -> named(event, "party");
            case DISPUTE_RELEASE -> named(event, "party").or(() -> named(event, "to"));
            case SALE, COST, DELIVERY, USAGE, SUBSCRIBERS, MDF_CLAIM, KPI, FX -> Optional.empty();
        };
    }

    private static Optional<String> named(Json.Obj event, String attribute) {
        return event.object("attrs").find(attribute).orElse(event) instanceof Json.Text
                ? Optional.empty()
                : Optional.of("/attrs/" + attribute);
    }

    private static Event event(Json.Obj event, EventType type) {
        return new Event(
                type,
                Days.ofText(event.text("date")),
                event.find("amount").flatMap(Amounts::read),
                event.findText("currency"),
                event.find("quantity").flatMap(Amounts::readNumber),
                event.has("attrs") ? event.object("attrs").members() : Json.Obj.EMPTY.members(),
                event.findText("refOf"),
                event.findText("kpi"),
                event.find("value").flatMap(Amounts::readNumber),
                event.findText("pair"),
                event.findText("rate").flatMap(Rational::parse));
    }
}
