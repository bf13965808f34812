package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Amendment;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// Thirty months of one or two clauses, with a few events in each, some of them years late.
///
/// The cases of the naive evaluator are short and have many clauses: nearly every settlement of theirs reaches
/// everything.
final class GeneratedYears {

    static final Period OPENING = Period.ofText("2026-06");
    static final Period LAST = OPENING.plus(29);

    /// With `ID`, `WINDOW` and `FROM` in the place of what is drawn.
    private static final List<String> CLAUSES = List.of(
            fee("'tiers':{'mode':'forward',STEPS},'window':'WINDOW'"),
            fee("'tiers':{'mode':'per-event',STEPS},'window':'WINDOW'"),
            fee("'tiers':{'mode':'lookback',STEPS},'window':'WINDOW'"),
            fee(
                    "'tiers':{'mode':'marginal',STEPS},'window':'WINDOW','cap':{'of':'costs','rate':'1/3','window':'WINDOW'}"),
            fee(
                    "'tiers':{'mode':'whole','measure':'units','steps':[{'upTo':9,'rate':'0.1'},{'rate':'1/3'}]},'window':'WINDOW'"),
            fee(
                    "'tiers':{'mode':'blended','measure':'costs',STEPS},'window':'WINDOW','cap':{'amount':900,'window':'WINDOW'}"),
            fee("'rate':{'by':'fact','fact':'launch','before':'0.1','after':'1/7'},'window':'WINDOW'"),
            fee("'rate':{'by':'fact','fact':'launch','before':'0.1','after':'1/7'},'per':'event'"),
            fee("'rate':'0.15','per':'event'"),
            fee("'rate':'0.15','factor':{'kpi':'share'}"),
            fee("'rate':'0.15','floor':{'of':'costs','rate':'1/9'}"),
            "{'id':'ID','type':'unit','from':'hub','to':'y','of':'units','tiers':{'mode':'forward','steps':[{'upTo':7,'rate':'30'},{'rate':'11'}]},'window':'WINDOW'FROM}",
            "{'id':'ID','type':'kpi','from':'hub','to':'x','of':'sales','table':[{'kpi':'share','steps':[{'gte':'0.5','rate':'0.1'}]}]FROM}",
            "{'id':'ID','type':'fixed','from':'hub','to':'x','amount':70,'on':{'type':'sale'},'cap':{'amount':700,'window':'WINDOW'}FROM}",
            "{'id':'ID','type':'split','holder':'hub','of':'sales','per':'event','shares':{'hub':'0'},"
                    + "'proRata':{'share':'1','by':'who','among':['x','y'],'of':'use','ifNone':'hub'}FROM}",
            "{'id':'ID','type':'split','holder':'hub','of':'sales','shares':{'hub':'1/3','x':'1/3','y':'1/3'}FROM}",
            "{'id':'ID','type':'fund','from':'hub','of':'sales','tiers':{'mode':'forward',STEPS},'window':'WINDOW'FROM,"
                    + "'claims':{'on':{'type':'mdf-claim'},'reimburse':'1/2','to':'x'}}",
            "{'id':'ID','type':'waterfall','holder':'hub','of':'sales','investors':['x','y'],'preferredRate':'0.1',"
                    + "'dayCount':'actual/365','compounding':'none','tiers':[{'id':'IDr','kind':'recover','party':'y','of':'costs'},"
                    + "{'id':'IDs','kind':'split','shares':{'hub':'1/2','x':'1/2'}}]}",
            fee("'rate':'1/7'")
                    + ",{'id':'gID','type':'guarantee','from':'hub','to':'x','clauses':['ID'],'window':'year',"
                    + "'perUnit':{'of':'units','price':'3'}}",
            fee("'rate':'1/7'") + ",{'id':'lID','type':'fee','from':'hub','to':'y','of':'sales',"
                    + "'tiers':{'mode':'lookback','measure':'net',STEPS}FROM}");

    private final Random random;
    private final List<String> lines = new ArrayList<>();

    private GeneratedYears(long seed) {
        this.random = new Random(seed);
    }

    private static String fee(String pricing) {
        return "{'id':'ID','type':'fee','from':'hub','to':'x','of':'sales'," + pricing + "FROM}";
    }

    /// One clause, or two. The last of the list names `c0` in a measure, so it is never the second.
    static Json.Obj terms(long seed) {
        Random random = new Random(seed);
        int first = (int) (seed % CLAUSES.size());
        String text = clause(CLAUSES.get(first), "c0", random, "");
        if (random.nextBoolean()) {
            text += "," + clause(CLAUSES.get(random.nextInt(CLAUSES.size() - 1)), "c1", random, "");
        }
        return document(text, random.nextBoolean() ? "transaction" : "period-end", random.nextInt(4) > 0);
    }

    private static String clause(String text, String id, Random random, String from) {
        return text.replace("STEPS", "'steps':[{'upTo':900,'rate':'0.1'},{'rate':'1/3'}]")
                .replace("WINDOW", List.of("period", "period", "year", "life").get(random.nextInt(4)))
                .replace("FROM", from)
                .replace("ID", id);
    }

    private static Json.Obj document(String clauses, String fixing, boolean original) {
        Json.Obj document = Documents.with(
                Documents.of(clauses),
                "settlement",
                "{'fx':{'fixing':'" + fixing + "','refunds':'" + (original ? "original" : "refund-date") + "'}}");
        return clauses.contains("'net'")
                ? Documents.withMeasures(
                        document, "'net':{'plus':[{'type':'sale'}],'minus':[{'type':'refund'}],'lessClauses':['c0']}")
                : document;
    }

    /// The terms with one more clause from a period on, if that is allowed.
    static Json.Obj amended(Json.Obj terms, Period start, long seed) {
        Random random = new Random(seed + 77);
        Terms old = Documents.accepted(terms);
        for (int i = 0; i < 20; i++) {
            String text = clause(
                    CLAUSES.get(random.nextInt(CLAUSES.size())),
                    "n0",
                    random,
                    ",'when':{'from':'" + start.start() + "'}");
            List<Json> clauses = new ArrayList<>(terms.items("clauses"));
            clauses.addAll(((Json.Arr) Documents.json("[" + text + "]")).items());
            Json.Obj amended = Documents.with(
                    Documents.with(
                            Documents.with(
                                    terms,
                                    "clauses",
                                    Json.array(clauses).canonical().utf8().orElseThrow()),
                            "version",
                            String.valueOf(old.version() + 1)),
                    "supersedes",
                    "'" + old.hash().hex() + "'");
            if (TermsReader.read(amended) instanceof TermsReading.Accepted(var young)
                    && new Amendment(old, young, start).findings().isEmpty()) {
                return amended;
            }
        }
        return terms;
    }

    static List<Json> events(long seed) {
        GeneratedYears years = new GeneratedYears(seed + 1);
        for (Period month = OPENING; month.compareTo(LAST) <= 0; month = month.next()) {
            years.month(month);
        }
        years.milestones();
        return Books.events(String.join("\n", years.lines));
    }

    private void month(Period month) {
        lines.add("%s/k kpi %s kpi=share value=0.%d".formatted(month, day(month), 1 + random.nextInt(9)));
        if (once(9)) {
            lines.add("%s/l kpi %s kpi=share value=0.%d%s"
                    .formatted(month, day(month), 1 + random.nextInt(9), late(month, 3)));
        }
        for (int day = 1; day <= 26; day += 5) {
            lines.add("%s/x%d fx %s pair=EUR/USD rate=1.%d".formatted(month, day, day(month, day), random.nextInt(9)));
        }
        lines.add(
                "%s/y fx %s pair=EUR/USD rate=1.%d".formatted(month, month.end().minusDays(1), random.nextInt(9)));
        if (once(12)) {
            lines.add("%s/z fx %s pair=EUR/USD rate=1.%d%s"
                    .formatted(month, day(month), random.nextInt(9), late(month, 1)));
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            sale(month, month + "/s" + i);
        }
        if (once(2)) {
            lines.add("%s/u usage %s q=%d who=%s%s"
                    .formatted(month, day(month), 1 + random.nextInt(4), once(2) ? "x" : "y", late(month, 6)));
        }
        if (once(3)) {
            lines.add("%s/c cost %s a=%d%s".formatted(month, day(month), random.nextInt(900), late(month, 6)));
        }
        if (once(6)) {
            lines.add("%s/m mdf-claim %s a=%d%s".formatted(month, day(month), random.nextInt(90), late(month, 6)));
        }
    }

    private void sale(Period month, String id) {
        String currency = once(3) ? " cur=EUR" : "";
        LocalDate date = day(month);
        Period booked = booked(month, 12);
        int amount = 50 + random.nextInt(900);
        int quantity = 1 + random.nextInt(5);
        lines.add("%s sale %s a=%d q=%d who=%s%s in=%s"
                .formatted(id, date, amount, quantity, once(2) ? "x" : "y", currency, booked));
        if (once(4)) {
            Period later = month.plus(once(3) ? random.nextInt(20) : random.nextInt(3));
            LocalDate refunded = later.equals(month) ? month.end().minusDays(1) : day(later);
            Period own = later.compareTo(booked) > 0 ? later : booked;
            lines.add("%s/r refund %s a=%d q=%d ref=%s in=%s"
                    .formatted(id, refunded, random.nextInt(amount), 1, id, booked(own, 12)));
        }
    }

    private void milestones() {
        Period month = OPENING.plus(random.nextInt(25));
        lines.add("launch milestone %s name=launch%s".formatted(day(month), late(month, 2)));
        Period again = OPENING.plus(random.nextInt(25));
        lines.add("again milestone %s name=launch%s".formatted(day(again), late(again, 2)));
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private LocalDate day(Period month) {
        return day(month, 1 + random.nextInt(28));
    }

    private static LocalDate day(Period month, int day) {
        return month.start().plusDays(day - 1L);
    }

    private String late(Period month, int in) {
        return " in=" + booked(month, in);
    }

    /// Once in so many times later than its own month, and then often much later.
    private Period booked(Period month, int in) {
        if (!once(in)) {
            return month;
        }
        return month.plus(once(2) ? 1 + random.nextInt(2) : random.nextInt(20));
    }
}
