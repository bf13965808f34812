package org.tallystick.agreement.settlement.naive;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Sections 6.1 and 6.2: the members an event must and may have, and their forms.
final class EventForm {

    private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final Pattern EVENT_ID = Pattern.compile("[!-~]{1,128}");
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,29}");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern PAIR = Pattern.compile("[A-Z]{3}/[A-Z]{3}");
    private static final Pattern PERIOD = Pattern.compile("[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-Q[1-4])?");
    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}\\u0080-\\u009f]{1,200}");

    private EventForm() {}

    static boolean holds(Json event) {
        return event instanceof Json.Obj object
                && object.find("type").filter(Json.Text.class::isInstance).isPresent()
                && membersHold(object)
                && object.members().entrySet().stream().allMatch(member -> holds(member.getKey(), member.getValue()));
    }

    private static boolean membersHold(Json.Obj event) {
        Optional<Members> members = members(event);
        return members.isPresent()
                && event.members().keySet().containsAll(List.of("id", "date"))
                && event.members().keySet().containsAll(members.get().required())
                && event.members().keySet().stream()
                        .allMatch(name -> List.of("id", "type", "date", "booked", "attestedBy")
                                        .contains(name)
                                || members.get().required().contains(name)
                                || members.get().optional().contains(name))
                && members.get().attrs().stream()
                        .allMatch(name -> event.object("attrs")
                                .find(name)
                                .filter(Json.Text.class::isInstance)
                                .isPresent());
    }

    /// @param attrs the names of attributes that must be there, as strings
    private record Members(List<String> required, List<String> optional, List<String> attrs) {}

    private static Optional<Members> members(Json.Obj event) {
        return switch (event.text("type")) {
            case "sale", "cost", "delivery" -> members("amount currency", "quantity attrs", "");
            case "refund", "return" ->
                event.has("refOf")
                        ? members("amount", "currency quantity attrs refOf", "")
                        : members("amount currency", "quantity attrs", "");
            case "usage", "subscribers" -> members("quantity", "attrs", "");
            case "mdf-claim" -> members("amount", "currency quantity attrs", "");
            case "milestone" -> members("attrs", "", "name");
            case "kpi" -> members("kpi value", "attrs", "");
            case "fx" -> members("pair rate", "", "");
            case "advance" -> members("amount attrs", "currency", "clause");
            case "capital", "dispute-hold" -> members("amount attrs", "currency", "party");
            case "suspend", "resume" -> members("attrs", "", "party");
            case "dispute-release" -> members("amount attrs", "currency", "party to");
            default -> Optional.empty();
        };
    }

    private static Optional<Members> members(String required, String optional, String attrs) {
        return Optional.of(new Members(words(required), words(optional), words(attrs)));
    }

    private static List<String> words(String names) {
        return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    private static boolean holds(String name, Json value) {
        return switch (name) {
            case "id", "refOf" -> isText(value, EVENT_ID);
            case "type" -> true;
            case "date" ->
                value instanceof Json.Text(var text) && Filter.day(text).isPresent();
            case "booked" -> isText(value, PERIOD);
            case "amount" -> value instanceof Json.Whole(var whole) ? whole >= 0 : isText(value, AMOUNT);
            case "currency" -> isText(value, CURRENCY);
            case "quantity" ->
                Fraction.find(value).filter(number -> number.sign() >= 0).isPresent();
            case "attrs" ->
                value instanceof Json.Obj attrs
                        && attrs.members().entrySet().stream()
                                .allMatch(attr -> attrHolds(attr.getKey(), attr.getValue()));
            case "attestedBy" ->
                value instanceof Json.Arr(var items)
                        && !items.isEmpty()
                        && items.stream().allMatch(item -> isText(item, TEXT));
            case "kpi" -> isText(value, TEXT);
            case "value" -> Fraction.find(value).isPresent();
            case "pair" -> isText(value, PAIR);
            case "rate" ->
                value instanceof Json.Text
                        && Fraction.find(value).filter(rate -> rate.sign() > 0).isPresent();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean attrHolds(String name, Json value) {
        Predicate<Json> scalar = is -> is instanceof Json.Text || is instanceof Json.Whole || is instanceof Json.Bool;
        return ID.matcher(name).matches() && !List.of("date", "saleDate").contains(name) && scalar.test(value);
    }

    private static boolean isText(Json value, Pattern pattern) {
        return value instanceof Json.Text(var text) && pattern.matcher(text).matches();
    }
}
