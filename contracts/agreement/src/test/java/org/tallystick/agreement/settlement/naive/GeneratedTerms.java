package org.tallystick.agreement.settlement.naive;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Documents;

/// A valid document as a seed draws it: every type of clause with every modifier that terms/1 has.
///
/// Numbers are drawn from few values, and the events take theirs from the same ones, so that limits are often hit
/// exactly.
final class GeneratedTerms {

    static final List<String> PARTIES = List.of("hub", "x", "y", "z");

    private static final List<String> RATES = List.of("0", "0.05", "1/3", "0.125", "0.2", "3/7", "1/10", "0.1");
    private static final List<String> ACCRUALS = List.of("fee", "unit", "split", "fixed", "kpi");
    private static final Set<String> ADDABLE = Set.of("fee", "unit", "fixed", "kpi");
    private static final Set<String> EARNING = Set.of("fee", "unit", "split", "fixed", "kpi", "guarantee", "waterfall");

    private final Draw draw;
    private final Calendar calendar;
    private final int first;
    private final int periods;
    private final List<String> ids = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final List<String> clauses = new ArrayList<>();
    private final SortedMap<String, String> measures = new TreeMap<>();

    /// Measures by what they may be used for; derived ones come when their clauses have come.
    private final List<String> amounts = new ArrayList<>();

    private final List<String> derived = new ArrayList<>();
    private final List<String> counted = List.of("units", "use", "deals", "marks");

    GeneratedTerms(Draw draw, Calendar calendar, int first, int periods) {
        this.draw = draw;
        this.calendar = calendar;
        this.first = first;
        this.periods = periods;
    }

    /// @param features clause types and `fx` that may occur
    Json.Obj document(SortedSet<String> features, String currency) {
        measures();
        types(features);
        for (int i = 0; i < types.size(); i++) {
            clauses.add("{'id':'" + ids.get(i) + "','type':'" + types.get(i) + "'," + body(i) + "}");
            derive(i);
        }
        String frequency = switch (calendar.months()) {
            case 1 -> "month";
            case 3 -> "quarter";
            default -> "year";
        };
        List<String> named = new ArrayList<>();
        measures.forEach((name, measure) -> named.add("'" + name + "':" + measure));
        return (Json.Obj) Documents.json("{'terms':'1','id':'T','hub':'hub','currency':'" + currency
                + "','calendar':{'frequency':'" + frequency + "'},'parties':["
                + String.join(
                        ",",
                        draw.shuffled(PARTIES).stream()
                                .map(id -> "{'id':'" + id + "'}")
                                .toList())
                + "],'measures':{" + String.join(",", named)
                + "},'clauses':[" + String.join(",", clauses)
                + "],'settlement':{" + settlement(features.contains("fx")) + "}}");
    }

    private String settlement(boolean fx) {
        List<String> members = new ArrayList<>();
        if (!draw.once(3)) {
            members.add("'negative':'" + draw.any("carry", "invoice") + "'");
        }
        if (draw.once(2)) {
            members.add("'minimumPayout':{'x':" + draw.any(100, 500, 1000) + ",'y':" + draw.below(2000) + "}");
        }
        if (fx && !draw.once(3)) {
            String fixing = draw.any("period-end", "transaction");
            String refunds = draw.any("original", "refund-date");
            members.add("'fx':{'fixing':'" + fixing + "','refunds':'" + refunds + "'}");
        }
        return String.join(",", members);
    }

    // Measures.

    private void measures() {
        measure("sales", "'plus':[{'type':'sale'}],'minus':[{'type':['refund','return']}]", true);
        measure("costs", "'plus':[{'type':'cost'}]", true);
        measure("net", "'plus':[{'type':['sale','delivery']}],'minus':[{'type':'cost'},{'type':'refund'}]", true);
        measure("some", "'plus':[" + filter("'sale','delivery'") + "],'minus':[" + filter("'refund'") + "]", true);
        measure("more", "'plus':[" + filter("'sale'") + "," + filter("'cost','refund'") + "]", true);
        measure("paidback", "'minus':[{'type':['refund','return']}]", true);
        measure("asked", "'plus':[{'type':'mdf-claim'}]", true);
        measure("units", "'of':'quantity','plus':[{'type':['sale','usage']}],'minus':[{'type':'refund'}]", false);
        measure("use", "'of':'quantity','plus':[{'type':['usage','subscribers']}],'minus':[{'type':'return'}]", false);
        measure("deals", "'of':'count','plus':[{'type':'sale'}],'minus':[{'type':'refund'}]", false);
        measure("marks", "'of':'count','plus':[" + filter("'milestone'") + ",{'type':'usage'}]", false);
    }

    private void measure(String name, String body, boolean isAmount) {
        measures.put(name, "{" + body + "}");
        if (isAmount) {
            amounts.add(name);
        }
    }

    /// What later clauses may use: the result of this one, and of earlier ones.
    private void derive(int i) {
        if (!ADDABLE.contains(types.get(i)) || !draw.once(2)) {
            return;
        }
        List<String> others = earlier(i, ADDABLE);
        String name = "m" + i;
        String own = "'" + ids.get(i) + "'";
        String lists = switch (draw.below(3)) {
            case 0 -> "'plusClauses':[" + own + "]";
            case 1 -> "'plus':[{'type':'sale'}],'lessClauses':[" + own + "]";
            default ->
                others.isEmpty()
                        ? "'minus':[{'type':'cost'}],'plusClauses':[" + own + "]"
                        : "'plusClauses':[" + own + "],'lessClauses':['" + draw.any(others) + "']";
        };
        measures.put(name, "{" + lists + "}");
        derived.add(name);
    }

    private String filter(String types) {
        return "{'type':[" + types + "]" + (draw.once(2) ? "" : "," + conditions()) + "}";
    }

    private String conditions() {
        return switch (draw.below(12)) {
            case 0 -> "'attrs':{'kind':'" + draw.any("a", "b") + "'}";
            case 1 -> "'attrs':{'kind':['a','c',3,true]}";
            case 2 -> "'attrs':{'size':{'gte':" + draw.below(9) + "}}";
            case 3 -> "'attrs':{'size':{'gte':'2.5','lt':8},'kind':['a','b']}";
            case 4 -> "'attrs':{'vip':true}";
            case 5 -> "'attrs':{'part':{'lt':'1/2'}}";
            case 6 -> "'attrs':{'lead':{'gte':'" + day() + "'}}";
            case 7 -> "'attrs':{'size':" + draw.below(9) + "}";
            case 8 -> "'" + "days" + "':[{'from':'lead','to':'date','max':" + draw.any(0, 10, 30) + "}]";
            case 9 -> "'days':[{'from':'saleDate','to':'date','max':" + draw.any(0, 10, 40) + "}]";
            case 10 -> "'days':[{'from':'lead','to':'saleDate','max':30},{'from':'date','to':'date','max':0}]";
            default -> "'" + "monthsBefore" + "':[{'since':'lead','months':" + draw.any(1, 2, 12) + "}]";
        };
    }

    // Clauses.

    private void types(SortedSet<String> features) {
        List<String> accruals = ACCRUALS.stream().filter(features::contains).toList();
        List<String> all = features.stream().filter(type -> !type.equals("fx")).toList();
        for (int i = draw.between(2, 6); i >= 0; i--) {
            String type = types.isEmpty() || draw.once(3) ? draw.any(accruals) : draw.any(all);
            if (!(type.equals("waterfall") && types.contains(type))) {
                ids.add(draw.any("c", "k", "b") + types.size());
                types.add(type);
            }
        }
    }

    private List<String> earlier(int i, Set<String> allowed) {
        List<String> found = new ArrayList<>();
        for (int k = 0; k < i; k++) {
            if (allowed.contains(types.get(k))) {
                found.add(ids.get(k));
            }
        }
        return found;
    }

    private String quoted(List<String> names) {
        return "['" + String.join("','", names) + "']";
    }

    private String body(int i) {
        return switch (types.get(i)) {
            case "fee" -> "'from':" + between() + priced(true);
            case "unit" -> "'from':" + between() + priced(false);
            case "split" -> split();
            case "fixed" -> fixed();
            case "kpi" -> kpi();
            case "fund" -> fund();
            case "guarantee" -> guarantee(i);
            case "advance" -> advance(i);
            case "waterfall" -> waterfall();
            case "reserve" ->
                "'party':'" + draw.any(PARTIES) + "','clauses':" + listed(i, EARNING) + ",'rate':'"
                        + draw.any("0", "0.1", "1/3", "1") + "','releaseAfter':" + draw.between(1, 4) + when();
            case "withholding" -> withholding();
            default -> throw new IllegalArgumentException(types.get(i));
        };
    }

    /// Two different parties, each a third of the time the hub.
    private String between() {
        List<String> two = draw.shuffled(draw.any(PARTIES, List.of("hub", "x", "y")));
        return "'" + two.getFirst() + "','to':'" + two.getLast() + "',";
    }

    /// Where events are priced over a period, a measure may also be made of results.
    private String amount(boolean mayDerive) {
        if (mayDerive && !derived.isEmpty() && draw.once(2)) {
            return draw.any(derived);
        }
        return draw.once(2) ? "sales" : draw.any(amounts);
    }

    private String priced(boolean isFee) {
        String round = maybe("'round':'" + draw.any("half-up", "half-even", "down", "up") + "'");
        String rate = isFee ? "'rate':" : "'price':";
        return switch (draw.below(4)) {
            case 0 -> {
                String window = window();
                yield "'of':'" + of(isFee, true) + "'," + rate + "'" + rate(isFee) + "','window':'" + window + "'"
                        + where() + when() + round + factor() + limits(window);
            }
            case 1 -> {
                String window = window();
                yield "'of':'" + of(isFee, false) + "'," + rate + variable(isFee) + ",'window':'" + window + "'"
                        + where() + when() + round + factor() + limits(window);
            }
            case 2 -> {
                String window = window();
                yield tiers(isFee) + ",'window':'" + window + "'" + where() + when() + round + limits(window);
            }
            default ->
                "'per':'event','of':'" + of(isFee, false) + "'," + rate
                        + (draw.once(2) ? "'" + rate(isFee) + "'" : variable(isFee)) + where() + when() + round
                        + eventLimits();
        };
    }

    private String of(boolean isFee, boolean mayDerive) {
        return isFee ? amount(mayDerive) : draw.any(counted);
    }

    private String rate(boolean isFee) {
        return isFee ? draw.any(RATES) : draw.any("0.7", "12", "1/3", "250", "0");
    }

    private String window() {
        return draw.any("period", "period", "year", "life");
    }

    private String maybe(String member) {
        return draw.once(2) ? "," + member : "";
    }

    private String where() {
        return draw.once(3)
                ? ",'" + "where" + "':{" + (draw.once(3) ? "'type':['sale','refund']," : "") + conditions() + "}"
                : "";
    }

    /// From or until a day that often begins a period.
    private String when() {
        if (!draw.once(3)) {
            return "";
        }
        int from = first + draw.between(-1, 2);
        int to = draw.between(from + 1, first + periods);
        String begin = draw.once(2)
                ? calendar.start(from).toString()
                : calendar.start(from).plusDays(9).toString();
        String end = calendar.start(to).plusDays(draw.any(0, 0, 14)).toString();
        boolean late = end.compareTo(begin) > 0;
        return ",'when':{"
                + switch (draw.below(3)) {
                    case 0 -> "'from':'" + begin + "'";
                    case 1 -> "'to':'" + end + "'";
                    default -> "'from':'" + begin + "'" + (late ? ",'to':'" + end + "'" : "");
                }
                + "}";
    }

    private String day() {
        return calendar.start(first + draw.below(periods))
                .plusDays(draw.below(20))
                .toString();
    }

    private String factor() {
        return draw.once(4) ? ",'" + "factor" + "':{'kpi':'share'}" : "";
    }

    private String limits(String window) {
        String limits = "";
        if (draw.once(3)) {
            limits += ",'cap':{" + limit(300, 1500) + maybeWindow(window) + "}";
        }
        if (window.equals("period") && draw.once(4)) {
            limits += ",'floor':{" + limit(0, 250) + "}";
        }
        return limits;
    }

    /// The floors that are drawn are smaller than the caps, of whatever form.
    private String limit(int least, int most) {
        boolean isCap = least > 0;
        return switch (draw.below(3)) {
            case 0 -> "'amount':" + draw.between(least, most);
            case 1 ->
                "'of':'" + amount(true) + "','rate':'" + (isCap ? draw.any("0.06", "1/5") : draw.any("0", "0.02"))
                        + "'";
            default ->
                "'of':'" + draw.any(counted) + "','rate':'" + (isCap ? draw.any("30", "99/2") : draw.any("1/2", "3"))
                        + "'";
        };
    }

    private static String maybeWindow(String window) {
        return window.equals("period") ? "" : ",'window':'" + window + "'";
    }

    private String eventLimits() {
        String limits = "";
        if (draw.once(2)) {
            limits += ",'cap':{"
                    + draw.any("'amount':" + draw.between(60, 400), "'price':'45','per':'event'", "'price':'7/2'")
                    + "}";
        }
        if (draw.once(2)) {
            limits += ",'floor':{" + draw.any("'amount':" + draw.below(60), "'price':'3.3'", "'price':'0'") + "}";
        }
        return limits;
    }

    private String variable(boolean isFee) {
        return switch (draw.any("by attr", "by attr", "by date", "by fact", "by event")) {
            case "by attr" -> table(isFee, 2);
            case "by date" ->
                "{'by':'date','steps':[{'from':'" + draw.any("2000-01-01", "2000-01-01", day()) + "','rate':'"
                        + rate(isFee) + "'},{'from':'" + calendar.start(first + periods)
                        + "','rate':'1'},{'from':'9999-12-31','rate':'0'}]}";
            case "by fact" ->
                "{'by':'fact','fact':'" + draw.any("launch", "other") + "','before':'" + rate(isFee) + "','after':'"
                        + rate(isFee) + "'}";
            default -> "{'by':'event','attr':'agreed','min':'0','max':'0.3'}";
        };
    }

    private String table(boolean isFee, int depth) {
        String rest = draw.once(12) ? "" : ",'*':" + row(isFee, depth);
        return switch (draw.below(3)) {
            case 0 ->
                "{'by':'attr','attr':'kind','table':{'a':" + row(isFee, depth) + ",'b':" + row(isFee, depth) + rest
                        + "}}";
            case 1 -> "{'by':'attr','attr':'vip','table':{'true':" + row(isFee, depth) + rest + "}}";
            default -> "{'by':'attr','attr':'size','table':{'3':" + row(isFee, depth) + ",'-1':'1'" + rest + "}}";
        };
    }

    private String row(boolean isFee, int depth) {
        if (depth > 0 && draw.once(4)) {
            return depth == 1 || draw.once(2)
                    ? "{'by':'fact','fact':'launch','before':'0','after':'" + rate(isFee) + "'}"
                    : table(isFee, depth - 1);
        }
        return "'" + rate(isFee) + "'";
    }

    private String tiers(boolean isFee) {
        String mode = draw.any("marginal", "whole", "blended", "forward", "per-event", "lookback");
        boolean isSingle = List.of("forward", "per-event", "lookback").contains(mode);
        String of = of(isFee, !isSingle);
        boolean hasOther = List.of("whole", "blended", "lookback").contains(mode) && draw.once(2);
        String other = draw.any(amount(true), draw.any(counted));
        String measure = hasOther ? other : of;
        List<String> limits = counted.contains(measure)
                ? List.of("0", "2", "3", "'7/2'", "5", "8", "12")
                : List.of("0", "500", "1000", "1500", "'1500.5'", "2500", "6000");
        List<String> steps = new ArrayList<>();
        int at = draw.below(3);
        for (int i = draw.below(3); i > 0 && at < limits.size(); i--) {
            steps.add("{'upTo':" + limits.get(at) + ",'rate':'" + rate(isFee) + "'}");
            at += draw.between(1, 3);
        }
        steps.add("{'rate':'" + rate(isFee) + "'}");
        return "'of':'" + of + "','tiers':{'mode':'" + mode + "'" + (hasOther ? ",'measure':'" + measure + "'" : "")
                + ",'steps':[" + String.join(",", steps) + "]}";
    }

    /// Weights that add up to one, some of them perhaps zero.
    private List<String> weights(int parts) {
        List<Integer> whole = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            whole.add(draw.any(0, 1, 1, 2, 3));
        }
        whole.set(draw.below(parts), 1);
        int sum = whole.stream().mapToInt(Integer::intValue).sum();
        return whole.stream().map(part -> "'" + part + "/" + sum + "'").toList();
    }

    private String shares(List<String> parties, List<String> weights) {
        List<String> shares = new ArrayList<>();
        for (int i = 0; i < parties.size(); i++) {
            shares.add("'" + parties.get(i) + "':" + weights.get(i));
        }
        return "{" + String.join(",", shares) + "}";
    }

    private String split() {
        List<String> parties = draw.some(draw.shuffled(PARTIES));
        boolean hasUse = draw.once(2);
        boolean perEvent = draw.once(3);
        List<String> weights = weights(parties.size() + (hasUse ? 1 : 0));
        String use = "";
        if (hasUse) {
            use = ",'proRata':{'share':" + weights.getLast() + ",'by':'who','among':" + quoted(draw.some(PARTIES))
                    + ",'of':'" + draw.any("use", "units", "sales", "deals", "some") + "','ifNone':'"
                    + draw.any(PARTIES)
                    + "'}";
        }
        return "'holder':'" + draw.any(parties) + "','of':'" + amount(!perEvent) + "','shares':"
                + shares(parties, weights) + use + (perEvent ? ",'per':'event'" : "") + where() + when();
    }

    private String fixed() {
        String cap =
                draw.once(2) ? ",'cap':{'amount':" + draw.any(0, 100, 250, 1500) + maybeWindow(window()) + "}" : "";
        String on =
                draw.any("{'type':'milestone'}", "{'type':'usage'}", filter("'sale','return'"), filter("'milestone'"));
        return "'from':" + between() + "'amount':" + draw.any(0, 75, 100, 700) + ",'on':" + on + cap + when();
    }

    private String kpi() {
        String collar = draw.any(
                "", ",'collar':{'min':'-0.02'}", ",'collar':{'max':'0.02'}", ",'collar':{'min':'0','max':'1/50'}");
        String second =
                draw.once(2) ? ",{'kpi':'delay','steps':[{'gte':'3','rate':'-0.05'},{'gte':'-1','rate':'1/90'}]}" : "";
        return "'from':" + between() + "'of':'" + amount(true)
                + "','table':[{'kpi':'csat','steps':[{'gte':'4','rate':'0.03'},{'gte':'2','rate':'0.01'}]}" + second
                + "]"
                + collar + where() + when();
    }

    private String fund() {
        String window = window();
        boolean hasTiers = draw.once(2);
        String price = hasTiers ? tiers(true) : "'of':'" + of(true, true) + "','rate':'" + draw.any(RATES) + "'";
        String variable = draw.once(3) ? "'of':'" + of(true, false) + "','rate':" + variable(true) : price;
        String cap = draw.once(4) ? ",'" + "cap" + "':{" + limit(300, 1500) + maybeWindow(window) + "}" : "";
        return "'from':'" + draw.any(PARTIES) + "'," + variable + ",'window':'" + window + "'" + where() + when()
                + maybe("'round':'" + draw.any("half-even", "down", "up") + "'") + cap
                + ",'claims':{'on':" + draw.any("{'type':'mdf-claim'}", filter("'mdf-claim','cost'"))
                + ",'reimburse':'" + draw.any("0.5", "1", "1/3", "0") + "','to':'" + draw.any(PARTIES) + "'}";
    }

    private String guarantee(int i) {
        String target = draw.once(2)
                ? "'amount':" + draw.any(0, 500, 1000, 5000)
                : "'" + "perUnit" + "':{'of':'" + draw.any(counted) + "','price':'" + draw.any("10", "0.7", "100/3")
                        + "'}";
        String window = draw.any("guarantee per period", "guarantee per year").endsWith("year") ? "year" : "period";
        return "'from':" + between() + "'clauses':" + quoted(draw.some(earlier(i, Set.copyOf(ACCRUALS))))
                + ",'window':'" + window + "'," + target + when();
    }

    /// Clauses before and after this one; of advances, those before.
    private String listed(int i, Set<String> allowed) {
        List<String> found = new ArrayList<>(earlier(types.size(), allowed));
        return quoted(draw.some(draw.shuffled(found.isEmpty() ? earlier(i, Set.of("advance")) : found)));
    }

    private String advance(int i) {
        List<String> found = new ArrayList<>(earlier(types.size(), EARNING));
        found.addAll(earlier(types.size(), Set.of("reserve")));
        found.addAll(earlier(i, Set.of("advance")));
        return "'from':" + between() + "'clauses':" + quoted(draw.some(draw.shuffled(found)))
                + maybe("'recoupRate':'" + draw.any("0", "1/2", "0.33", "1") + "'");
    }

    private String withholding() {
        List<String> two = draw.shuffled(PARTIES);
        List<String> found = new ArrayList<>(earlier(types.size(), EARNING));
        found.addAll(earlier(types.size(), Set.of("advance", "fund", "reserve")));
        return "'party':'" + two.getFirst() + "','authority':'" + two.getLast() + "','clauses':"
                + quoted(draw.some(draw.shuffled(found))) + ",'rate':'" + draw.any("0.15", "1/3", "0", "1") + "'"
                + when();
    }

    private String waterfall() {
        List<String> tiers = new ArrayList<>();
        for (int i = draw.between(1, 5); i > 0; i--) {
            String id = "'id':'t" + i + "','kind':";
            tiers.add(id
                    + switch (draw.any("recover", "preferred", "return-of-capital", "catch-up")) {
                        case "recover" -> "'recover','party':'" + draw.any(PARTIES) + "','of':'" + amount(true) + "'";
                        case "preferred" -> "'preferred'";
                        case "return-of-capital" -> "'return-of-capital'";
                        default ->
                            "'catch-up','party':'" + draw.any(PARTIES) + "','target':'" + draw.any("0.2", "1/3", "0")
                                    + "'";
                    });
        }
        List<String> parties = draw.some(draw.shuffled(PARTIES));
        tiers.add("'id':'rest','kind':'split','shares':" + shares(parties, weights(parties.size())));
        return "'holder':'" + draw.any(PARTIES) + "','of':'" + amount(true) + "','investors':"
                + quoted(draw.some(draw.shuffled(PARTIES))) + ",'preferredRate':'"
                + draw.any("0.08", "0.073", "1/3", "0")
                + "','dayCount':'actual/365','compounding':'none','tiers':[{" + String.join("},{", tiers) + "}]";
    }
}
