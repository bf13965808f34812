package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// Agreements and events as a seed draws them: every kind of clause and modifier that is settled, over the turn of a
/// year,
/// with refunds, late bookings, figures and milestones.
final class Generated {

    static final String FIRST = "2026-11";
    static final String LAST = "2027-03";
    static final LocalDate OPENING = LocalDate.of(2026, 11, 1);

    private static final List<String> RATES = List.of("0", "0.05", "1/3", "0.125", "0.2", "3/7");
    private static final List<String> ROUNDINGS = List.of("half-up", "half-even", "down", "up");
    private static final List<String> WINDOWS = List.of("period", "year", "life");

    private final Random random;
    private final List<String> clauses = new ArrayList<>();

    /// Clauses whose result a measure may add or deduct.
    private final List<String> single = new ArrayList<>();

    private final List<String> measures = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();

    Generated(long seed) {
        random = new Random(seed);
    }

    /// What was drawn, for a table of what all seeds cover.
    List<String> kinds() {
        return List.copyOf(kinds);
    }

    Json.Obj terms() {
        for (int i = 2 + random.nextInt(5); i > 0; i--) {
            clause("c" + clauses.size());
        }
        Json.Obj terms = Documents.of(String.join(",", clauses));
        String settlement = "{'negative':'" + (random.nextBoolean() ? "carry" : "invoice") + "'"
                + maybe(",'minimumPayout':{'x':500,'y':" + random.nextInt(2000) + "}") + "}";
        return Documents.with(Documents.withMeasures(terms, String.join(",", measures)), "settlement", settlement);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String maybe(String text) {
        return random.nextInt(3) == 0 ? text : "";
    }

    private void clause(String id) {
        String kind =
                any(List.of("rated", "rated", "tiered", "tiered", "event", "unit", "split", "fixed", "kpi", "fund"));
        String head = "{'id':'" + id + "',";
        clauses.add(head
                + switch (kind) {
                    case "rated" -> "'type':'fee'," + between() + rated(base(true)) + floor();
                    case "tiered" -> "'type':'fee'," + between() + tiered();
                    case "event" -> "'type':'fee'," + between() + perEvent();
                    case "unit" -> "'type':'unit'," + between() + unit();
                    case "split" -> split();
                    case "fixed" -> fixed();
                    case "kpi" -> kpi();
                    default -> fund();
                }
                + "}");
        kinds.add(kind);
        if (!List.of("split", "fund").contains(kind)) {
            single.add(id);
        }
    }

    private String between() {
        String from = any(List.of("hub", "x", "y"));
        String to = any(List.of("hub", "x", "y", "z"));
        return "'from':'" + from + "','to':'" + (from.equals(to) ? "z" : to) + "',";
    }

    /// An amount measure, sometimes less what an earlier clause made due.
    private String base(boolean derived) {
        if (derived && !single.isEmpty() && random.nextInt(3) == 0) {
            String measure = "m" + measures.size();
            measures.add("'" + measure + "':{'plus':[{'type':'sale'}],'minus':[{'type':'refund'}],'"
                    + (random.nextBoolean() ? "plus" : "less") + "Clauses':['" + any(single) + "']}");
            kinds.add("derived");
            return measure;
        }
        return any(List.of("sales", "costs"));
    }

    private String where() {
        return maybe(any(List.of(
                        ",'where':{'attrs':{'kind':'a'}}",
                        ",'where':{'attrs':{'kind':['a','b']}}",
                        ",'where':{'attrs':{'size':{'gte':3,'lt':7}}}",
                        ",'where':{'type':'sale'}")))
                + maybe(any(List.of(
                        ",'when':{'from':'2026-12-10'}",
                        ",'when':{'to':'2027-01-15'}",
                        ",'when':{'from':'2026-11-20','to':'2027-02-10'}")))
                + maybe(",'round':'" + any(ROUNDINGS) + "'");
    }

    private String variable() {
        String kind = any(List.of("attr", "date", "fact", "event"));
        kinds.add("rate by " + kind);
        return switch (kind) {
            case "attr" ->
                "{'by':'attr','attr':'kind','table':{'a':'" + any(RATES)
                        + "','b':{'by':'fact','fact':'launch','before':'" + any(RATES) + "','after':'" + any(RATES)
                        + "'},'*':'0.1'}}";
            case "date" ->
                "{'by':'date','steps':[{'from':'2026-01-01','rate':'" + any(RATES) + "'},{'from':'2026-12-15','rate':'"
                        + any(RATES) + "'}]}";
            case "fact" -> "{'by':'fact','fact':'launch','before':'" + any(RATES) + "','after':'" + any(RATES) + "'}";
            default -> "{'by':'event','attr':'agreed','min':'0','max':'1'}";
        };
    }

    private String rated(String of) {
        boolean varies = !of.startsWith("m") && random.nextBoolean();
        return "'of':'" + of + "','rate':" + (varies ? variable() : "'" + any(RATES) + "'") + where() + factor();
    }

    private String factor() {
        if (random.nextInt(4) != 0) {
            return "";
        }
        kinds.add("factor");
        return ",'factor':{'kpi':'share'}";
    }

    private String floor() {
        return switch (random.nextInt(5)) {
            case 0 -> drawn("floor", ",'floor':{'amount':" + random.nextInt(300) + "}");
            case 1 -> drawn("floor by measure", ",'floor':{'of':'units','rate':'5/2'}");
            case 2 -> windowed();
            default -> "";
        };
    }

    private String drawn(String kind, String text) {
        kinds.add(kind);
        return text;
    }

    private String windowed() {
        String window = any(WINDOWS);
        kinds.add("window " + window);
        String cap = switch (random.nextInt(3)) {
            case 0 -> drawn("cap", ",'cap':{'amount':" + random.nextInt(2000) + ",'window':'" + window + "'}");
            case 1 -> drawn("cap by measure", ",'cap':{'of':'costs','rate':'1/7','window':'" + window + "'}");
            default -> "";
        };
        return ",'window':'" + window + "'" + cap;
    }

    private String steps(String unit) {
        return "'steps':[{'upTo':" + (unit.equals("money") ? 1500 : 4) + ",'rate':'" + any(RATES) + "'},{'upTo':"
                + (unit.equals("money") ? "'4000.5'" : "9") + ",'rate':'" + any(RATES) + "'},{'rate':'" + any(RATES)
                + "'}]";
    }

    private String tiered() {
        String mode = any(List.of("marginal", "whole", "blended", "forward", "per-event", "lookback"));
        kinds.add("tiers " + mode);
        boolean byUnits = List.of("whole", "blended", "lookback").contains(mode) && random.nextBoolean();
        String of = List.of("marginal", "whole", "blended").contains(mode) ? base(true) : "sales";
        return "'of':'" + of + "','tiers':{'mode':'" + mode + "',"
                + (byUnits ? "'measure':'" + any(List.of("units", "deals")) + "'," + steps("units") : steps("money"))
                + "}" + where() + windowed();
    }

    private String perEvent() {
        return "'of':'sales','per':'event','rate':" + (random.nextBoolean() ? variable() : "'" + any(RATES) + "'")
                + where() + maybe(",'floor':" + any(List.of("{'amount':30}", "{'price':'7.5','per':'event'}")))
                + maybe(",'cap':" + any(List.of("{'amount':200,'per':'event'}", "{'price':'40'}")));
    }

    private String unit() {
        return "'of':'" + any(List.of("units", "use", "deals")) + "','price':"
                + (random.nextBoolean() ? variable() : "'" + any(List.of("0.7", "12.5", "3")) + "'") + where()
                + windowed();
    }

    private String split() {
        boolean pro = random.nextBoolean();
        kinds.add(pro ? "pro rata" : "fixed shares");
        String shares = pro
                ? "'shares':{'hub':'1/4','z':'1/12'},'proRata':{'share':'2/3','by':'who','among':['x','y'],'of':'use',"
                        + "'ifNone':'" + any(List.of("hub", "z")) + "'}"
                : "'shares':" + any(List.of("{'hub':'1/3','x':'1/3','y':'1/3'}", "{'hub':'0','x':'0.55','z':'0.45'}"));
        return "'type':'split','holder':'hub','of':'" + any(List.of("sales", "costs")) + "'," + shares
                + (random.nextBoolean() ? drawn("split per event", ",'per':'event'") : "")
                + maybe(",'where':{'attrs':{'kind':'a'}}") + maybe(",'when':{'from':'2026-12-10'}");
    }

    private String fixed() {
        return "'type':'fixed'," + between() + "'amount':" + random.nextInt(500) + ",'on':{'type':"
                + any(List.of("'milestone'", "['sale','refund'],'attrs':{'kind':'a'}")) + "}"
                + maybe(",'cap':{'amount':900,'window':'" + any(WINDOWS) + "'}") + maybe(",'when':{'to':'2027-01-15'}");
    }

    private String kpi() {
        return "'type':'kpi'," + between() + "'of':'" + base(true) + "','table':[{'kpi':'csat','steps':[{'gte':'4',"
                + "'rate':'0.02'},{'gte':'3','rate':'0'},{'gte':'0','rate':'-0.03'}]},{'kpi':'share','steps':[{'gte':"
                + "'0.5','rate':'0.01'}]}]" + maybe(",'collar':{'min':'-0.02','max':'0.025'}");
    }

    private String fund() {
        return "'type':'fund','from':'hub'," + (random.nextBoolean() ? "'of':'sales','rate':'0.1'" + where() : tiered())
                + ",'claims':{'on':{'type':'mdf-claim'},'reimburse':'" + any(List.of("0.5", "1", "1/3"))
                + "','to':'" + any(List.of("x", "y")) + "'}";
    }

    /// Events of all months, in no order.
    List<Json> events() {
        List<String> lines = new ArrayList<>();
        List<String> sales = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            LocalDate date = OPENING.plusDays(random.nextInt(140));
            String head = "e" + random.nextInt(1000) + "-" + i + " %s " + date;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    String booked = late(date);
                    sales.add(head.formatted("") + booked);
                    lines.add(head.formatted("sale") + attributes() + " a=" + random.nextInt(3000) + " q="
                            + random.nextInt(6) + booked);
                }
                case 4 -> lines.add(head.formatted("cost") + attributes() + " a=" + random.nextInt(3000) + late(date));
                case 5 -> lines.add(head.formatted("usage") + attributes() + " q=" + random.nextInt(9) + late(date));
                case 6 -> lines.add(head.formatted("mdf-claim") + " a=" + random.nextInt(300) + late(date));
                case 7 -> lines.add(head.formatted("kpi") + " kpi=csat value=" + random.nextInt(6) + late(date));
                case 8 ->
                    lines.add(head.formatted("milestone") + " name=" + any(List.of("launch", "other")) + late(date));
                default -> refund(sales, i, lines);
            }
        }
        for (LocalDate month = OPENING; month.isBefore(LocalDate.of(2027, 4, 1)); month = month.plusMonths(1)) {
            lines.add("k" + month.getMonthValue() + " kpi " + month + " kpi=share value="
                    + any(List.of("0.25", "0.9", "1", "2/3")));
        }
        return new ArrayList<>(lines.stream().<Json>map(Books::event).toList());
    }

    private String attributes() {
        return " kind=" + any(List.of("a", "b", "c")) + " size=" + random.nextInt(10) + " who=" + any(List.of("x", "y"))
                + " agreed=" + any(List.of("0.1", "0.15", "1/9"));
    }

    /// Booked in its own month, or up to two later.
    private String late(LocalDate date) {
        LocalDate booked = date.plusMonths(Math.max(0, random.nextInt(6) - 3));
        return booked.equals(date) ? "" : " in=" + booked.toString().substring(0, 7);
    }

    private void refund(List<String> sales, int i, List<String> lines) {
        if (sales.isEmpty()) {
            return;
        }
        String[] sale = any(sales).split(" +", -1);
        LocalDate sold = LocalDate.parse(sale[1]);
        LocalDate date = sold.plusDays(random.nextInt(60));
        LocalDate booked = sale.length > 2 ? LocalDate.parse(sale[2].substring(3) + "-01") : sold;
        LocalDate month = date.isBefore(booked) ? booked : date;
        lines.add("r" + i + " refund " + date + " a=" + random.nextInt(2000) + " q=" + random.nextInt(3) + " ref="
                + sale[0] + " in=" + month.toString().substring(0, 7));
    }
}
