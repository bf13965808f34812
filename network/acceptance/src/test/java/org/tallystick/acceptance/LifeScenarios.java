package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.acceptance.Venture.MAKER;
import static org.tallystick.acceptance.Venture.PLATFORM;
import static org.tallystick.acceptance.Venture.SHOP;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.HttpCourier;

/// The life of an agreement, as partners see it: negotiated, governed by every kind of rule, handed on, ended.
///
/// After the other scenarios, since each takes the clock of the trial on; before the year of a marketplace.
abstract class LifeScenarios extends Scenarios {

    private static final int LATE = Integer.MAX_VALUE - 20;
    private static final Pattern MOTION = Pattern.compile("the motion ([0-9a-f]{64}) is open");
    private static final Pattern NOTICE = Pattern.compile("the notice ([0-9a-f]{64}) is on record");

    private Venture venture(String label) throws LedgerException {
        try (HttpCourier gateway = new HttpCourier(stand().gateway())) {
            List.of(PLATFORM, SHOP, MAKER)
                    .forEach(party -> stand().partner(party).enrolls());
            return new Venture(
                    label, gateway.net().time(new LedgerTime(Instant.now().getEpochSecond())));
        }
    }

    private Venture agreed(String label, String governance, String terms) throws LedgerException {
        Venture venture = venture(label);
        stand().partner(PLATFORM).offers(label, venture.document(governance, terms));
        stand().partner(SHOP).accepts(venture.id());
        stand().partner(MAKER).accepts(venture.id());
        return venture;
    }

    /// By whole days, so that every ledger is moved by as many seconds.
    private void clockReaches(String day) throws LedgerException {
        try (HttpCourier gateway = new HttpCourier(stand().gateway())) {
            LocalDate today = gateway.net()
                    .time(new LedgerTime(Instant.now().getEpochSecond()))
                    .day();
            stand().moveClock("+" + ChronoUnit.DAYS.between(today, LocalDate.parse(day)) + "d");
        }
    }

    private static String done(Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }

    private static void goes(Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    private static void refused(Ended ended, String what) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(what);
    }

    private static String named(Pattern what, Ended ended) {
        Matcher named = what.matcher(done(ended));
        assertThat(named.find()).as(ended.output()).isTrue();
        return named.group(1);
    }

    private void verified(Venture venture) throws IOException, InterruptedException {
        Ended verified =
                auditor().verifies(auditor().packs(venture.id()), auditor().trusts());
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("result: holds (a trial)");
    }

    @Test
    @Order(LATE + 1)
    void an_offer_is_countered_declined_and_offered_again_and_adopted_when_all_have_signed_the_same() throws Exception {
        Venture venture = venture("negotiated");
        String id = venture.id();
        Partner platform = stand().partner(PLATFORM);
        Partner shop = stand().partner(SHOP);
        Partner maker = stand().partner(MAKER);
        Json.Obj first = venture.document(Venture.UNANIMOUS, Venture.SHARES);
        Json.Obj second = Venture.with(
                Venture.with(first, "days", "{\"grace\":5}"),
                "terms",
                Venture.SHARES.replace(
                        "\"platform\":\"1/3\",\"shop\":\"1/3\"", "\"platform\":\"1/6\",\"shop\":\"1/2\""));

        platform.offers("negotiated", first);
        Ended unasked = shop.asks("agreement", "counter", shop.writes("negotiated-b", second));
        String countered = done(shop.asks("agreement", "counter", shop.writes("negotiated-b", second), "--yes"));
        String difference = done(platform.asks("agreement", "diff", id));
        Ended stale = maker.asks("agreement", "accept", id, "--of-version", Venture.name(first));
        goes(maker.asks("agreement", "decline", id, "--of-version", Venture.name(second), "--reason", "half is much"));
        Ended gone = platform.asks("agreement", "accept", id, "--of-version", Venture.name(second));
        platform.offers("negotiated-again", second);
        shop.accepts(id);
        goes(shop.asks("agreement", "withdraw", id));
        maker.accepts(id);
        shop.accepts(id);
        String shown = done(maker.asks("agreement", "show", id));
        String told = done(maker.asks("agreement", "show", id, "--json"));
        List<String> straight = new ArrayList<>(List.of("agreement", "show", id, "--json"));
        straight.addAll(stand().network().access(stand().network().members().getLast()));
        String atThePeer = done(maker.asks(straight.toArray(String[]::new)));
        String listed = done(maker.asks("agreement", "list", "--party", MAKER, "--state", "active"));
        String lapsed = done(maker.asks("agreement", "list", "--state", "lapsed"));

        assertThat(unasked.exitCode()).as(unasked.output()).isEqualTo(2);
        assertThat(unasked.output()).contains("nothing was sent: nobody was asked");
        assertThat(countered)
                .contains("against version " + Venture.name(first) + " on offer:")
                .contains("version " + Venture.name(second), " is offered");
        assertThat(List.of(countered, difference))
                .allSatisfy(text -> assertThat(text.lines())
                        .anyMatch(line -> line.strip().matches("-.*shop 33\\.33.*|-.*shop.*1/3.*"))
                        .anyMatch(line -> line.strip().startsWith("+"))
                        .anyMatch(line -> line.strip().startsWith("/days: (none) -> {\"grace\":5}")));
        refused(stale, "versions of " + id + " that are open begin with " + Venture.name(first));
        refused(gone, "no version of " + id + " is on offer");
        assertThat(shown.lines())
                .anyMatch(line -> line.startsWith("agreement " + id + ": active"))
                .anyMatch(line -> line.matches(".* east/shop +offers version " + Venture.name(second) + " instead of "
                        + Venture.name(first) + ".*"))
                .anyMatch(line -> line.matches(".* west/maker +declines version .*: half is much; .* lapsed"))
                .anyMatch(line -> line.matches(".* east/shop +takes its acceptance of version .* back"))
                .anyMatch(line ->
                        line.matches(".* [0-9]+/[0-9]+/0 +east/shop +accepts version .*; adopted as number 1.*"));
        assertThat(atThePeer).isEqualTo(told);
        assertThat(listed).contains(id + " ");
        assertThat(lapsed).doesNotContain(id + " ");
        verified(venture);
    }

    @Test
    @Order(LATE + 2)
    void three_of_five_seats_decide_and_a_seat_changes_hands_while_they_vote() throws Exception {
        String governance = """
                {"kind":"board","need":3,"voteDays":10,
                 "seats":[{"party":"platform","seat":"s1"},{"party":"shop","seat":"s2"},{"party":"maker","seat":"s3"},
                          {"party":"east/counsel","seat":"s4"},{"party":"east/adviser","seat":"s5"}],
                 "overrides":{"seat":{"kind":"principal","noticeDays":0,"principal":"platform"}}}
                """;
        Partner platform = stand().partner(PLATFORM);
        Partner shop = stand().partner(SHOP);
        Partner counsel = stand().partner("east/counsel");
        Partner adviser = stand().partner("east/adviser");
        Partner notary = stand().partner("west/notary");
        // One person has a key of both.
        counsel.enrolls("kim");
        adviser.enrolls("kim");
        notary.enrolls();
        Venture venture = agreed("board", governance, Venture.SHARES);
        String id = venture.id();

        Ended moved = platform.asks("agreement", "pause", id, "--reason", "the shop is being moved");
        String motion = named(MOTION, moved);
        String first = done(counsel.asks("agreement", "vote", id, motion, "yes"));
        Ended samePerson = adviser.asks("agreement", "vote", id, motion, "yes");
        Ended nobody = notary.asks("agreement", "vote", id, motion, "yes");
        Json.Obj next = platform.drafts(id);
        Json.Obj seated = Venture.with(next, "governance", governance.replace("\"east/counsel\"", "\"west/notary\""));
        String changed = done(platform.asks("agreement", "amend", platform.writes("board-2", seated), "--yes"));
        Ended handed = counsel.asks("agreement", "vote", id, motion, "none");
        stand().moveClock("+9d");
        String due = done(shop.asks("due", "--within", "3d"));
        String deciding = done(shop.asks("agreement", "vote", id, motion, "yes"));
        Ended late = notary.asks("agreement", "vote", id, motion, "no");
        String shown = done(shop.asks("agreement", "show", id, "--no-text"));

        assertThat(moved.output()).contains("yes 1 of 3; not voted: s2 (east/shop), s3 (west/maker)");
        assertThat(first).contains("s4 says yes", "yes 2 of 3");
        refused(samePerson, "has voted on seat s4 already: one person has one vote (same_holder)");
        refused(nobody, "not_a_party");
        assertThat(changed)
                .contains("class seat; starts with ", "platform decides, at once")
                .contains("/governance/seats/3/party: \"east/counsel\" -> \"west/notary\"")
                .contains("is adopted as number 2");
        refused(handed, "not_a_party");
        assertThat(due.lines()).anyMatch(line -> line.contains(id) && line.contains("vote"));
        assertThat(deciding).contains("is carried", "the agreement is paused");
        refused(late, "motion_ended");
        assertThat(shown.lines())
                .anyMatch(line -> line.startsWith("agreement " + id + ": paused"))
                .anyMatch(line -> line.matches(" *2 +" + Venture.name(seated) + " .* /governance/seats/3/party"))
                .anyMatch(line -> line.matches(".* east/shop +votes yes on motion .* for s2; carried; .* paused"));
        verified(venture);
    }

    @Test
    @Order(LATE + 3)
    void what_a_principal_decides_waits_for_its_notice_and_a_side_that_leaves_ends_it_for_all() throws Exception {
        Venture venture = agreed(
                "principal", "{\"kind\":\"principal\",\"noticeDays\":10,\"principal\":\"platform\"}", Venture.SHARES);
        String id = venture.id();
        Partner platform = stand().partner(PLATFORM);
        Partner maker = stand().partner(MAKER);
        Json.Obj draft = platform.drafts(id);
        Json.Obj next = Venture.with(draft, "days", "{\"grace\":3}");

        Ended same = platform.asks("agreement", "amend", platform.writes("principal-same", draft), "--yes");
        // A clause of its own behind the old one, which ends.
        Json.Obj extended = Venture.with(draft, "terms", Venture.ended(draft.text("starts")));
        Ended unasked = platform.asks("agreement", "amend", platform.writes("principal-terms", extended));
        Ended moved = platform.asks("agreement", "amend", platform.writes("principal-2", next), "--yes");
        String motion = named(MOTION, moved);
        String waiting = done(maker.asks("agreement", "show", id, "--no-text"));
        Ended other = maker.asks("agreement", "pause", id, "--reason", "no");
        stand().moveClock("+11d");
        String executed = done(maker.asks("agreement", "execute", id, motion));
        String leaving = done(maker.asks("agreement", "leave", id, "--reason", "we stop making it"));
        Ended again = platform.asks("agreement", "leave", id);
        String due = done(platform.asks("due", "--within", "90d"));

        refused(same, "changes nothing of version ");
        assertThat(unasked.exitCode()).as(unasked.output()).isEqualTo(2);
        assertThat(unasked.output()).contains("class terms; starts with " + draft.text("starts"), "  +");
        assertThat(moved.output()).contains("platform decides, with 10 days' notice", "notice until ");
        assertThat(waiting).contains("open motions", "carried; it waits");
        assertThat(done(other)).contains("not voted: principal (north/platform)");
        assertThat(executed).contains("is adopted as number 2");
        assertThat(leaving).contains("its last day is ");
        refused(again, "notice_ended");
        assertThat(due.lines()).anyMatch(line -> line.contains(id) && line.contains("expires"));
        verified(venture);
    }

    @Test
    @Order(LATE + 4)
    void weights_decide_at_the_end_of_the_vote_abstention_counts_for_the_quorum_and_a_lock_comes_before_execution()
            throws Exception {
        Venture venture = agreed("weighted", """
                {"kind":"weighted","lockHours":48,"quorum":"1/2","threshold":"2/3","voteDays":5,
                 "weights":{"maker":2,"platform":5,"shop":3}}
                """, Venture.SHARES);
        String id = venture.id();
        Partner shop = stand().partner(SHOP);
        Partner maker = stand().partner(MAKER);
        Json.Obj next = Venture.with(shop.drafts(id), "payment", "{\"netDays\":14}");

        Ended moved = shop.asks("agreement", "amend", shop.writes("weighted-2", next), "--yes");
        String motion = named(MOTION, moved);
        String abstained = done(maker.asks("agreement", "vote", id, motion, "abstain"));
        stand().moveClock("+6d");
        String locked = done(maker.asks("agreement", "show", id, "--no-text"));
        stand().moveClock("+2d");
        String ready = done(maker.asks("agreement", "show", id, "--no-text"));
        String executed = done(maker.asks("agreement", "execute", id, motion));

        assertThat(moved.output()).contains("by weight: 2/3 of yes and no, 1/2 of 10 takes part, then locked for 48");
        assertThat(abstained).contains("maker says abstain", "yes 3, no 0, abstained 2; not voted: platform");
        assertThat(locked).contains("carried; it waits", "lock until ");
        assertThat(ready).contains("carried; any side may execute it");
        assertThat(executed).contains("is carried", "is adopted as number 2");
        verified(venture);
    }

    @Test
    @Order(LATE + 5)
    void a_merger_in_the_middle_of_a_waterfall_leaves_all_balances_where_they_are() throws Exception {
        Venture venture = agreed("merger", Venture.UNANIMOUS, Venture.WATERFALL);
        String id = venture.id();
        String heir = "west/heir";
        Partner platform = stand().partner(PLATFORM);
        Partner maker = stand().partner(MAKER);
        stand().partner(heir).enrolls();

        platform.reports(
                id,
                "books",
                List.of(
                        venture.capital(0, 1, 60_000, "maker"),
                        venture.capital(0, 1, 40_000, "shop"),
                        venture.sale(0, 1, 50_000)));
        clockReaches(venture.month(1) + "-02");
        platform.declares(id, "books", venture.month(0));
        platform.closes(id, venture.month(0));
        Json.Obj next = Venture.with(
                platform.drafts(id),
                "parties",
                "{\"maker\":\"west/heir\",\"platform\":\"north/platform\",\"shop\":\"east/shop\"}");
        // Terms are as they were, so it starts with the month that runs.
        Json.Obj merged = startingWith(next, venture.month(1));
        Ended moved = platform.asks("agreement", "amend", platform.writes("merger-2", merged), "--yes");
        String motion = named(MOTION, moved);
        goes(stand().partner(SHOP).asks("agreement", "vote", id, motion, "yes"));
        String voted = done(maker.asks("agreement", "vote", id, motion, "yes"));
        String accepted =
                done(stand().partner(heir).asks("agreement", "accept", id, "--of-version", Venture.name(merged)));
        platform.reports(id, "books", List.of(venture.sale(1, 1, 70_000)));
        clockReaches(venture.month(2) + "-02");
        platform.declares(id, "books", venture.month(1));
        platform.closes(id, venture.month(1));
        String before = done(stand().partner(heir).asks("statement", id, venture.month(0), "--party", "maker"));
        String after = done(stand().partner(heir).asks("statement", id, venture.month(1), "--party", "maker"));
        Ended bygone = maker.asks("agreement", "leave", id);
        String shown = done(platform.asks("agreement", "show", id, "--no-text"));

        assertThat(moved.output()).contains("class succeed", "who enters must accept: west/heir");
        assertThat(voted).contains("to be accepted by west/heir");
        assertThat(accepted).contains("is carried", "is adopted as number 2");
        assertThat(before.lines()).anyMatch(line -> line.matches("capital +maker +not yet returned +0\\.00 +300\\.00"));
        assertThat(after.lines()).anyMatch(line -> line.matches("capital +maker +not yet returned +300\\.00 +0\\.00"));
        refused(bygone, "not_a_party");
        assertThat(shown).contains("maker is west/heir in place of west/maker");
        verified(venture);
    }

    private static Json.Obj startingWith(Json.Obj document, String period) {
        TreeMap<String, Json> members = new TreeMap<>(document.members());
        members.put("starts", Json.text(period));
        return new Json.Obj(members);
    }

    @Test
    @Order(LATE + 6)
    void an_agreement_is_paused_continued_broken_cured_and_ended_and_closed_when_nothing_is_owed_any_more()
            throws Exception {
        Venture venture = agreed(
                "ended",
                "{\"breach\":\"notifier\",\"kind\":\"principal\",\"noticeDays\":0,\"principal\":\"platform\"}",
                Venture.RESERVE);
        String id = venture.id();
        Partner platform = stand().partner(PLATFORM);
        Partner shop = stand().partner(SHOP);

        platform.reports(id, "books", List.of(venture.sale(0, 1, 10_000)));
        goes(platform.asks("agreement", "pause", id, "--reason", "stock taking"));
        clockReaches(venture.month(1) + "-03");
        Ended paused = platform.asks(
                "report",
                id,
                platform.writes("ended-paused", Json.array(List.of(venture.sale(1, 2, 400)))),
                "--source",
                "books");
        goes(platform.asks("agreement", "continue", id));
        platform.reports(id, "books", List.of(venture.sale(1, 2, 400)));
        String cured = named(NOTICE, shop.asks("agreement", "breach", id, "--against", PLATFORM, "--reason", "late"));
        goes(shop.asks("agreement", "cured", id, cured));
        String breach = named(NOTICE, shop.asks("agreement", "breach", id, "--against", PLATFORM));
        Ended tooSoon =
                shop.asks("agreement", "terminate", id, "--last", venture.month(1) + "-28", "--for-breach", breach);
        String due = done(platform.asks("due", "--within", "10d"));
        stand().moveClock("+6d");
        String ended = done(
                shop.asks("agreement", "terminate", id, "--last", venture.month(1) + "-28", "--for-breach", breach));
        clockReaches(venture.month(2) + "-02");
        platform.reports(id, "books", List.of(venture.refund(2, 1, 1_000, "books/0000000001")));
        Ended sold = platform.asks("agreement", "pause", id, "--reason", "too late");
        for (int month = 0; month < 2; month++) {
            platform.declares(id, "books", venture.month(month));
            platform.closes(id, venture.month(month));
        }
        String running = done(platform.asks("agreement", "list", "--state", "run_off"));
        clockReaches(venture.month(3) + "-02");
        platform.declares(id, "books", venture.month(2));
        String last = done(platform.asks("close", id, venture.month(2)));
        Ended over = platform.asks("agreement", "leave", id);
        String shown = done(platform.asks("agreement", "show", id, "--no-text"));

        assertThat(paused.exitCode()).as(paused.output()).isNotZero();
        assertThat(paused.output()).contains("the agreement is paused");
        refused(tooSoon, "cure_running");
        assertThat(due.lines()).anyMatch(line -> line.contains(id) && line.contains("cure"));
        assertThat(ended).contains("is carried", "its last day is " + venture.month(1) + "-28");
        refused(sold, "agreement_in_run_off");
        assertThat(running).contains(id + " ");
        assertThat(last).contains("the agreement is closed");
        refused(over, "agreement_closed");
        assertThat(shown.lines())
                .anyMatch(line -> line.startsWith("agreement " + id + ": closed"))
                .anyMatch(line ->
                        line.matches(".* says that the breach of notice " + cured.substring(0, 12) + " is cured"));
        verified(venture);
    }

    @Test
    @Order(LATE + 7)
    void what_payer_and_payee_agree_on_stands_beside_the_postings_and_says_who_signed_it() throws Exception {
        Venture venture = agreed("adjusted", Venture.UNANIMOUS, Venture.SHARES);
        String id = venture.id();
        String first = venture.month(0);
        String second = venture.month(1);
        Partner platform = stand().partner(PLATFORM);
        Partner shop = stand().partner(SHOP);
        List<String> adjusting = List.of(
                "adjust",
                id,
                "--period",
                first,
                "--payer",
                "platform",
                "--payee",
                "shop",
                "--amount",
                "1250",
                "--reason",
                "error",
                "--text",
                "the list price was wrong",
                "--evidence",
                platform.writes("letter", Json.object().with("price", 1).build()));
        platform.reports(id, "books", List.of(venture.sale(0, 1, 9_000)));
        clockReaches(second + "-02");
        platform.declares(id, "books", first);
        platform.closes(id, first);
        Ended alone = platform.asks(adjusting.toArray(String[]::new));
        String file = stand().file("adjustment.jsonl").toString();
        List<String> unsent = new ArrayList<>(adjusting);
        unsent.addAll(List.of("--unsent", file));
        String written = done(platform.asks(unsent.toArray(String[]::new)));
        Ended tooFew = platform.asks("submit", file);
        String signed = done(shop.asks("sign", file, "--yes"));
        String agreed = done(shop.asks("submit", file));
        String waiting = done(shop.asks("statement", id, second, "--provisional"));
        clockReaches(venture.month(2) + "-02");
        platform.declares(id, "books", second);
        platform.closes(id, second);
        String stated = done(shop.asks("statement", id, second, "--party", "shop"));
        String csv = done(shop.asks("statement", id, second, "--csv", "agreed"));
        String explained = done(shop.asks("explain", id + "/" + second + "/a1"));
        Ended none = shop.asks("explain", id + "/" + second + "/a2");
        String shown = done(shop.asks("agreement", "show", id, "--no-text"));

        refused(alone, "signers_wrong");
        assertThat(written).contains("the other one of payer and payee");
        refused(tooFew, "the other one of payer and payee");
        assertThat(signed).contains("agrees that platform pays shop 1250 minor units for " + first);
        assertThat(agreed).contains("agreed: platform pays shop 1250 minor units, with the settlement of " + second);
        assertThat(List.of(waiting, stated))
                .allSatisfy(text -> assertThat(text.lines())
                        .anyMatch(line -> line.matches("a1 +platform +shop +12\\.50 +" + first
                                + " +error: the list price was wrong +[0-9a-f]{64}")));
        assertThat(stated.lines())
                .anyMatch(line -> line.matches("shop +0\\.00 +0\\.00 +0\\.00 +0\\.00 +12\\.50 +0\\.00 +.*"));
        assertThat(stated).contains("nothing was posted by a clause");
        assertThat(csv.replace("\"", "")).contains(id + "/" + second + "/a1,platform,shop,1250," + first + ",error,");
        assertThat(explained)
                .contains("agreed by both, not computed", "evidence: letter.json, ")
                .contains("   " + PLATFORM + " with the key ", "   " + SHOP + " with the key ");
        refused(none, "1 agreed adjustment, and none of number a2");
        assertThat(shown).contains(PLATFORM + " and " + SHOP, "agree that platform pays shop 12.50 EUR for " + first);
        verified(venture);
    }
}
