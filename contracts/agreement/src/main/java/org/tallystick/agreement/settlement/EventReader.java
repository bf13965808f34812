package org.tallystick.agreement.settlement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Days;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Spelling;

/// Reads a reported event: its form alone, which is the same under all terms (terms/1 section 6).
///
/// Each member is looked at once, as there are millions of events: what it says, and whether it may say that.
public final class EventReader {

    /// What an event may be called: 1 to 128 characters from `!` to `~`.
    public static final Form ID = Form.pattern("[!-~]{1,128}");

    private static final Form CURRENCY = Form.text(EventReader::isCurrency);
    private static final Form TEXT = Form.text(Spelling::isText);
    private static final Form PAIR = Form.pattern("[A-Z]{3}/[A-Z]{3}");
    private static final Form SCALAR =
            Form.of(value -> value instanceof Json.Text || value instanceof Json.Whole || value instanceof Json.Bool);
    private static final Form ATTRS = Form.map(Spelling::isAttribute, SCALAR);

    /// What an event may have, by name in canonical order.
    private enum Member {
        AMOUNT("amount"),
        ATTRS("attrs"),
        CURRENCY("currency"),
        DATE("date"),
        KPI("kpi"),
        PAIR("pair"),
        QUANTITY("quantity"),
        RATE("rate"),
        REF_OF("refOf"),
        TYPE("type"),
        VALUE("value");

        private final String text;

        Member(String text) {
            this.text = text;
        }
    }

    /// The members of a type of event.
    private record Members(Set<Member> required, Map<String, Member> all) {
        static Members of(Set<Member> required, Set<Member> optional) {
            EnumSet<Member> needed = EnumSet.of(Member.DATE, Member.TYPE);
            needed.addAll(required);
            Map<String, Member> all = new HashMap<>();
            needed.forEach(member -> all.put(member.text, member));
            optional.forEach(member -> all.put(member.text, member));
            return new Members(needed, all);
        }

        /// The first member that is required and not there.
        Optional<String> missing(Json.Obj event) {
            return required.stream()
                    .filter(member -> !event.has(member.text))
                    .findFirst()
                    .map(member -> "/" + member.text);
        }
    }

    private static final EnumMap<EventType, Members> MEMBERS = new EnumMap<>(EventType.class);

    static {
        for (EventType type : EventType.values()) {
            MEMBERS.put(type, members(type));
        }
    }

    /// The day that was read last: many events have the same. Two threads may ask, and each gets what it asked for.
    public static final class LastDay {
        private @Nullable Read last;

        private record Read(Json.Text text, Optional<LocalDate> day) {}

        private Optional<LocalDate> parse(Json.Text text) {
            Read read = last;
            if (read == null || !read.text().equals(text)) {
                read = new Read(text, Days.parse(text.value()));
                last = read;
            }
            return read.day();
        }
    }

    private EventReader() {}

    public static EventReading read(Json event) {
        return read(event, new LastDay());
    }

    /// The same of one of many events.
    ///
    /// @param days those of the events before
    public static EventReading read(Json event, LastDay days) {
        Optional<EventType> type = type(event);
        if (type.isEmpty()) {
            return new EventReading.Misformed(event instanceof Json.Obj ? "/type" : "");
        }
        return read((Json.Obj) event, type.get(), days);
    }

    private static EventReading read(Json.Obj event, EventType type, LastDay days) {
        Members members = Optional.ofNullable(MEMBERS.get(type)).orElseThrow();
        Draft draft = new Draft(type, members, days);
        event.members().forEach(draft::take);
        if (draft.fault != null) {
            return new EventReading.Misformed(members.missing(event).orElse(draft.fault));
        }
        Optional<String> missing =
                draft.required < members.required().size() ? members.missing(event) : needed(event, type);
        return missing.<EventReading>map(EventReading.Misformed::new)
                .orElseGet(() -> new EventReading.Formed(draft.event()));
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
        return text.length() == 3
                && isCapital(text.charAt(0))
                && isCapital(text.charAt(1))
                && isCapital(text.charAt(2));
    }

    private static boolean isCapital(char c) {
        return 'A' <= c && c <= 'Z';
    }

    private static Optional<EventType> type(Json event) {
        return event instanceof Json.Obj(var members) && members.get(Member.TYPE.text) instanceof Json.Text(var text)
                ? EventType.ofText(text)
                : Optional.empty();
    }

    private static Members members(EventType type) {
        return switch (type) {
            case SALE, COST, DELIVERY ->
                Members.of(Set.of(Member.AMOUNT, Member.CURRENCY), Set.of(Member.QUANTITY, Member.ATTRS));
            case REFUND, RETURN ->
                Members.of(
                        Set.of(Member.AMOUNT), Set.of(Member.CURRENCY, Member.QUANTITY, Member.ATTRS, Member.REF_OF));
            case USAGE, SUBSCRIBERS -> Members.of(Set.of(Member.QUANTITY), Set.of(Member.ATTRS));
            case MDF_CLAIM -> Members.of(Set.of(Member.AMOUNT), Set.of(Member.CURRENCY, Member.QUANTITY, Member.ATTRS));
            case MILESTONE, SUSPEND, RESUME -> Members.of(Set.of(Member.ATTRS), Set.of());
            case KPI -> Members.of(Set.of(Member.KPI, Member.VALUE), Set.of(Member.ATTRS));
            case FX -> Members.of(Set.of(Member.PAIR, Member.RATE), Set.of());
            case ADVANCE, CAPITAL, DISPUTE_HOLD, DISPUTE_RELEASE ->
                Members.of(Set.of(Member.AMOUNT, Member.ATTRS), Set.of(Member.CURRENCY));
        };
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

    /// An event of which some members have been read.
    private static final class Draft {
        private static final Optional<String> RIGHT = Optional.empty();
        private static final Optional<String> WRONG = Optional.of("");

        private final EventType type;
        private final Members members;
        private final LastDay days;
        private int required;
        private @Nullable String fault;
        private LocalDate date = LocalDate.EPOCH;
        private Optional<BigInteger> amount = Optional.empty();
        private Optional<String> currency = Optional.empty();
        private Optional<Rational> quantity = Optional.empty();
        private SortedMap<String, Json> attrs = Json.Obj.EMPTY.members();
        private Optional<String> refOf = Optional.empty();
        private Optional<String> kpi = Optional.empty();
        private Optional<Rational> value = Optional.empty();
        private Optional<String> pair = Optional.empty();
        private Optional<Rational> rate = Optional.empty();

        Draft(EventType type, Members members, LastDay days) {
            this.type = type;
            this.members = members;
            this.days = days;
        }

        /// Takes in a member, unless one before it is wrong.
        void take(String name, Json json) {
            if (fault != null) {
                return;
            }
            Member member = members.all().get(name);
            Optional<String> wrong = member == null ? WRONG : take(member, json);
            if (wrong.isPresent()) {
                fault = Form.pointer("", name) + wrong.get();
            } else if (members.required().contains(member)) {
                required++;
            }
        }

        /// Where the value of a member departs from its form, as a JSON pointer from there.
        private Optional<String> take(Member member, Json json) {
            return switch (member) {
                case AMOUNT -> {
                    amount = Amounts.read(json);
                    yield amount.isPresent() ? RIGHT : WRONG;
                }
                case ATTRS -> {
                    Optional<String> fault = EventReader.ATTRS.fault(json);
                    attrs = fault.isEmpty() ? ((Json.Obj) json).members() : attrs;
                    yield fault;
                }
                case CURRENCY -> {
                    currency = text(EventReader.CURRENCY, json);
                    yield currency.isPresent() ? RIGHT : WRONG;
                }
                case DATE -> {
                    Optional<LocalDate> day = json instanceof Json.Text text ? days.parse(text) : Optional.empty();
                    date = day.orElse(date);
                    yield day.isPresent() ? RIGHT : WRONG;
                }
                case KPI -> {
                    kpi = text(TEXT, json);
                    yield kpi.isPresent() ? RIGHT : WRONG;
                }
                case PAIR -> {
                    pair = text(EventReader.PAIR, json);
                    yield pair.isPresent() ? RIGHT : WRONG;
                }
                case QUANTITY -> {
                    quantity = Amounts.readNumber(json)
                            .filter(number -> number.signum() >= 0
                                    && !(json instanceof Json.Text(var text) && text.startsWith("-")));
                    yield quantity.isPresent() ? RIGHT : WRONG;
                }
                case RATE -> {
                    rate = json instanceof Json.Text(var text)
                            ? Rational.parse(text).filter(number -> number.signum() > 0)
                            : Optional.empty();
                    yield rate.isPresent() ? RIGHT : WRONG;
                }
                case REF_OF -> {
                    refOf = text(ID, json);
                    yield refOf.isPresent() ? RIGHT : WRONG;
                }
                case TYPE -> RIGHT;
                case VALUE -> {
                    value = Amounts.readNumber(json);
                    yield value.isPresent() ? RIGHT : WRONG;
                }
            };
        }

        private static Optional<String> text(Form form, Json json) {
            return form.fits(json) ? Optional.of(((Json.Text) json).value()) : Optional.empty();
        }

        Event event() {
            return new Event(type, date, amount, currency, quantity, attrs, refOf, kpi, value, pair, rate);
        }
    }
}
