package org.tallystick.agreement.settlement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Frequency;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

/// Terms with their events, as short as a test can write them.
///
/// An event is a line `ID TYPE DATE name=value ...`: `a` amount, `q` quantity, `ref` the origin, `in` the period
/// booked,
/// `cur` the currency (USD unless stated or inherited), `kpi` and `value`,
/// `pair` and `rate`; any other name is an attribute.
final class Books {

    private static final List<String> PRICED = List.of("sale", "cost", "delivery", "refund", "return");

    private Books() {}

    static Json.Obj event(String line) {
        String[] words = line.strip().split(" +", -1);
        SortedMap<String, Json> members = new TreeMap<>();
        SortedMap<String, Json> attrs = new TreeMap<>();
        members.put("id", Json.text(words[0]));
        members.put("type", Json.text(words[1]));
        members.put("date", Json.text(words[2]));
        for (int i = 3; i < words.length; i++) {
            String name = words[i].substring(0, words[i].indexOf('='));
            String text = words[i].substring(words[i].indexOf('=') + 1);
            switch (name) {
                case "a" -> members.put("amount", value(text));
                case "q" -> members.put("quantity", value(text));
                case "ref" -> members.put("refOf", Json.text(text));
                case "in" -> members.put("booked", Json.text(text));
                case "cur" -> members.put("currency", Json.text(text));
                case "kpi" -> members.put("kpi", Json.text(text));
                case "value" -> members.put("value", value(text));
                case "pair" -> members.put("pair", Json.text(text));
                case "rate" -> members.put("rate", Json.text(text));
                default -> attrs.put(name, value(text));
            }
        }
        if (PRICED.contains(words[1]) && !members.containsKey("refOf")) {
            members.putIfAbsent("currency", Json.text("USD"));
        }
        if (!attrs.isEmpty()) {
            members.put("attrs", new Json.Obj(attrs));
        }
        return new Json.Obj(members);
    }

    private static Json value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Json.bool(text.equals("true"));
        }
        return text.matches("-?(0|[1-9][0-9]{0,14})") ? Json.whole(Long.parseLong(text)) : Json.text(text);
    }

    static List<Json> events(String lines) {
        return lines.lines()
                .filter(line -> !line.isBlank())
                .<Json>map(Books::event)
                .toList();
    }

    /// A case over these periods, both included.
    static Json.Obj file(Json terms, List<Json> events, String first, String last) {
        List<Json> settlements = new ArrayList<>();
        for (Period p = Period.ofText(first); p.compareTo(Period.ofText(last)) <= 0; p = p.next()) {
            settlements.add(Json.object()
                    .with("expected", Json.Obj.EMPTY)
                    .with("period", p.text())
                    .build());
        }
        return Json.object()
                .with("events", Json.array(events))
                .with("id", "case")
                .with("settlements", Json.array(settlements))
                .with("terms", terms)
                .build();
    }

    static CaseFile.Settled settle(Json terms, List<Json> events, String first, String last) {
        return switch (CaseFile.settle(file(terms, events, first, last))) {
            case CaseFile.Settled settled -> settled;
            case CaseFile.Reading other -> throw new AssertionError(other.toString());
        };
    }

    /// The statement of the last of these periods.
    static Statement statement(Json terms, String events, String first, String last) {
        return switch (settle(terms, events(events), first, last).outcomes().getLast()) {
            case Outcome.Settled(var statement, var _) -> statement;
            case Outcome.Refused(var codes) -> throw new AssertionError(codes.toString());
        };
    }

    /// The codes that refuse the last of these periods.
    static List<String> refused(Json terms, String events, String first, String last) {
        return switch (settle(terms, events(events), first, last).outcomes().getLast()) {
            case Outcome.Settled(var statement, var _) -> throw new AssertionError(statement.toString());
            case Outcome.Refused(var codes) -> List.copyOf(codes);
        };
    }

    /// `CLAUSE FROM>TO AMOUNT`, then the kind and `for PERIOD` where there are such.
    static List<String> lines(Statement statement) {
        return statement.lines().stream().map(Books::line).toList();
    }

    static String line(Line line) {
        return line.clause() + " " + line.from() + ">" + line.to() + " " + line.amount()
                + line.kind().map(kind -> " " + kind).orElse("")
                + line.adjusts().map(period -> " for " + period.text()).orElse("");
    }

    /// The lines of January 2026 under these clauses.
    static List<String> january(String clauses, String events) {
        return lines(statement(Documents.of(clauses), events, "2026-01", "2026-01"));
    }

    /// The lines of every period under these clauses, one list each.
    static List<List<String>> months(String clauses, String events, String first, String last) {
        return settle(Documents.of(clauses), events(events), first, last).outcomes().stream()
                .map(outcome -> switch (outcome) {
                    case Outcome.Settled(var statement, var _) -> lines(statement);
                    case Outcome.Refused(var codes) -> List.of(codes.toString());
                })
                .toList();
    }

    /// Events as the ledger knows them; booked in the period of their date unless stated.
    static List<KnownEvent> known(Terms terms, List<Json> events) {
        SortedMap<String, Event> byId = new TreeMap<>();
        for (Json event : events) {
            byId.put(((Json.Obj) event).text("id"), read((Json.Obj) event));
        }
        List<KnownEvent> known = new ArrayList<>();
        for (Json json : events) {
            Json.Obj members = (Json.Obj) json;
            Event event = read(members);
            Frequency frequency = terms.frequency();
            known.add(new KnownEvent(
                    members.text("id"),
                    event,
                    members.findText("booked").map(Period::ofText).orElse(frequency.periodOf(event.date())),
                    event.refOf().flatMap(id -> Optional.ofNullable(byId.get(id)))));
        }
        return known;
    }

    static Event read(Json.Obj event) {
        SortedMap<String, Json> reported = new TreeMap<>(event.members());
        reported.remove("id");
        reported.remove("booked");
        return switch (EventReader.read(new Json.Obj(reported))) {
            case EventReading.Formed(var read) -> read;
            case EventReading.Misformed(var at) -> throw new AssertionError(at + " of " + event);
        };
    }

    /// @param most so many events are named for each figure
    static Workings workings(Terms terms, History before, List<KnownEvent> booked, Statement statement, int most) {
        Gathering gathering = new Gathering(terms, before, most);
        gathering.add(booked);
        return gathering.end().workings(statement);
    }

    /// Lines in the one order that statements have.
    static Json sorted(List<Json> lines) {
        return Json.array(
                lines.stream().map(Books::line).sorted().map(Line::encode).toList());
    }

    private static Line line(Json line) {
        Json.Obj members = (Json.Obj) line;
        return new Line(
                members.text("clause"),
                members.text("from"),
                members.text("to"),
                Amounts.decode(members.get("amount")),
                members.findText("kind"),
                members.findText("adjusts").map(Period::ofText));
    }
}
