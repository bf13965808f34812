package org.tallystick.agreement.document;

import static org.tallystick.agreement.json.Form.array;
import static org.tallystick.agreement.json.Form.ascendingTexts;
import static org.tallystick.agreement.json.Form.either;
import static org.tallystick.agreement.json.Form.map;
import static org.tallystick.agreement.json.Form.object;
import static org.tallystick.agreement.json.Form.oneOf;
import static org.tallystick.agreement.json.Form.pattern;
import static org.tallystick.agreement.json.Form.text;
import static org.tallystick.agreement.json.Form.whole;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Spelling;

/// The form of an agreement document: `docs/spec/agreement-1.md` sections 2 to 7.
final class DocumentForm {

    static final String TERMS_PARTY = "[A-Za-z][A-Za-z0-9_-]{0,63}";
    private static final String MEMBER = "[A-Za-z][A-Za-z0-9-]{0,31}";
    private static final String LEDGER_PARTY = MEMBER + "/[a-z][a-z0-9-]{0,31}";
    private static final Pattern NAME = Pattern.compile(TERMS_PARTY);

    static final int MAX_DAYS = 730;
    private static final int MAX_LEAVE_DAYS = 3_650;
    private static final int MAX_PARTIES = 500;
    private static final int MAX_SOURCES = 200;
    private static final int MAX_MATCHING = 20;
    private static final int MAX_ATTACHMENTS = 100;
    private static final int MAX_SINGLE_EVENTS = 1_000_000;
    private static final int MAX_NOTE = 200;
    private static final int MAX_SEATS = 50;
    private static final int MAX_WEIGHT = 1_000_000_000;

    private static final Form ID = pattern(TERMS_PARTY);
    private static final Form PARTY = pattern(LEDGER_PARTY);
    private static final Form PERSON = pattern(TERMS_PARTY + "|" + LEDGER_PARTY);
    private static final Form PERIOD = pattern("[1-9][0-9]{3}(-(0[1-9]|1[0-2])|-Q[1-4])?");
    private static final Form HASH = Form.text(Hash::isHash);
    private static final Form DATE = text(DocumentForm::isDay);
    private static final Form LINE = text(DocumentForm::isLine);
    private static final Form RATIONAL = pattern("(?=.{1,40}$)-?(0|[1-9][0-9]*)(\\.[0-9]+|/[1-9][0-9]*)?");
    /// A rational in (0, 1].
    private static final Form SHARE = text(text -> RATIONAL.fits(Json.text(text))
            && Rational.parse(text)
                    .filter(share -> share.signum() > 0 && share.compareTo(Rational.ONE) <= 0)
                    .isPresent());

    private static final Form TYPES = ascendingTexts(ID, 1, 20);
    private static final Form PERSONS = ascendingTexts(PERSON, 0, MAX_PARTIES);
    private static final Form DAYS = whole(0, MAX_DAYS);
    private static final Form HOLD = oneOf("mark", "hold");

    private static final Form TERM = object(
            Map.of("from", DATE),
            Map.of(
                    "until", DATE,
                    "renewal",
                            object(Map.of("months", whole(1, 120), "noticeDays", DAYS), Map.of("times", whole(1, 99))),
                    "leaveDays", whole(0, MAX_LEAVE_DAYS),
                    "cureDays", DAYS,
                    "runOffPeriods", whole(0, 120)));

    private static final Form SOURCE_ID = pattern("[A-Za-z][A-Za-z0-9_-]{0,31}");

    private static final Form SOURCE = object(
            Map.of(
                    "id", SOURCE_ID,
                    "owner", ID,
                    "types", TYPES,
                    "first", PERIOD),
            Map.of("last", PERIOD));

    private static final Form MATCHING = object(
            Map.of(
                    "by", Form.text(Spelling::isAttribute),
                    "counts", SOURCE_ID,
                    "notices", SOURCE_ID,
                    "rule", oneOf("show", "agree"),
                    "types", ascendingTexts(oneOf(Document.SALE_LIKE.toArray(String[]::new)), 1, 6)),
            Map.of("compare", ascendingTexts(oneOf("amount", "currency", "date", "quantity"), 1, 4)));

    private static final Form ROLES = object(
            Map.of("sources", array(SOURCE, 1, MAX_SOURCES)),
            Map.of(
                    "attesters", map(name -> NAME.matcher(name).matches(), PERSONS),
                    "held", object(Map.of(), Map.of("territory", HOLD, "certificate", HOLD)),
                    "matching", array(MATCHING, 0, MAX_MATCHING),
                    "closers", ascendingTexts(PERSON, 1, MAX_PARTIES),
                    "arbiter", PERSON,
                    "auditors",
                            array(
                                    object(Map.of(
                                            "party", PARTY,
                                            "from", DATE,
                                            "until", DATE,
                                            "periods", object(Map.of("from", PERIOD), Map.of("to", PERIOD)),
                                            "reads", oneOf("statement", "events"))),
                                    0,
                                    MAX_PARTIES)));

    private static final Form DEADLINES = object(
            Map.of(),
            Map.of("grace", DAYS, "close", DAYS, "claim", DAYS, "answer", DAYS, "dispute", DAYS, "decide", DAYS));

    private static final Form PAYMENT = object(
            Map.of(),
            Map.of(
                    "netDays", whole(0, 365),
                    "interest", RATIONAL,
                    "default", oneOf("payer", "payee"),
                    "chain", whole(1, Json.Whole.MAX),
                    "token", pattern("0x[0-9a-f]{40}"),
                    "payoutOn", oneOf("chain", "bank")));

    private static final Form HOME = either(
            object(Map.of("kind", oneOf("public"))),
            object(Map.of(
                    "kind", oneOf("private"),
                    "members", ascendingTexts(pattern(MEMBER), 2, 16),
                    "salt", pattern("[A-Za-z0-9_-]{22}"))));

    private static final Form ATTACHMENT =
            object(Map.of("hash", HASH, "name", LINE, "size", whole(0, Json.Whole.MAX)), Map.of("type", LINE));

    private static final Form VOTE_DAYS = whole(1, 365);
    private static final Form LOCK_HOURS = whole(0, 8_760);
    private static final Form SEAT = object(Map.of("party", PERSON, "seat", ID), Map.of("holder", ID));

    /// A rule of governance: `all` are the members it may have whatever its kind.
    private static Form rule(Map<String, Form> all) {
        return Form.tagged(
                "kind",
                Map.of(
                        "unanimous", object(Map.of("kind", oneOf("unanimous")), with(all, Map.of())),
                        "principal",
                                object(
                                        Map.of("kind", oneOf("principal"), "principal", PERSON, "noticeDays", DAYS),
                                        with(all, Map.of())),
                        "board",
                                object(
                                        Map.of(
                                                "kind", oneOf("board"),
                                                "seats",
                                                        Form.ascending(
                                                                SEAT,
                                                                1,
                                                                MAX_SEATS,
                                                                seat -> ((Json.Obj) seat).text("seat"),
                                                                Comparator.naturalOrder()),
                                                "need", whole(1, MAX_SEATS)),
                                        with(all, Map.of("lockHours", LOCK_HOURS))),
                        "weighted",
                                object(
                                        Map.of(
                                                "kind",
                                                oneOf("weighted"),
                                                "weights",
                                                map(name -> NAME.matcher(name).matches(), whole(1, MAX_WEIGHT)),
                                                "quorum",
                                                SHARE,
                                                "threshold",
                                                SHARE,
                                                "lockHours",
                                                LOCK_HOURS),
                                        with(all, Map.of()))));
    }

    private static Map<String, Form> with(Map<String, Form> all, Map<String, Form> more) {
        TreeMap<String, Form> both = new TreeMap<>(all);
        both.put("voteDays", VOTE_DAYS);
        both.putAll(more);
        return both;
    }

    private static final Form GOVERNANCE = rule(Map.of(
            "overrides", map(DocumentForm::isDecision, rule(Map.of())),
            "movers", ascendingTexts(PERSON, 1, MAX_PARTIES),
            "breach", oneOf("decision", "notifier"),
            "successors",
                    map(
                            name -> NAME.matcher(name).matches(),
                            object(Map.of("days", whole(1, MAX_DAYS), "party", PARTY)))));

    static final Form DOCUMENT = object(
            Map.ofEntries(
                    Map.entry("agreement", oneOf("1")),
                    Map.entry("id", pattern(LEDGER_PARTY + "/[a-z0-9][a-z0-9-]{0,39}")),
                    Map.entry("number", whole(1, Json.Whole.MAX)),
                    Map.entry("parties", map(name -> NAME.matcher(name).matches(), PARTY)),
                    Map.entry("terms", Form.anyObject()),
                    Map.entry("opening", PERIOD),
                    Map.entry("starts", PERIOD),
                    Map.entry("term", TERM),
                    Map.entry("governance", GOVERNANCE),
                    Map.entry("roles", ROLES),
                    Map.entry("home", HOME)),
            Map.ofEntries(
                    Map.entry("supersedes", HASH),
                    Map.entry("title", LINE),
                    Map.entry("mustAccept", ascendingTexts(PERSON, 1, MAX_PARTIES)),
                    Map.entry("days", DEADLINES),
                    Map.entry("limits", object(Map.of(), Map.of("singleEvents", whole(1, MAX_SINGLE_EVENTS)))),
                    Map.entry("payment", PAYMENT),
                    Map.entry("attachments", array(ATTACHMENT, 0, MAX_ATTACHMENTS)),
                    Map.entry("law", LINE)));

    private DocumentForm() {}

    private static boolean isDecision(String text) {
        return Stream.of(Governance.Decision.values())
                .anyMatch(decision -> decision.text().equals(text));
    }

    static boolean isDay(String text) {
        if (!text.matches("[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")) {
            return false;
        }
        try {
            return LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static boolean isLine(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= 1 && length <= MAX_NOTE && text.codePoints().noneMatch(Character::isISOControl);
    }
}
