package org.tallystick.agreement.settlement.naive;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;

/// Events for a generated document: of every type, on time and late, with refunds across periods, and now and then with
/// one thing wrong.
final class GeneratedEvents {

    /// What may be wrong with the events of one case.
    enum Fault {
        NONE,
        NO_QUANTITY,
        NO_RATE,
        RATE_OUT_OF_BOUNDS,
        NO_FIXING,
        NO_FIGURE,
        OVERDRAWN,
        TWICE,
        REFERS_TO_NOTHING,
        REFERS_TO_LATER,
        REFERS_TO_REFUND,
        REFERS_IN_OTHER_CURRENCY,
        CONTRADICTS,
        BEFORE_OPENING,
        BOOKED_BEFORE,
        OTHER_CALENDAR,
        OTHER_PARTY,
        OTHER_CLAUSE,
        UNKNOWN_CURRENCY,
        FOREIGN_ADVANCE,
        MALFORMED
    }

    private static final List<String> FOREIGN = List.of("EUR", "JPY", "KWD");

    private record Origin(String id, LocalDate date, int booked, String currency, String attrs, int amount) {}

    private final Draw draw;
    private final Calendar calendar;
    private final int first;
    private final int periods;
    private final Json.Obj terms;
    private final Fault fault;
    private final boolean huge;
    private final List<String> lines = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();

    GeneratedEvents(Draw draw, Calendar calendar, int first, int periods, Json.Obj terms) {
        this.draw = draw;
        this.calendar = calendar;
        this.first = first;
        this.periods = periods;
        this.terms = terms;
        this.fault = draw.once(4) ? draw.any(possible()) : Fault.NONE;
        this.huge = draw.once(8);
    }

    List<Json> events() {
        figures();
        for (int i = draw.between(15, 45); i > 0; i--) {
            measured();
        }
        financed();
        disputed();
        suspended();
        wrong();
        if (fx()) {
            fixings();
        }
        return Lines.events(String.join("\n", draw.shuffled(lines)));
    }

    /// The faults that would show.
    private List<Fault> possible() {
        String text = terms.canonical().utf8().orElseThrow();
        return Stream.of(Fault.values())
                .filter(one -> switch (one) {
                    case NONE -> false;
                    case NO_RATE, RATE_OUT_OF_BOUNDS -> text.contains("\"by\":\"event\"");
                    case NO_FIGURE -> text.contains("factor");
                    case NO_FIXING -> fx();
                    default -> true;
                })
                .toList();
    }

    private boolean fx() {
        return terms.object("settlement").has("fx");
    }

    private String currency() {
        return terms.text("currency");
    }

    private List<Json.Obj> clauses(String type) {
        return terms.items("clauses").stream()
                .map(clause -> (Json.Obj) clause)
                .filter(clause -> clause.text("type").equals(type))
                .toList();
    }

    /// Ids in no order, so that a refund may come before its sale of the same day.
    private String id() {
        return draw.any("A", "b", "Z", "e-", "S/", "9.", "~") + draw.below(100) + "#" + lines.size();
    }

    /// A day of the history, often the first or the last of a period.
    private LocalDate day() {
        int period = first + draw.below(periods);
        LocalDate start = calendar.start(period);
        return switch (draw.below(6)) {
            case 0 -> start;
            case 1 -> calendar.end(period).minusDays(1);
            default -> start.plusDays(draw.below(Math.toIntExact(calendar.days(period))));
        };
    }

    /// Booked in its own period, or in one of the next two, which may be after the last that is settled.
    private int booked(LocalDate date) {
        return calendar.period(date) + draw.any(0, 0, 0, 0, 1, 2);
    }

    private String booked(LocalDate date, int booked) {
        if (booked == calendar.period(date)) {
            return "";
        }
        return " booked=" + calendar.id(booked);
    }

    private String late(LocalDate date) {
        return booked(date, booked(date));
    }

    private int small() {
        return draw.once(3) ? draw.any(0, 100, 500, 500, 1000, 1500, 2000) : draw.below(3000);
    }

    private String amount(int small) {
        return " amount=" + (huge && draw.once(2) ? (small + 7) + "000000000000000000000007" : "" + small);
    }

    private String quantity(String type) {
        if (fault == Fault.NO_QUANTITY && draw.once(6) && !type.equals("usage")) {
            return "";
        }
        return " quantity=" + draw.any("0", "1", "2", "3", "5", "1/2", "0.25", "7/3");
    }

    private String attrs(LocalDate date) {
        String attrs = "";
        attrs += draw.once(6) ? "" : " kind=" + draw.any("a", "b", "c");
        attrs += draw.once(6) ? "" : " size=" + draw.between(-1, 9);
        attrs += draw.once(3) ? "" : " vip=" + draw.any("true", "false");
        attrs += draw.once(2) ? "" : " part=" + draw.any("'0", "'1/2", "'0.4", "none");
        attrs += draw.once(3) ? "" : " lead=" + date.minusDays(draw.any(0, 10, 30, 31, 45, -3));
        attrs += draw.once(4) ? "" : " who=" + draw.any("x", "y", "z", "nobody");
        attrs += fault == Fault.NO_RATE && draw.once(5) ? "" : " agreed=" + agreed();
        return attrs;
    }

    private String agreed() {
        return fault == Fault.RATE_OUT_OF_BOUNDS && draw.once(2)
                ? draw.any("'0.31", "'-0.1", "'1")
                : draw.any("'0.1", "'0.15", "'1/9", "'0", "'0.3");
    }

    private void measured() {
        LocalDate date = day();
        switch (draw.below(12)) {
            case 0, 1, 2, 3 -> priced("sale", date);
            case 4 -> priced("cost", date);
            case 5 -> priced("delivery", date);
            case 6 -> priced("mdf-claim", date);
            case 7 -> lines.add(used(date));
            case 8 ->
                lines.add(id() + " milestone " + date + " name=" + draw.any("launch", "other") + " size="
                        + draw.below(9) + late(date));
            case 9 ->
                lines.add(id() + " kpi " + date + " kpi=" + draw.any("csat", "delay") + " value="
                        + draw.any("'-2", "0", "2", "'7/2", "4", "5") + late(date));
            case 10 -> refund();
            default -> refundOfItsOwn(date);
        }
    }

    private String foreign() {
        if (!fx() || draw.once(2)) {
            return currency();
        }
        return draw.any(
                FOREIGN.stream().filter(code -> !code.equals(currency())).toList());
    }

    private void priced(String type, LocalDate date) {
        String id = id();
        int booked = booked(date);
        int amount = small();
        String currency = foreign();
        String attrs = attrs(date);
        boolean isDefault = type.equals("mdf-claim") && currency.equals(currency());
        lines.add(id + " " + type + " " + date + amount(amount) + (isDefault ? "" : " currency=" + currency)
                + quantity(type) + attrs + booked(date, booked));
        origins.add(new Origin(id, date, booked, currency, attrs, amount));
    }

    private String used(LocalDate date) {
        String id = id();
        int booked = booked(date);
        String attrs = attrs(date);
        origins.add(new Origin(id, date, booked, "", attrs, 0));
        return id + " " + draw.any("usage", "subscribers") + " " + date + quantity("usage") + attrs
                + booked(date, booked);
    }

    private void refund() {
        if (origins.isEmpty()) {
            return;
        }
        Origin origin = draw.any(origins);
        LocalDate date = origin.date().plusDays(draw.any(0, 0, 1, 20, 45, 100));
        int booked = Math.max(origin.booked(), booked(date));
        int amount = draw.any(
                origin.amount(),
                origin.amount(),
                origin.amount() / 2,
                origin.currency().isEmpty() ? 0 : 700);
        String currency = !origin.currency().isEmpty() && draw.once(2) ? " currency=" + origin.currency() : "";
        String repeated = draw.once(3) ? origin.attrs() : "";
        lines.add(id() + " " + draw.any("refund", "refund", "return") + " " + date + amount(amount) + currency
                + quantity("refund") + repeated + " why=late refOf=" + origin.id() + booked(date, booked));
    }

    private void refundOfItsOwn(LocalDate date) {
        lines.add(id() + " " + draw.any("refund", "return") + " " + date + amount(small()) + " currency=" + foreign()
                + quantity("refund") + attrs(date) + late(date));
    }

    private void figures() {
        for (int p = first; p < first + periods; p++) {
            if (fault == Fault.NO_FIGURE && draw.once(3)) {
                continue;
            }
            LocalDate date = calendar.start(p).plusDays(draw.below(20));
            lines.add(id() + " kpi " + date + " kpi=share value=" + draw.any("'0.25", "'0.9", "1", "'2/3", "'-1/2"));
            if (draw.once(3)) {
                lines.add(id() + " kpi " + date.plusDays(3) + " kpi=share value=1 booked=" + calendar.id(p + 1));
            }
        }
    }

    private void financed() {
        for (Json.Obj c : clauses("advance")) {
            for (int i = draw.below(3); i >= 0; i--) {
                LocalDate date = day();
                lines.add(id() + " advance " + date + amount(small()) + draw.any("", " currency=" + currency())
                        + " clause=" + c.text("id") + late(date));
            }
        }
        for (Json.Obj c : clauses("waterfall")) {
            for (int i = draw.below(4); i >= 0; i--) {
                LocalDate date = day();
                String investor = ((Json.Text) draw.any(c.items("investors"))).value();
                lines.add(id() + " capital " + date + amount(10 * small()) + " party=" + investor + late(date));
            }
        }
    }

    private void disputed() {
        if (!draw.once(3) && fault != Fault.OVERDRAWN) {
            return;
        }
        LocalDate date = day();
        String party = draw.any(GeneratedTerms.PARTIES);
        int booked = booked(date);
        int held = small();
        lines.add(id() + " dispute-hold " + date + " amount=" + held + " party=" + party + booked(date, booked));
        if (draw.once(3)) {
            lines.add(id() + " dispute-hold " + date + " amount=50 party=" + draw.any(GeneratedTerms.PARTIES)
                    + late(date));
        }
        LocalDate later = calendar.start(booked).plusDays(40);
        int released = fault == Fault.OVERDRAWN ? held + 51 : draw.any(held, held / 2);
        lines.add(id() + " dispute-release " + later + " amount=" + released + " party=" + party + " to="
                + draw.any(GeneratedTerms.PARTIES) + booked(later, Math.max(booked + 1, calendar.period(later))));
    }

    private void suspended() {
        for (int i = draw.once(3) ? draw.between(1, 3) : 0; i > 0; i--) {
            LocalDate date = day();
            lines.add(id() + " " + draw.any("suspend", "suspend", "resume") + " " + date + " party="
                    + draw.any("x", "y", "z") + late(date));
        }
    }

    /// A fixing wherever one may be needed, so that only [Fault#NO_FIXING] leaves one out; others for good measure.
    private void fixings() {
        boolean atEnd = terms.object("settlement").object("fx").text("fixing").equals("period-end");
        for (String code : FOREIGN) {
            if (code.equals(currency())) {
                continue;
            }
            if (atEnd) {
                for (int p = first; p < first + periods; p++) {
                    fixing(code, calendar.end(p).minusDays(draw.below(25)));
                }
            } else {
                lines.stream()
                        .filter(line -> line.contains(" currency=" + code) || line.contains(" refOf="))
                        .map(line -> LocalDate.parse(line.split(" ", -1)[2]))
                        .distinct()
                        .toList()
                        .forEach(date -> fixing(code, date.minusDays(draw.below(8))));
            }
        }
        lines.add(id() + " fx " + day() + " pair=" + currency() + "/EUR rate='2");
    }

    private void fixing(String code, LocalDate date) {
        if (fault == Fault.NO_FIXING && draw.once(3)) {
            return;
        }
        lines.add(id() + " fx " + date + " pair=" + code + "/" + currency() + " rate="
                + draw.any("1.05", "0.95", "1/150", "3.25", "'1"));
        if (draw.once(4)) {
            lines.add(id() + " fx " + date + " pair=" + code + "/" + currency() + " rate=7/6 booked="
                    + calendar.id(calendar.period(date) + 1));
        }
    }

    private void wrong() {
        int period = first + draw.below(2);
        LocalDate start = calendar.start(period);
        String sale = id() + " sale " + start + " amount=5 currency=" + currency() + " quantity=1 kind=a booked=";
        String origin = sale.split(" ", -1)[0];
        String onTime = calendar.id(period);
        String refund = id() + " refund " + start + " amount=5 quantity=1 ";
        switch (fault) {
            case NONE, NO_QUANTITY, NO_RATE, RATE_OUT_OF_BOUNDS, NO_FIXING, NO_FIGURE, OVERDRAWN -> {}
            case TWICE -> lines.addAll(List.of(sale + onTime, sale + onTime));
            case REFERS_TO_NOTHING -> lines.add(refund + "refOf=nothing");
            case REFERS_TO_LATER -> lines.addAll(List.of(sale + calendar.id(period + 1), refund + "refOf=" + origin));
            case REFERS_TO_REFUND ->
                lines.addAll(List.of(
                        refund + "currency=" + currency(),
                        "rr refund " + start + " amount=1 refOf=" + refund.split(" ", -1)[0]));
            case REFERS_IN_OTHER_CURRENCY ->
                lines.addAll(List.of(sale + onTime, refund + "currency=CHF refOf=" + origin));
            case CONTRADICTS -> lines.addAll(List.of(sale + onTime, refund + "kind=b refOf=" + origin));
            case BEFORE_OPENING ->
                lines.add("early sale " + calendar.start(first).minusDays(1) + " amount=5 currency=" + currency());
            case BOOKED_BEFORE -> lines.add(sale + calendar.id(period - 1));
            case OTHER_CALENDAR -> lines.add(sale + (calendar.months() == 1 ? "2027-Q1" : "2027-05"));
            case OTHER_PARTY ->
                lines.add(draw.any(
                        "p suspend " + start + " party=hub",
                        "p dispute-hold " + start + " amount=1 party=who",
                        "p capital " + start + " amount=1 party=who"));
            case OTHER_CLAUSE ->
                lines.add("a advance " + start + " amount=5 clause="
                        + Optional.of(clauses("fee"))
                                .filter(fees -> !fees.isEmpty())
                                .map(fees -> fees.getFirst().text("id"))
                                .orElse("none"));
            case UNKNOWN_CURRENCY -> lines.add("u sale " + start + " amount=5 currency=XAU");
            case FOREIGN_ADVANCE -> lines.add("f dispute-hold " + start + " amount=5 currency=CHF party=x");
            case MALFORMED ->
                lines.add(draw.any(
                        "u usage " + start,
                        "u sale 2026-02-30 amount=1 currency=USD",
                        "u gift " + start,
                        "u kpi " + start + " kpi=a value=x",
                        "u sale " + start + " amount=-1 currency=USD"));
        }
    }
}
