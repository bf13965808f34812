package org.tallystick.agreement.life;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One agreement from its first offer until it is closed, and the answer to every instruction.
public final class Life {

    public static final String APPLIED = "applied";

    /// Answers that leave no marker: the clock or another instruction cures the first, nobody signed for the others.
    private static final Set<String> PASSING = Set.of(
            "agreement_offered",
            "agreement_unknown",
            "declare_in_order",
            "event_future",
            "gap",
            "lock_running",
            "motion_unknown",
            "not_accepted_yet",
            "not_closer_yet",
            "not_declared_yet",
            "not_next_period",
            "not_yet_valid",
            "notice_running",
            "notice_unknown",
            "offer_unknown",
            "period_not_over",
            "source_not_begun",
            "too_early",
            "vote_running",
            "id_reused",
            "not_a_party");

    private static final int MOST_WAITING = 49;
    private static final long MOTION_GRACE = 30 * Clock.DAY;
    private static final long OFFER_LASTS = 90 * Clock.DAY;
    private static final long VERSION_LIVES_ON = 7 * Clock.DAY;
    private static final long AHEAD = 14 * 3_600;

    /// A document that was offered or moved.
    static final class Offered {
        final Paper paper;
        final String by;
        final long expires;
        final Optional<String> motion;
        final SortedSet<String> accepted = new TreeSet<>();
        String ended = "";

        Offered(Paper paper, String by, long expires, Optional<String> motion) {
            this.paper = paper;
            this.by = by;
            this.expires = expires;
            this.motion = motion;
        }
    }

    record Adopted(String hash, Paper paper, long at) {}

    /// A notice of a breach.
    static final class Breach {
        final String by;
        final String against;
        final long at;
        boolean cured;

        Breach(String by, String against, long at) {
            this.by = by;
            this.against = against;
            this.at = at;
        }
    }

    private record Marker(String hash, String answer) {}

    /// What the head of the agreement says, and each motion with the votes that stand.
    ///
    /// @param ends nothing where it does not, as all texts
    public record View(
            String state,
            String ends,
            String paused,
            String newest,
            int number,
            String offer,
            String unsettled,
            String at,
            SortedMap<String, String> motions) {
        public static final View NOTHING = new View("none", "", "", "", 0, "", "", "", new TreeMap<>());
    }

    private final String owner;
    private final Map<String, Marker> once = new HashMap<>();
    private final YearMonth opening;

    String state = "none";
    long at;
    String offer = "";
    final Map<String, Offered> offers = new HashMap<>();
    /// Parties of the terms to whom every sale gives a share, beside the hub.
    private static final List<String> EARNING = List.of("a", "b", "c");

    final List<Adopted> versions = new ArrayList<>();
    final SortedMap<String, Moved> motions = new TreeMap<>();
    final SortedMap<String, Breach> breaches = new TreeMap<>();
    Optional<LocalDate> ends = Optional.empty();
    Optional<LocalDate> paused = Optional.empty();
    YearMonth unsettled;

    private final SortedMap<String, Integer> decided = new TreeMap<>();
    long sales;
    private long sourceAt;
    private YearMonth sourceOpen;
    /// The periods in which something is booked.
    private final TreeSet<YearMonth> booked = new TreeSet<>();
    /// What was decided of payments, by the period in which it is booked.
    private final TreeMap<YearMonth, List<Deed.Decision>> payments = new TreeMap<>();

    private final TreeSet<String> suspended = new TreeSet<>();
    /// Who has earned what it was not paid.
    private final TreeSet<String> unpaid = new TreeSet<>();

    /// @param owner with whose name the agreement's begins
    public Life(String owner, YearMonth opening) {
        this.owner = owner;
        this.opening = opening;
        this.unsettled = opening;
        this.sourceOpen = opening;
    }

    /// The answer to this instruction at this time, and what it does.
    public String answer(Asked asked, long t) {
        String marker = asked.party() + " " + asked.id();
        Optional<Marker> before = Optional.ofNullable(once.get(marker));
        if (Clock.day(asked.made()).plusDays(30).compareTo(Clock.day(t)) <= 0) {
            return "expired";
        }
        if (before.isPresent()) {
            return before.get().hash().equals(asked.hash()) ? before.get().answer() : "id_reused";
        }
        if (asked.deed() instanceof Deed.Sale sale && sale.number() <= sales) {
            return "taken";
        }
        String answer = decide(asked, t);
        boolean reported = asked.deed() instanceof Deed.Sale && answer.equals(APPLIED);
        if (!PASSING.contains(answer) && !reported) {
            once.put(marker, new Marker(asked.hash(), answer));
        }
        return answer;
    }

    private String decide(Asked asked, long t) {
        boolean opens = asked.deed() instanceof Deed.Offer && (state.equals("none") || state(t).equals("lapsed"));
        if (state.equals("none") && !opens) {
            return "agreement_unknown";
        }
        if (opens ? !asked.party().equals(owner) : !bound(asked).contains(asked.party())) {
            return "not_a_party";
        }
        if (t < asked.from()) {
            return "not_yet_valid";
        }
        if (t >= asked.until()) {
            return "expired";
        }
        if (t < predecessor(asked.deed())) {
            return "too_early";
        }
        Optional<String> barred = barred(asked.deed(), t);
        if (barred.isPresent()) {
            return barred.get();
        }
        if (!names(asked.deed()) && !current(asked.version(), t)) {
            return "version_wrong";
        }
        return switch (asked.deed()) {
            case Deed.Offer offer -> offer(asked, offer, t);
            case Deed.Counter counter -> counter(asked, counter, t);
            case Deed.Accept accept -> accept(asked, accept, t);
            case Deed.Decline decline -> decline(asked, decline, t);
            case Deed.Withdraw withdraw -> withdraw(asked, withdraw, t);
            case Deed.Amend amend -> amend(asked, amend, t);
            case Deed.Motion motion -> motion(asked, motion, t);
            case Deed.Vote vote -> vote(asked, vote, t);
            case Deed.Execute execute -> execute(asked, execute, t);
            case Deed.Notice notice -> notice(asked, notice, t);
            case Deed.Sale sale -> sale(asked, sale, t);
            case Deed.Declare declare -> declare(asked, declare, t);
            case Deed.Close close -> close(asked, close, t);
        };
    }

    public View view() {
        if (state.equals("none")) {
            return View.NOTHING;
        }
        TreeMap<String, String> open = new TreeMap<>();
        motions.forEach((name, moved) -> {
            TreeMap<String, String> votes = new TreeMap<>();
            moved.ballots.forEach(ballot -> ballot.said.forEach(
                    (constituent, said) -> votes.put(ballot.decisions.getFirst() + " " + constituent, said.choice())));
            open.put(name, (moved.ended.isEmpty() ? "open" : moved.ended) + " " + votes);
        });
        return new View(
                state,
                ends.map(LocalDate::toString).orElse(""),
                paused.map(LocalDate::toString).orElse(""),
                versions.isEmpty() ? "" : versions.getLast().hash(),
                versions.isEmpty() ? 0 : newest().number(),
                offer,
                unsettled.toString(),
                Instant.ofEpochSecond(at).toString(),
                open);
    }

    boolean isDeclared(YearMonth period) {
        return sourceOpen.isAfter(period);
    }

    /// How often each kind of rule carried and lost, and each decision was carried out.
    public SortedMap<String, Integer> decided() {
        return decided;
    }

    private void count(String what) {
        decided.merge(what, 1, Integer::sum);
    }

    // ---- what stands before the act ----

    /// The state at this time: some of it is the clock's.
    public String state(long t) {
        boolean gone = state.equals("offered")
                && t >= Optional.ofNullable(offers.get(offer)).orElseThrow().expires;
        if (gone) {
            return "lapsed";
        }
        boolean over = (state.equals("active") || state.equals("paused"))
                && Clock.day(t).isAfter(last(t));
        return over ? "run-off" : state;
    }

    /// The last day of the agreement, as known at this time.
    LocalDate last(long t) {
        LocalDate byTerm = newest().last(Clock.day(t));
        return ends.filter(day -> day.isBefore(byTerm)).orElse(byTerm);
    }

    Paper newest() {
        return versions.getLast().paper();
    }

    private SortedSet<String> bound(Asked asked) {
        SortedSet<String> all = new TreeSet<>(
                versions.isEmpty()
                        ? Optional.ofNullable(offers.get(offer))
                                .orElseThrow()
                                .paper
                                .bound()
                        : newest().bound());
        Optional<String> named = switch (asked.deed()) {
            case Deed.Accept accept -> Optional.of(accept.version());
            case Deed.Decline decline -> Optional.of(decline.version());
            default -> Optional.empty();
        };
        named.flatMap(version -> Optional.ofNullable(offers.get(version)))
                .filter(document -> document.motion.isPresent())
                .ifPresent(document -> all.addAll(document.paper.bound()));
        return all;
    }

    private long predecessor(Deed deed) {
        Optional<String> motion = switch (deed) {
            case Deed.Vote vote -> Optional.of(vote.motion());
            case Deed.Execute execute -> Optional.of(execute.motion());
            case Deed.Withdraw withdraw -> withdraw.motion().or(() -> motionOf(withdraw.version()));
            case Deed.Accept accept -> motionOf(accept.version());
            case Deed.Decline decline -> motionOf(decline.version());
            default -> Optional.empty();
        };
        if (deed instanceof Deed.Sale || deed instanceof Deed.Declare) {
            return sourceAt;
        }
        long own = motion.flatMap(name -> Optional.ofNullable(motions.get(name)))
                .map(moved -> moved.at)
                .orElse(0L);
        return Math.max(at, own);
    }

    private Optional<String> motionOf(String version) {
        return Optional.ofNullable(offers.get(version)).flatMap(document -> document.motion);
    }

    private Optional<String> barred(Deed deed, long t) {
        boolean negotiates = deed instanceof Deed.Counter
                || deed instanceof Deed.Accept
                || deed instanceof Deed.Decline
                || deed instanceof Deed.Withdraw;
        return switch (state(t)) {
            case "offered" -> {
                if (deed instanceof Deed.Offer) {
                    yield Optional.of("agreement_known");
                }
                yield negotiates ? Optional.empty() : Optional.of("agreement_offered");
            }
            case "lapsed" -> {
                if (negotiates
                        && about(deed).filter(offers::containsKey).isEmpty()
                        && about(deed).isPresent()) {
                    yield Optional.of("offer_unknown");
                }
                if (negotiates
                        && !(deed instanceof Deed.Withdraw(String _, Optional<String> motion) && motion.isPresent())) {
                    yield Optional.of("offer_ended");
                }
                yield deed instanceof Deed.Offer ? Optional.empty() : Optional.of("agreement_lapsed");
            }
            case "closed" -> Optional.of(deed instanceof Deed.Offer ? "agreement_known" : "agreement_closed");
            case "active", "paused", "run-off" ->
                deed instanceof Deed.Offer ? Optional.of("agreement_known") : Optional.empty();
            default -> Optional.empty();
        };
    }

    /// The version that is negotiated.
    private static Optional<String> about(Deed deed) {
        return switch (deed) {
            case Deed.Counter counter -> Optional.of(counter.to());
            case Deed.Accept accept -> Optional.of(accept.version());
            case Deed.Decline decline -> Optional.of(decline.version());
            case Deed.Withdraw withdraw when withdraw.motion().isEmpty() -> Optional.of(withdraw.version());
            default -> Optional.empty();
        };
    }

    /// Whether the act is about the version that it names, and not under it.
    private static boolean names(Deed deed) {
        return switch (deed) {
            case Deed.Offer _, Deed.Counter _, Deed.Amend _, Deed.Accept _, Deed.Decline _ -> true;
            case Deed.Withdraw withdraw -> withdraw.motion().isEmpty();
            default -> false;
        };
    }

    private boolean current(String version, long t) {
        if (versions.isEmpty()) {
            return false;
        }
        if (versions.getLast().hash().equals(version)) {
            return true;
        }
        return versions.size() > 1
                && versions.get(versions.size() - 2).hash().equals(version)
                && t < versions.getLast().at() + VERSION_LIVES_ON;
    }

    // ---- the first version ----

    private String offer(Asked asked, Deed.Offer offer, long t) {
        return first(asked, offer.paper(), offer.hash(), offer.expires(), t);
    }

    private String first(Asked asked, Paper paper, String hash, long expires, long t) {
        if (expires <= t || expires > asked.from() + OFFER_LASTS) {
            return "expires_wrong";
        }
        if (paper.flaw() == Paper.Flaw.FORM) {
            return "document_refused";
        }
        if (paper.number() != 1 || !paper.supersedes().isEmpty()) {
            return "not_first_offer";
        }
        if (paper.flaw() != Paper.Flaw.NONE
                || meansNothing(paper)
                || !paper.starts().equals(opening)) {
            return "document_refused";
        }
        if (!paper.sides().contains(asked.party())) {
            return "not_allowed";
        }
        Offered opened = new Offered(paper, asked.party(), expires, Optional.empty());
        opened.accepted.add(asked.party());
        offers.put(hash, opened);
        offer = hash;
        state = "offered";
        at = t;
        return adopt(hash, opened, t);
    }

    /// What stage 3 of the checks finds that chance brings about.
    private static boolean meansNothing(Paper paper) {
        if (paper.term().renewal().isPresent() && paper.term().until().isEmpty()) {
            return true;
        }
        boolean ill = paper.governing().successors().entrySet().stream()
                .anyMatch(entry -> !paper.parties().containsKey(entry.getKey())
                        || (paper.number() == 1 && entry.getValue().party().equals(paper.party(entry.getKey()))));
        List<Rule> rules = new ArrayList<>(paper.governing().overrides().values());
        rules.add(paper.governing().rule());
        for (Rule rule : rules) {
            if (rule instanceof Rule.Weighted weighted) {
                ill |= !paper.parties().keySet().containsAll(weighted.weights().keySet());
            }
            if (rule instanceof Rule.Board board) {
                List<String> parties = board.seats().values().stream()
                        .map(seat -> paper.party(seat.person()))
                        .toList();
                ill |= board.need() > parties.size() || new TreeSet<>(parties).size() < parties.size();
            }
        }
        return ill;
    }

    private String counter(Asked asked, Deed.Counter counter, long t) {
        Optional<Offered> to = Optional.ofNullable(offers.get(counter.to()));
        if (to.isEmpty()) {
            return "offer_unknown";
        }
        if (!counter.to().equals(offer)) {
            return "offer_ended";
        }
        if (!to.get().paper.sides().contains(asked.party())) {
            return "not_allowed";
        }
        if (counter.hash().equals(counter.to())) {
            return "same_offer";
        }
        String answer = first(asked, counter.paper(), counter.hash(), counter.expires(), t);
        if (answer.equals(APPLIED)) {
            to.get().ended = "countered";
        }
        return answer;
    }

    private String adopt(String hash, Offered document, long t) {
        if (document.accepted.containsAll(document.paper.acceptors())) {
            document.ended = "adopted";
            versions.add(new Adopted(hash, document.paper, t));
            state = "active";
            offer = "";
        }
        return APPLIED;
    }

    private String accept(Asked asked, Deed.Accept accept, long t) {
        Optional<Offered> found = Optional.ofNullable(offers.get(accept.version()));
        if (found.isEmpty()) {
            return "offer_unknown";
        }
        Offered document = found.get();
        if (document.motion.isPresent()) {
            return acceptMotion(asked, accept, document, t);
        }
        if (!accept.version().equals(offer)) {
            return "offer_ended";
        }
        if (!document.paper.acceptors().contains(asked.party())) {
            return "not_allowed";
        }
        if (document.accepted.contains(asked.party())) {
            return "already_accepted";
        }
        if (accept.text() == Deed.Text.WRONG) {
            return "text_wrong";
        }
        document.accepted.add(asked.party());
        at = t;
        return adopt(accept.version(), document, t);
    }

    private String decline(Asked asked, Deed.Decline decline, long t) {
        Optional<Offered> found = Optional.ofNullable(offers.get(decline.version()));
        if (found.isEmpty()) {
            return "offer_unknown";
        }
        Offered document = found.get();
        if (document.motion.isPresent()) {
            return declineMotion(asked, document, t);
        }
        if (!decline.version().equals(offer)) {
            return "offer_ended";
        }
        if (!document.paper.acceptors().contains(asked.party())) {
            return "not_allowed";
        }
        document.ended = "declined";
        state = "lapsed";
        at = t;
        return APPLIED;
    }

    private String withdraw(Asked asked, Deed.Withdraw withdraw, long t) {
        Optional<String> motion = withdraw.motion();
        if (motion.isEmpty()) {
            Optional<Offered> found = Optional.ofNullable(offers.get(withdraw.version()));
            if (found.isEmpty()) {
                return "offer_unknown";
            }
            if (found.get().motion.isEmpty()) {
                return withdraw.version().equals(offer) ? withdrawFirst(asked, found.get(), t) : "offer_ended";
            }
            if (found.get().ended.equals("adopted")) {
                return "offer_ended";
            }
            motion = found.get().motion;
        }
        Optional<Moved> moved = motion.flatMap(name -> Optional.ofNullable(motions.get(name)));
        if (moved.isEmpty()) {
            return "motion_unknown";
        }
        if (moved.get().isEnded(newest(), t)) {
            return "motion_ended";
        }
        if (!moved.get().by.equals(asked.party())) {
            return "not_yours";
        }
        end(moved.get(), "withdrawn", t);
        return APPLIED;
    }

    private String withdrawFirst(Asked asked, Offered document, long t) {
        if (document.by.equals(asked.party())) {
            document.ended = "withdrawn";
            state = "lapsed";
        } else if (!document.accepted.remove(asked.party())) {
            return "not_yours";
        }
        at = t;
        return APPLIED;
    }

    // ---- motions ----

    private String amend(Asked asked, Deed.Amend amend, long t) {
        Paper paper = amend.paper();
        Paper before = newest();
        boolean inAdvance = paper.agreedInAdvance(before);
        boolean mover = before.movers().contains(asked.party());
        boolean named = before.governing().successors().values().stream()
                .anyMatch(successor -> successor.party().equals(asked.party()));
        if (!mover && !(named && amend.decision().equals("succeed"))) {
            return "not_allowed";
        }
        Optional<String> refused = refused(paper, t, true);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<String> classes = paper.changes(before);
        if (!classes.getFirst().equals(amend.decision())) {
            return "class_wrong";
        }
        if (state(t).equals("run-off") && !inRunOff(classes)) {
            return "agreement_in_run_off";
        }
        boolean open = motions.values().stream()
                .anyMatch(moved -> moved.version.equals(Optional.of(amend.hash())) && !moved.isEnded(newest(), t));
        if (open) {
            return "motion_open";
        }
        if (!mover && !(inAdvance && paper.entering(before).contains(asked.party()))) {
            return "not_allowed";
        }
        Map<Rule, List<String>> rules = new LinkedHashMap<>();
        if (inAdvance) {
            for (String name : paper.succeeded(before)) {
                Paper.Successor successor = Optional.ofNullable(
                                before.governing().successors().get(name))
                        .orElseThrow();
                rules.put(new Rule.Objection(name, successor.days()), List.of("succeed"));
            }
        } else {
            classes.forEach(one -> rules.computeIfAbsent(before.governing().of(one), _ -> new ArrayList<>())
                    .add(one));
        }
        if (expiresTooLate(rules, amend.expires(), t)) {
            return "expires_wrong";
        }
        Offered document = new Offered(paper, asked.party(), amend.expires(), Optional.of(asked.hash()));
        document.accepted.add(asked.party());
        offers.put(amend.hash(), document);
        return open(
                asked,
                new Moved(
                        asked.party(),
                        t,
                        amend.expires(),
                        Optional.of(amend.hash()),
                        Optional.empty(),
                        classes,
                        ballots(rules, amend.expires(), t)),
                t);
    }

    private static boolean inRunOff(List<String> classes) {
        return List.of("appoint", "seat", "succeed").containsAll(classes);
    }

    private static boolean expiresTooLate(Map<Rule, List<String>> rules, long expires, long t) {
        long latest = rules.keySet().stream()
                .mapToLong(rule -> t + rule.voteDays() * Clock.DAY + rule.lockSeconds() + rule.noticeSeconds())
                .max()
                .orElse(t);
        return expires <= t || expires > latest + MOTION_GRACE;
    }

    private List<Ballot> ballots(Map<Rule, List<String>> rules, long expires, long t) {
        List<Ballot> ballots = new ArrayList<>();
        rules.forEach((rule, classes) -> ballots.add(new Ballot(classes, rule, newest(), t, expires)));
        return ballots;
    }

    /// What is wrong with a document that is to follow the newest: when it is moved, and when it is carried out.
    private Optional<String> refused(Paper paper, long t, boolean moved) {
        if (moved && paper.flaw() == Paper.Flaw.FORM) {
            return Optional.of("document_refused");
        }
        if (paper.number() != newest().number() + 1
                || !paper.supersedes().equals(versions.getLast().hash())) {
            return Optional.of("supersedes_wrong");
        }
        if (moved && (paper.flaw() != Paper.Flaw.NONE || meansNothing(paper))) {
            return Optional.of("document_refused");
        }
        boolean unbound =
                !paper.parties().keySet().containsAll(newest().parties().keySet());
        boolean breaksTerms = paper.terms() != newest().terms() && paper.terms() != newest().terms() + 1;
        boolean endsBefore = !paper.term().equals(newest().term())
                && paper.last(Clock.day(t)).isBefore(Clock.day(t));
        boolean tooSoon = paper.starts().isBefore(unsettled)
                || (paper.terms() != newest().terms()
                        && paper.starts().atDay(1).isBefore(Clock.day(t).plusDays(2)));
        return unbound || breaksTerms || endsBefore || tooSoon ? Optional.of("document_refused") : Optional.empty();
    }

    private String motion(Asked asked, Deed.Motion motion, long t) {
        Deed.Decision decision = motion.decision();
        if (!newest().movers().contains(asked.party())) {
            return "not_allowed";
        }
        Optional<String> impossible = impossible(decision, t);
        if (impossible.isPresent()) {
            return impossible.get();
        }
        boolean alone = newest().governing().notifier()
                && decision.breach()
                && breach(decision).orElseThrow().by.equals(asked.party());
        Map<Rule, List<String>> rules =
                alone ? Map.of() : Map.of(newest().governing().of(decision.kind()), List.of(decision.kind()));
        if (expiresTooLate(rules, motion.expires(), t)) {
            return "expires_wrong";
        }
        return open(
                asked,
                new Moved(
                        asked.party(),
                        t,
                        motion.expires(),
                        Optional.empty(),
                        Optional.of(decision),
                        List.of(decision.kind()),
                        ballots(rules, motion.expires(), t)),
                t);
    }

    private Optional<Breach> breach(Deed.Decision decision) {
        return decision.notice()
                .flatMap(name -> Optional.ofNullable(breaches.get(name)))
                .filter(breach -> !breach.cured);
    }

    private Optional<String> uncured(Deed.Decision decision, long t) {
        if (!decision.breach()) {
            return Optional.empty();
        }
        Optional<Breach> breach = breach(decision);
        if (breach.isEmpty()) {
            return Optional.of("notice_missing");
        }
        return t < breach.get().at + newest().term().cureDays() * Clock.DAY
                ? Optional.of("cure_running")
                : Optional.empty();
    }

    /// Why a decision cannot be carried out as things are.
    private Optional<String> impossible(Deed.Decision decision, long t) {
        boolean ofPayments = decision.party().isPresent();
        if (state(t).equals("run-off") && !ofPayments) {
            return Optional.of("agreement_in_run_off");
        }
        return switch (decision.kind()) {
            case "pause" -> paused.map(_ -> "agreement_paused");
            case "continue" -> paused.isPresent() ? Optional.empty() : Optional.of("agreement_not_paused");
            case "terminate" -> {
                LocalDate last = decision.last().orElseThrow();
                yield last.isBefore(Clock.day(t)) || !last.isBefore(last(t))
                        ? Optional.of("decision_wrong")
                        : uncured(decision, t);
            }
            default -> {
                String party = decision.party().orElseThrow();
                yield party.equals("platform") || !newest().parties().containsKey(party)
                        ? Optional.of("decision_wrong")
                        : Optional.empty();
            }
        };
    }

    /// With the mover's yes.
    private String open(Asked asked, Moved moved, long t) {
        motions.put(asked.hash(), moved);
        for (Ballot ballot : moved.ballots) {
            if (sameHolder(ballot, asked).isEmpty()) {
                say(ballot, asked, "yes");
            }
        }
        settle(moved, t);
        return APPLIED;
    }

    private void say(Ballot ballot, Asked asked, String choice) {
        for (String voice : ballot.voices(newest(), asked.party(), asked.holder())) {
            if (choice.equals("none")) {
                ballot.said.remove(voice);
            } else {
                ballot.said.put(voice, new Ballot.Said(asked.party(), choice, asked.holder()));
            }
        }
    }

    /// Another seat on which the same party has voted, or a key of the same person.
    private Optional<String> sameHolder(Ballot ballot, Asked asked) {
        if (!(ballot.rule instanceof Rule.Board)) {
            return Optional.empty();
        }
        String member = asked.party().substring(0, asked.party().indexOf('/'));
        List<String> own = ballot.voices(newest(), asked.party(), asked.holder());
        return own.isEmpty()
                ? Optional.empty()
                : ballot.said.entrySet().stream()
                        .filter(entry -> !own.contains(entry.getKey()))
                        .filter(entry -> {
                            Ballot.Said said = entry.getValue();
                            boolean samePerson = !asked.holder().isEmpty()
                                    && said.holder().equals(asked.holder())
                                    && said.member().equals(member);
                            return samePerson || said.by().equals(asked.party());
                        })
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    private String vote(Asked asked, Deed.Vote vote, long t) {
        Optional<Moved> found = Optional.ofNullable(motions.get(vote.motion()));
        if (found.isEmpty()) {
            return "motion_unknown";
        }
        return vote(asked, found.get(), vote.choice(), t);
    }

    private String vote(Asked asked, Moved moved, String choice, long t) {
        if (moved.isEnded(newest(), t)) {
            return "motion_ended";
        }
        List<Ballot> own = moved.ballots.stream()
                .filter(ballot ->
                        !ballot.voices(newest(), asked.party(), asked.holder()).isEmpty())
                .toList();
        if (own.isEmpty()) {
            return "no_vote";
        }
        List<Ballot> open = own.stream()
                .filter(ballot -> choice.equals("none") || !ballot.over(t))
                .toList();
        if (open.isEmpty()) {
            return "motion_ended";
        }
        boolean same = open.stream()
                .allMatch(ballot -> ballot.voices(newest(), asked.party(), asked.holder()).stream()
                        .allMatch(voice -> Optional.ofNullable(ballot.said.get(voice))
                                .map(Ballot.Said::choice)
                                .orElse("none")
                                .equals(choice)));
        if (same) {
            return "same_vote";
        }
        if (!choice.equals("none")
                && open.stream().anyMatch(ballot -> sameHolder(ballot, asked).isPresent())) {
            return "same_holder";
        }
        open.forEach(ballot -> say(ballot, asked, choice));
        moved.at = t;
        if (!choice.equals("none")) {
            settle(moved, t);
        }
        return APPLIED;
    }

    private String acceptMotion(Asked asked, Deed.Accept accept, Offered document, long t) {
        Moved moved =
                Optional.ofNullable(motions.get(document.motion.orElseThrow())).orElseThrow();
        if (moved.ended.equals("carried")) {
            return "offer_ended";
        }
        if (moved.isEnded(newest(), t)) {
            return "motion_ended";
        }
        boolean enters = entering(document).contains(asked.party());
        List<Ballot> own = moved.ballots.stream()
                .filter(ballot ->
                        !ballot.voices(newest(), asked.party(), asked.holder()).isEmpty())
                .toList();
        if (!enters && own.isEmpty()) {
            return "not_allowed";
        }
        List<Ballot> open = own.stream().filter(ballot -> !ballot.over(t)).toList();
        boolean accepts = enters && !document.accepted.contains(asked.party());
        boolean votes = open.stream().anyMatch(ballot -> !saidYes(ballot, asked));
        if (!accepts && !votes) {
            boolean said = enters || !open.isEmpty() || own.stream().allMatch(ballot -> saidYes(ballot, asked));
            return said ? "already_accepted" : "motion_ended";
        }
        if (accept.text() == Deed.Text.WRONG) {
            return "text_wrong";
        }
        if (!votes) {
            open = List.of();
        }
        if (open.stream().anyMatch(ballot -> sameHolder(ballot, asked).isPresent())) {
            return "same_holder";
        }
        open.forEach(ballot -> say(ballot, asked, "yes"));
        document.accepted.add(asked.party());
        moved.at = t;
        settle(moved, t);
        return APPLIED;
    }

    /// Who enters with an amendment, beside the version that it follows.
    private SortedSet<String> entering(Offered document) {
        return versions.stream()
                .filter(version -> version.hash().equals(document.paper.supersedes()))
                .map(version -> document.paper.entering(version.paper()))
                .findFirst()
                .orElseThrow();
    }

    private boolean saidYes(Ballot ballot, Asked asked) {
        return ballot.voices(newest(), asked.party(), asked.holder()).stream()
                .allMatch(voice -> Optional.ofNullable(ballot.said.get(voice))
                        .filter(word -> word.choice().equals("yes"))
                        .isPresent());
    }

    private String declineMotion(Asked asked, Offered document, long t) {
        Moved moved =
                Optional.ofNullable(motions.get(document.motion.orElseThrow())).orElseThrow();
        if (moved.ended.equals("carried")) {
            return "offer_ended";
        }
        if (moved.isEnded(newest(), t)) {
            return "motion_ended";
        }
        if (entering(document).contains(asked.party())) {
            end(moved, "lost", t);
            return APPLIED;
        }
        String answer = vote(asked, moved, "no", t);
        return answer.equals("no_vote") ? "not_allowed" : answer;
    }

    private void end(Moved moved, String how, long t) {
        moved.ended = how;
        moved.at = t;
    }

    /// What a motion, a vote or an acceptance brings about.
    private void settle(Moved moved, long t) {
        for (Ballot ballot : moved.ballots) {
            switch (ballot.standing(newest(), t)) {
                case LOST -> {
                    // One that was decided is only not carried, until its motion expires.
                    if (ballot.decided.isEmpty()) {
                        count(ballot.rule.kind() + " lost");
                        end(moved, "lost", t);
                        return;
                    }
                }
                case CARRIED -> {
                    if (!ballot.waits()) {
                        ballot.decided = ballot.decided.or(() -> Optional.of(t));
                    }
                }
                case OPEN -> {}
            }
        }
        if (blocked(moved, t).isEmpty()) {
            conclude(moved, carryOut(moved, t).isEmpty() ? "carried" : "failed", t);
        }
    }

    private void conclude(Moved moved, String how, long t) {
        moved.ballots.forEach(ballot -> count(ballot.rule.kind() + " " + how));
        moved.classes.forEach(one -> count(one + " " + how));
        end(moved, how, t);
    }

    /// Why a motion is not carried out yet.
    private Optional<String> blocked(Moved moved, long t) {
        for (Ballot ballot : moved.ballots) {
            boolean carried = ballot.standing(newest(), t) == Ballot.Standing.CARRIED;
            if (!carried && t < ballot.deadline && ballot.decided.isEmpty()) {
                return Optional.of("vote_running");
            }
            if (!carried) {
                count(ballot.rule.kind() + " not carried");
                return Optional.of("not_carried");
            }
            long since = ballot.rule instanceof Rule.Weighted ? ballot.deadline : ballot.decided.orElse(t);
            if (t < since + ballot.rule.lockSeconds()) {
                return Optional.of("lock_running");
            }
            if (t < since + ballot.rule.noticeSeconds()) {
                return Optional.of("notice_running");
            }
        }
        if (moved.version.isPresent()) {
            Offered document =
                    Optional.ofNullable(offers.get(moved.version.get())).orElseThrow();
            if (!document.accepted.containsAll(entering(document))) {
                return Optional.of("not_accepted_yet");
            }
        }
        return Optional.empty();
    }

    private String execute(Asked asked, Deed.Execute execute, long t) {
        if (!newest().sides().contains(asked.party())) {
            return "not_allowed";
        }
        Optional<Moved> found = Optional.ofNullable(motions.get(execute.motion()));
        if (found.isEmpty()) {
            return "motion_unknown";
        }
        Moved moved = found.get();
        if (moved.isEnded(newest(), t)) {
            return "motion_ended";
        }
        Optional<String> answer = blocked(moved, t).or(() -> carryOut(moved, t));
        if (answer.isEmpty()) {
            conclude(moved, "carried", t);
        }
        return answer.orElse(APPLIED);
    }

    /// Carries a decision out, or says why that cannot be done any more.
    private Optional<String> carryOut(Moved moved, long t) {
        if (moved.version.isPresent()) {
            Offered document =
                    Optional.ofNullable(offers.get(moved.version.get())).orElseThrow();
            Optional<String> refused = refused(document.paper, t, false);
            if (refused.isPresent()) {
                return refused;
            }
            if (state(t).equals("run-off") && !inRunOff(moved.classes)) {
                return Optional.of("agreement_in_run_off");
            }
            boolean allWait = versions.size() > MOST_WAITING
                    && versions.subList(versions.size() - MOST_WAITING, versions.size()).stream()
                            .allMatch(version -> version.paper().starts().isAfter(unsettled));
            if (allWait) {
                return Optional.of("too_many_versions");
            }
            document.ended = "adopted";
            versions.add(new Adopted(moved.version.get(), document.paper, t));
            if (moved.classes.contains("extend")) {
                ends = Optional.empty();
            }
            at = t;
            return Optional.empty();
        }
        Deed.Decision decision = moved.decision.orElseThrow();
        Optional<String> impossible = impossible(decision, t);
        if (impossible.isPresent()) {
            return impossible;
        }
        switch (decision.kind()) {
            case "pause" -> {
                paused = Optional.of(Clock.day(t));
                state = "paused";
            }
            case "continue" -> {
                paused = Optional.empty();
                state = "active";
            }
            case "terminate" -> ends = decision.last();
            case "suspend", "resume" ->
                payments.computeIfAbsent(unsettled, _ -> new ArrayList<>()).add(decision);
            default -> throw new IllegalStateException(decision.kind());
        }
        at = t;
        return Optional.empty();
    }

    // ---- notices ----

    private String notice(Asked asked, Deed.Notice notice, long t) {
        Paper newest = newest();
        LocalDate day = Clock.day(t);
        if (!newest.sides().contains(asked.party())) {
            return "not_allowed";
        }
        if (state(t).equals("run-off") && !notice.kind().equals("cured")) {
            return "agreement_in_run_off";
        }
        switch (notice.kind()) {
            case "leave" -> {
                if (newest.term().leaveDays().isEmpty()) {
                    return "notice_not_agreed";
                }
                LocalDate least =
                        day.plusDays(Math.max(1, newest.term().leaveDays().getAsInt()));
                LocalDate end = least.getDayOfMonth() == 1
                        ? least
                        : YearMonth.from(least).plusMonths(1).atDay(1);
                return end(end.minusDays(1), t);
            }
            case "no-renewal" -> {
                if (newest.term().renewal().isEmpty()) {
                    return "notice_not_agreed";
                }
                LocalDate until = newest.until(day).orElseThrow();
                boolean inTime = !day.isAfter(
                        until.minusDays(newest.term().renewal().get().noticeDays()));
                LocalDate end = inTime ? until : newest.untilAfter(until).orElse(until);
                return end(end.minusDays(1), t);
            }
            case "breach" -> {
                String against = notice.against().orElseThrow();
                if (against.equals(asked.party()) || !newest.sides().contains(against)) {
                    return "not_other_side";
                }
                breaches.put(asked.hash(), new Breach(asked.party(), against, t));
                return APPLIED;
            }
            default -> {
                Optional<Breach> breach = notice.notice().flatMap(name -> Optional.ofNullable(breaches.get(name)));
                if (breach.isEmpty()) {
                    return "notice_unknown";
                }
                if (!breach.get().by.equals(asked.party())) {
                    return "not_yours";
                }
                if (breach.get().cured) {
                    return "notice_ended";
                }
                breach.get().cured = true;
                return APPLIED;
            }
        }
    }

    private String end(LocalDate end, long t) {
        boolean anyway = !newest().last(end.plusDays(1)).isAfter(end);
        if (anyway || ends.filter(before -> !end.isBefore(before)).isPresent()) {
            return "notice_ended";
        }
        ends = Optional.of(end);
        at = t;
        return APPLIED;
    }

    // ---- sales and closes ----

    private String sale(Asked asked, Deed.Sale sale, long t) {
        if (!asked.party().equals(newest().party("platform"))) {
            return "not_owner";
        }
        if (Clock.day(t + AHEAD).isBefore(opening.atDay(1))) {
            return "source_not_begun";
        }
        if (sale.number() > sales + 1) {
            return "gap";
        }
        boolean barred = sale.date().isBefore(opening.atDay(1))
                || sale.date().isAfter(last(t))
                || paused.filter(day -> !sale.date().isBefore(day)).isPresent();
        if (barred) {
            return "events_refused";
        }
        if (sale.date().isAfter(Clock.day(t + AHEAD))) {
            return "event_future";
        }
        YearMonth first = sourceOpen.isAfter(unsettled) ? sourceOpen : unsettled;
        YearMonth own = YearMonth.from(sale.date());
        YearMonth period = own.isAfter(first) ? own : first;
        booked.add(period);
        sourceAt = t;
        sales = sale.number();
        return APPLIED;
    }

    private String declare(Asked asked, Deed.Declare declare, long t) {
        YearMonth period = declare.period();
        YearMonth open = sourceOpen.isAfter(unsettled) ? sourceOpen : unsettled;
        if (!asked.party().equals(newest().party("platform"))) {
            return "not_owner";
        }
        if (period.isBefore(unsettled)) {
            return "period_settled";
        }
        if (period.isBefore(open)) {
            return "already_declared";
        }
        if (period.isAfter(open)) {
            return "declare_in_order";
        }
        if (period.plusMonths(1).atDay(1).isAfter(Clock.day(t))) {
            return "period_not_over";
        }
        sourceOpen = period.plusMonths(1);
        sourceAt = t;
        return APPLIED;
    }

    private String close(Asked asked, Deed.Close close, long t) {
        YearMonth period = close.period();
        if (!newest().sides().contains(asked.party())) {
            return "not_allowed";
        }
        if (period.isBefore(unsettled)) {
            return "period_settled";
        }
        if (period.isAfter(unsettled)) {
            return "not_next_period";
        }
        LocalDate end = period.plusMonths(1).atDay(1);
        if (end.isAfter(Clock.day(t))) {
            return "period_not_over";
        }
        boolean hub = asked.party().equals(newest().party("platform"));
        if (!hub && t < Clock.start(end.plusDays(20))) {
            return "not_closer_yet";
        }
        if (!sourceOpen.isAfter(period)) {
            return "not_declared_yet";
        }
        unsettled = period.plusMonths(1);
        at = t;
        close(period, t);
        return APPLIED;
    }

    /// What is sold is paid, but to whom payments are suspended: that stands open, and so does the agreement.
    private void close(YearMonth period, long t) {
        for (Deed.Decision decision : payments.getOrDefault(period, List.of())) {
            String party = decision.party().orElseThrow();
            boolean _ = decision.kind().equals("suspend") ? suspended.add(party) : suspended.remove(party);
        }
        if (booked.contains(period)) {
            unpaid.addAll(EARNING);
        }
        unpaid.retainAll(suspended);
        if (!state(t).equals("run-off")) {
            return;
        }
        YearMonth over = YearMonth.from(last(t)).plusMonths(newest().term().runOffPeriods());
        if (!period.isBefore(over) && booked.tailSet(period, false).isEmpty() && unpaid.isEmpty()) {
            state = "closed";
        }
    }
}
