package org.tallystick.agreement.instruction;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The forms that bodies and records are made of: the types of `instruction-1` section 1 and of `terms-1` section 2.
public final class Forms {

    private static final String ID_FORM = "[A-Za-z][A-Za-z0-9_-]{0,63}";
    private static final Pattern ID_PATTERN = Pattern.compile(ID_FORM);
    private static final Pattern DATE_PATTERN = Pattern.compile("[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}");
    static final String ADDRESS_FORM = "0x[0-9a-f]{40}";

    public static final Form ADDRESS = Form.pattern(ADDRESS_FORM);
    public static final Form AGREEMENT = Form.pattern(AgreementId.FORM);
    public static final Form EVENT_ID = Form.pattern(EventId.FORM);
    public static final Form HASH = Form.text(Hash::isHash);
    public static final Form INTEGER = Form.whole(-Json.Whole.MAX, Json.Whole.MAX);
    public static final Form COUNT = Form.whole(0, Json.Whole.MAX);
    public static final Form MEMBER = Form.pattern(MemberId.FORM);
    public static final Form NUMBER = Form.whole(1, Limits.NUMBER);
    public static final Form PARTY = Form.pattern(PartyId.FORM);
    public static final Form SOURCE = Form.pattern(SourceId.FORM);
    public static final Form THUMB = Form.pattern(Kid.THUMB);
    public static final Form TIME = Form.text(text -> LedgerTime.parse(text).isPresent());
    public static final Form ULID = Form.pattern(Ulid.FORM);

    public static final Form TEXT = characters(Limits.TEXT, Forms::shown);
    public static final Form NOTE = characters(Limits.NOTE, c -> c == '\n' || shown(c));
    public static final Form EVIDENCE = Form.object(Map.of("hash", HASH, "name", TEXT, "size", COUNT));

    /// Of terms/1: an id, a day, a period, an amount of minor units, a number that may be a fraction.
    public static final Form ID = Form.pattern(ID_FORM);

    public static final Form DATE = Form.text(Forms::isDate);
    public static final Form PERIOD = Form.pattern("[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-Q[1-4])?");
    public static final Form CURRENCY = Form.pattern("[A-Z]{3}");
    public static final Form AMOUNT = Form.either(COUNT, Form.pattern("0|[1-9][0-9]{0,29}"));
    public static final Form POSITIVE_AMOUNT =
            Form.either(Form.whole(1, Json.Whole.MAX), Form.pattern("[1-9][0-9]{0,29}"));
    public static final Form RATIONAL = Form.pattern("(?=.{1,40}$)-?(0|[1-9][0-9]*)(\\.[0-9]+|/[1-9][0-9]*)?");
    public static final Form QUANTITY = Form.either(INTEGER, RATIONAL);

    public static final Form PURPOSES = Form.ascendingTexts(
            Form.oneOf(Purpose.ALL.stream().map(Purpose::text).toArray(String[]::new)), 1, Purpose.ALL.size());

    /// The event types that a source may carry. Those of decisions and disputes are never reported.
    public static final List<String> EVENT_TYPES = List.of(
            "advance",
            "capital",
            "cost",
            "delivery",
            "fx",
            "kpi",
            "mdf-claim",
            "milestone",
            "refund",
            "return",
            "sale",
            "subscribers",
            "usage");

    public static final Form EVENT_TYPE = Form.text(EVENT_TYPES::contains);

    /// A revenue event as it is reported: each member of its type. What a type requires or allows is a later question.
    public static final Form EVENT = Form.object(
            Map.of("date", DATE, "type", EVENT_TYPE),
            Map.of(
                    "amount", AMOUNT,
                    "attrs", Form.map(Forms::isAttribute, Form.either(Form.text(text -> true), Form.bool(), INTEGER)),
                    "currency", CURRENCY,
                    "kpi", TEXT,
                    "pair", Form.pattern("[A-Z]{3}/[A-Z]{3}"),
                    "quantity", QUANTITY,
                    "rate", RATIONAL,
                    "refOf", EVENT_ID,
                    "value", QUANTITY));

    /// An event that lies in an earlier report, and the path to that report's root. An event is any object here: what
    /// is
    /// wrong with one is a verdict, line by line.
    public static final Form PROOF = Form.object(Map.of(
            "event", Form.anyObject(), "first", NUMBER, "id", EVENT_ID, "path", Form.array(HASH, 0, Limits.PATH)));

    /// At least one limit.
    public static final Form KEY_LIMITS = keyLimits();

    private Forms() {}

    private static Form keyLimits() {
        Form limits = Form.object(
                Map.of(), Map.of("amount", AMOUNT, "types", Form.ascendingTexts(EVENT_TYPE, 1, EVENT_TYPES.size())));
        return value -> limits.fault(value).or(() -> value.equals(Json.Obj.EMPTY) ? Optional.of("") : Optional.empty());
    }

    public static Form proofs(int low, int high) {
        return Form.ascending(
                PROOF, low, high, proof -> ((Json.Obj) proof).text("id"), Comparator.<String>naturalOrder());
    }

    /// base64url of so many octets, in its one spelling.
    public static Form b64u(int size) {
        return Form.text(text ->
                Base64Url.decode(text).filter(octets -> octets.size() == size).isPresent());
    }

    /// The octets of a member that has the form [#b64u].
    static Bytes octets(Json.Obj object, String member) {
        return Base64Url.decode(object.text(member)).orElseThrow();
    }

    private static Form characters(int most, IntPredicate allowed) {
        return Form.text(text -> !text.isEmpty()
                && text.codePointCount(0, text.length()) <= most
                && text.codePoints().allMatch(allowed));
    }

    /// Anything but the control characters C0, DEL and C1.
    private static boolean shown(int c) {
        return c >= 0x20 && (c < 0x7f || c > 0x9f);
    }

    private static boolean isAttribute(String name) {
        return Check.fits(ID_PATTERN, name) && !name.equals("date") && !name.equals("saleDate");
    }

    private static boolean isDate(String text) {
        if (!Check.fits(DATE_PATTERN, text)) {
            return false;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            return day.toString().equals(text);
        } catch (DateTimeException _) {
            return false;
        }
    }
}
