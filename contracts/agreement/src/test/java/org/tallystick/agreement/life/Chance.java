package org.tallystick.agreement.life;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Draws a history: mostly what the parties would do next, and a third of it wrong in one way or another.
///
/// @param <S> an instruction as it is sent
public final class Chance<S> {

    private static final List<String> PARTIES = List.of(
            "north/platform",
            "east/ana",
            "east/ben",
            "west/cleo",
            "west/dora",
            "east/second",
            "south/eli",
            "south/fay");
    private static final String HUB = "north/platform";
    private static final String NOWHERE = "0".repeat(64);
    private static final long HOUR = 3_600;
    private static final YearMonth OPENING = YearMonth.of(2026, 1);
    private static final List<String> DECISIONS = List.of(
            "govern",
            "seat",
            "admit",
            "succeed",
            "terms",
            "extend",
            "appoint",
            "pause",
            "continue",
            "terminate",
            "suspend",
            "resume");

    /// Makes an instruction of a deed.
    public interface Pen<S> {

        /// @param number the id is made of it and of the time it is made
        S signed(String party, long number, String version, long made, long from, long until, Deed deed);
    }

    /// What goes into one transaction.
    public record Sent<S>(long at, List<S> instructions) {}

    private record Made<S>(S signed, long number) {}

    private final Random random;
    private final Pen<S> pen;
    private final Function<S, Asked> asked;
    private final Function<Paper, String> hash;
    private final Life life = new Life(HUB, OPENING);
    private final List<Made<S>> made = new ArrayList<>();
    private long now = Clock.start(LocalDate.of(2026, 1, 1)) - 9 * HOUR;
    private long numbers;

    public Chance(long seed, Pen<S> pen, Function<S, Asked> asked, Function<Paper, String> hash) {
        this.random = new Random(seed);
        this.pen = pen;
        this.asked = asked;
        this.hash = hash;
    }

    public Life life() {
        return life;
    }

    private boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String anybody() {
        return one(PARTIES);
    }

    // ---- when ----

    /// The next transaction.
    public Sent<S> next() {
        passTime();
        long at = once(25) ? now - random.nextInt(3 * (int) Clock.DAY) : now;
        List<S> together = new ArrayList<>();
        int count = once(7) ? 2 + random.nextInt(2) : 1;
        for (int i = 0; i < count; i++) {
            Made<S> next = instruction(at);
            Deed deed = asked.apply(next.signed()).deed();
            boolean alone = deed instanceof Deed.Offer
                    || deed instanceof Deed.Counter
                    || deed instanceof Deed.Amend
                    || deed instanceof Deed.Close
                    || deed instanceof Deed.Sale
                    || deed instanceof Deed.Declare;
            if (alone && !together.isEmpty()) {
                break;
            }
            made.add(next);
            together.add(next.signed());
            if (alone) {
                break;
            }
        }
        return new Sent<>(at, together);
    }

    private void passTime() {
        List<Long> moments = moments();
        if (!moments.isEmpty() && once(5)) {
            now = Math.max(now, one(moments) + random.nextInt(3) - 1);
            return;
        }
        now += switch (random.nextInt(life.versions.isEmpty() ? 9 : 16)) {
            case 0, 1, 2 -> 0;
            case 3, 4, 5, 6, 7, 8 -> random.nextInt((int) (12 * HOUR));
            case 9, 10, 11, 12 -> random.nextInt((int) (2 * Clock.DAY));
            case 13, 14 -> random.nextInt((int) (12 * Clock.DAY));
            default -> random.nextInt((int) (45 * Clock.DAY));
        };
    }

    /// The seconds still to come at which something changes by itself.
    private List<Long> moments() {
        List<Long> all = new ArrayList<>();
        life.offers.values().forEach(document -> all.add(document.expires));
        life.motions.values().stream().filter(moved -> moved.ended.isEmpty()).forEach(moved -> {
            all.add(moved.expires);
            moved.ballots.forEach(ballot -> {
                all.add(ballot.deadline);
                long since = ballot.decided.orElse(ballot.deadline);
                all.add(since + ballot.rule.lockSeconds());
                all.add(since + ballot.rule.noticeSeconds());
            });
        });
        life.breaches
                .values()
                .forEach(breach -> all.add(breach.at + life.newest().term().cureDays() * Clock.DAY));
        if (!life.versions.isEmpty()) {
            all.add(life.versions.getLast().at() + 7 * Clock.DAY);
            LocalDate last = life.last(now);
            if (last.isBefore(LocalDate.of(2030, 1, 1))) {
                all.add(Clock.start(last.plusDays(1)));
            }
        }
        all.removeIf(moment -> moment <= now || moment > now + 60 * Clock.DAY);
        return all;
    }

    // ---- who signs what ----

    private record Intent(String party, Deed deed) {}

    private Made<S> instruction(long at) {
        if (!made.isEmpty() && once(30)) {
            return one(made);
        }
        Intent intent = intent(at);
        String party = once(12) ? anybody() : intent.party();
        long number = ++numbers;
        long from = at - random.nextInt(600);
        long until = from + Clock.DAY;
        long when = from;
        switch (random.nextInt(60)) {
            case 0 -> {
                from = at + 1 + random.nextInt(600);
                until = from + HOUR;
            }
            case 1 -> {
                when = at - 5 * Clock.DAY;
                from = when;
                until = once(2) ? at : at - random.nextInt((int) Clock.DAY);
            }
            case 2 -> {
                when = at - (29 + random.nextInt(3)) * Clock.DAY;
                from = when;
                until = from + 7 * Clock.DAY;
            }
            case 3 -> {
                List<Made<S>> own = made.stream()
                        .filter(one -> asked.apply(one.signed()).party().equals(party))
                        .toList();
                if (!own.isEmpty()) {
                    Made<S> before = one(own);
                    number = before.number();
                    when = asked.apply(before.signed()).made();
                    from = when;
                    until = from + 7 * Clock.DAY;
                }
            }
            default -> {}
        }
        return new Made<>(pen.signed(party, number, version(intent.deed()), when, from, until, intent.deed()), number);
    }

    private String version(Deed deed) {
        return switch (deed) {
            case Deed.Offer offer -> offer.hash();
            case Deed.Counter counter -> counter.hash();
            case Deed.Amend amend -> amend.hash();
            case Deed.Accept accept -> accept.version();
            case Deed.Decline decline -> decline.version();
            case Deed.Withdraw withdraw when withdraw.motion().isEmpty() -> withdraw.version();
            default -> {
                if (life.versions.isEmpty() || once(40)) {
                    yield NOWHERE;
                }
                boolean before = life.versions.size() > 1 && once(8);
                yield life.versions.get(life.versions.size() - (before ? 2 : 1)).hash();
            }
        };
    }

    private Intent intent(long at) {
        return switch (life.state(at)) {
            case "none", "lapsed" -> {
                Intent other = once(2) ? negotiation(at) : decided(at);
                yield once(6) ? other : offer(at);
            }
            case "offered" -> once(20) ? decided(at) : negotiation(at);
            case "run-off" -> once(3) ? month() : decided(at);
            default -> once(30) ? negotiation(at) : decided(at);
        };
    }

    // ---- the first version ----

    private Intent offer(long at) {
        Paper paper = paper();
        return new Intent(HUB, new Deed.Offer(paper, hash.apply(paper), expires(at)));
    }

    private long expires(long at) {
        return switch (random.nextInt(20)) {
            case 0 -> at;
            case 1 -> at + 91 * Clock.DAY;
            case 2, 3 -> at + 1 + random.nextInt((int) Clock.DAY);
            default -> at + 15 * Clock.DAY + random.nextInt((int) (60 * Clock.DAY));
        };
    }

    private Intent negotiation(long at) {
        List<String> known = List.copyOf(new TreeSet<>(life.offers.keySet()));
        String about =
                once(8) || life.offer.isEmpty() ? (known.isEmpty() || once(20) ? NOWHERE : one(known)) : life.offer;
        Optional<Life.Offered> document = Optional.ofNullable(life.offers.get(about));
        List<String> sides =
                document.map(found -> List.copyOf(found.paper.acceptors())).orElse(PARTIES);
        return switch (random.nextInt(24)) {
            case 0 -> {
                Paper paper = once(5) ? document.map(found -> found.paper).orElseGet(this::paper) : paper();
                yield new Intent(one(sides), new Deed.Counter(paper, hash.apply(paper), expires(at), about));
            }
            case 1 -> once(3) ? new Intent(one(sides), new Deed.Decline(about)) : offer(at);
            case 2 -> new Intent(one(sides), new Deed.Withdraw(about, Optional.empty()));
            default -> {
                List<String> lacking = sides.stream()
                        .filter(side -> document.filter(found -> found.accepted.contains(side))
                                .isEmpty())
                        .toList();
                yield new Intent(one(lacking.isEmpty() ? sides : lacking), new Deed.Accept(about, text(about)));
            }
        };
    }

    private Deed.Text text(String version) {
        if (once(12)) {
            return Deed.Text.WRONG;
        }
        return life.offers.containsKey(version) && once(2) ? Deed.Text.RIGHT : Deed.Text.UNSAID;
    }

    // ---- documents ----

    private Paper paper() {
        TreeMap<String, String> parties =
                new TreeMap<>(Map.of("a", "east/ana", "b", "east/ben", "c", "west/cleo", "platform", HUB));
        if (once(6)) {
            parties.put("d", "west/dora");
        }
        SortedSet<String> mustAccept = new TreeSet<>();
        String arbiter = once(3) ? "south/eli" : "";
        if (!arbiter.isEmpty() && once(2)) {
            mustAccept.add(arbiter);
        }
        Paper paper = new Paper(
                once(30) ? 2 : 1,
                "",
                parties,
                governing(parties),
                mustAccept,
                term(),
                1,
                once(40) ? OPENING.plusMonths(1) : OPENING,
                arbiter,
                title(),
                flaw());
        return paper.number() == 1 ? paper : following(paper, NOWHERE);
    }

    private static Paper following(Paper paper, String supersedes) {
        return new Paper(
                paper.number(),
                supersedes,
                paper.parties(),
                paper.governing(),
                paper.mustAccept(),
                paper.term(),
                paper.terms(),
                paper.starts(),
                paper.arbiter(),
                paper.title(),
                paper.flaw());
    }

    private String title() {
        return "Draft " + random.nextInt(1_000);
    }

    private Paper.Flaw flaw() {
        return switch (random.nextInt(60)) {
            case 0 -> Paper.Flaw.FORM;
            case 1 -> Paper.Flaw.PERSON;
            default -> Paper.Flaw.NONE;
        };
    }

    private Paper.Term term() {
        Optional<LocalDate> until = once(4)
                ? Optional.empty()
                : Optional.of(LocalDate.of(2026, 3, 1).plusDays(random.nextInt(400)));
        Optional<Paper.Renewal> renewal =
                until.isPresent() ? Optional.of(renewal()).filter(_ -> once(2)) : Optional.empty();
        return new Paper.Term(
                until,
                renewal,
                once(3) ? OptionalInt.empty() : OptionalInt.of(one(List.of(0, 1, 20, 90))),
                one(List.of(0, 3, 10, 30)),
                random.nextInt(3));
    }

    private Paper.Renewal renewal() {
        return new Paper.Renewal(
                1 + random.nextInt(6),
                one(List.of(0, 10, 40, 200)),
                once(2) ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(3)));
    }

    private Paper.Governing governing(SortedMap<String, String> parties) {
        TreeMap<String, Rule> overrides = new TreeMap<>();
        Rule rule = rule(parties);
        for (int i = random.nextInt(5); i > 0; i--) {
            overrides.put(one(DECISIONS), once(4) ? rule : rule(parties));
        }
        TreeSet<String> movers = new TreeSet<>();
        if (once(5)) {
            movers.add("platform");
            movers.add(one(List.of("a", "b", "south/eli")));
        }
        TreeMap<String, Paper.Successor> successors = new TreeMap<>();
        if (once(2)) {
            successors.put("b", new Paper.Successor(one(List.of("west/dora", "east/second")), 1 + random.nextInt(20)));
        }
        if (once(5)) {
            successors.put("c", new Paper.Successor(one(List.of("west/dora", "east/ana")), 1 + random.nextInt(20)));
        }
        return new Paper.Governing(rule, overrides, movers, once(3), successors);
    }

    private int voteDays() {
        return one(List.of(1, 5, 10, 30));
    }

    private Rule rule(SortedMap<String, String> parties) {
        List<String> bound = List.copyOf(parties.keySet());
        return switch (random.nextInt(7)) {
            case 0 -> new Rule.Unanimous(voteDays());
            case 1 ->
                new Rule.Principal(one(List.of("platform", "a", "south/eli")), one(List.of(0, 0, 2, 9)), voteDays());
            case 2, 3 -> {
                TreeMap<String, Integer> weights = new TreeMap<>();
                for (String party : bound) {
                    if (!once(5)) {
                        weights.put(party, 1 + random.nextInt(5));
                    }
                }
                if (weights.isEmpty()) {
                    weights.put("a", 1);
                }
                yield new Rule.Weighted(
                        weights, one(List.of(1, 50, 70)), one(List.of(50, 67, 100)), one(List.of(0, 24)), voteDays());
            }
            default -> {
                List<String> persons = new ArrayList<>(List.of("platform", "a", "b", "c", "south/eli", "east/second"));
                Collections.shuffle(persons, random);
                int seats = 2 + random.nextInt(4);
                TreeMap<String, Rule.Seat> board = new TreeMap<>();
                for (int i = 0; i < seats; i++) {
                    board.put("s" + (i + 1), new Rule.Seat(persons.get(i), holder(persons.get(i))));
                }
                if (once(40)) {
                    board.put("s9", new Rule.Seat(persons.getFirst(), ""));
                }
                int need = once(40) ? seats + 2 : 1 + random.nextInt(seats);
                yield new Rule.Board(board, need, one(List.of(0, 0, 24, 72)), voteDays());
            }
        };
    }

    /// Mostly the one whose key it is.
    private String holder(String person) {
        if (once(3)) {
            return "";
        }
        if (once(12)) {
            return "zoe";
        }
        return switch (person) {
            case "platform" -> "pat";
            case "a", "east/second" -> "ann";
            case "b" -> "ben";
            default -> "";
        };
    }

    // ---- what an agreement in force decides ----

    private Intent decided(long at) {
        if (life.versions.isEmpty()) {
            return new Intent(anybody(), new Deed.Vote(NOWHERE, "yes"));
        }
        return switch (random.nextInt(30)) {
            case 0, 1, 2, 3 -> amendment(at);
            case 4, 5, 6 -> motion(at);
            case 7, 8 -> notice();
            case 9, 10 -> acceptance(at);
            case 11 -> withdrawal();
            case 12, 13, 14 -> execution(at);
            case 15 -> sale(at);
            case 16, 17 -> month();
            default -> vote(at);
        };
    }

    private String mover() {
        return one(List.copyOf(life.newest().movers()));
    }

    private Intent amendment(long at) {
        Paper before = life.newest();
        if (once(15)) {
            List<String> known = life.offers.entrySet().stream()
                    .filter(entry -> entry.getValue().motion.isPresent())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            if (!known.isEmpty()) {
                String again = one(known);
                Paper paper = Optional.ofNullable(life.offers.get(again)).orElseThrow().paper;
                return new Intent(
                        mover(),
                        new Deed.Amend(paper, again, paper.changes(before).getFirst(), lapses(at)));
            }
        }
        TreeMap<String, Paper.Successor> named =
                new TreeMap<>(before.governing().successors());
        Paper paper = changed(before, at);
        String party = mover();
        if (!named.isEmpty() && once(5)) {
            String succeeded = one(List.copyOf(named.keySet()));
            String successor =
                    Optional.ofNullable(named.get(succeeded)).orElseThrow().party();
            TreeMap<String, String> parties = new TreeMap<>(before.parties());
            parties.put(succeeded, successor);
            paper = with(before, parties, before.governing(), before.term(), before.terms(), before.title(), at);
            party = once(2) ? successor : party;
        }
        if (once(12)) {
            paper = spoilt(paper);
        }
        String decision =
                once(25) ? one(DECISIONS.subList(0, 7)) : paper.changes(before).getFirst();
        return new Intent(party, new Deed.Amend(paper, hash.apply(paper), decision, lapses(at)));
    }

    private Paper with(
            Paper before,
            SortedMap<String, String> parties,
            Paper.Governing governing,
            Paper.Term term,
            int terms,
            String title,
            long at) {
        YearMonth soon = YearMonth.from(Clock.day(at))
                .plusMonths(terms == before.terms() ? random.nextInt(2) : 1 + random.nextInt(2));
        YearMonth starts = soon.isBefore(life.unsettled) || once(5) ? life.unsettled : soon;
        return new Paper(
                before.number() + 1,
                life.versions.getLast().hash(),
                parties,
                governing,
                before.mustAccept(),
                term,
                terms,
                starts,
                before.arbiter(),
                title,
                flaw());
    }

    private Paper changed(Paper before, long at) {
        TreeMap<String, String> parties = new TreeMap<>(before.parties());
        Paper.Governing governing = before.governing();
        Paper.Term term = before.term();
        int terms = before.terms();
        String title = before.title();
        for (int i = once(3) ? 2 : 1; i > 0; i--) {
            switch (random.nextInt(12)) {
                case 0 -> governing = governing(parties);
                case 1, 2 -> governing = reseated(governing);
                case 3, 7 -> parties.put(one(List.of("d", "e")), one(List.of("west/dora", "south/eli", "east/second")));
                case 4 ->
                    parties.put(
                            one(List.of("a", "b", "c")),
                            one(List.of("east/second", "west/dora", "east/ana", "east/ben")));
                case 5, 8 -> terms++;
                case 6 -> term = term();
                default -> title = title();
            }
        }
        return with(before, parties, governing, term, terms, title, at);
    }

    /// One seat of a board changes hands.
    private Paper.Governing reseated(Paper.Governing governing) {
        TreeMap<String, Rule> overrides = new TreeMap<>();
        governing.overrides().forEach((decision, rule) -> overrides.put(decision, reseated(rule)));
        return new Paper.Governing(
                reseated(governing.rule()),
                overrides,
                governing.movers(),
                governing.notifier(),
                governing.successors());
    }

    private Rule reseated(Rule rule) {
        if (!(rule instanceof Rule.Board board)) {
            return rule;
        }
        TreeMap<String, Rule.Seat> seats = new TreeMap<>(board.seats());
        String person = one(List.of("platform", "a", "b", "c", "south/eli", "east/second"));
        seats.put(one(List.copyOf(seats.keySet())), new Rule.Seat(person, holder(person)));
        return new Rule.Board(seats, board.need(), board.lockHours(), board.voteDays());
    }

    private Paper spoilt(Paper paper) {
        TreeMap<String, String> parties = new TreeMap<>(paper.parties());
        int number = paper.number();
        String supersedes = paper.supersedes();
        int terms = paper.terms();
        YearMonth starts = paper.starts();
        switch (random.nextInt(5)) {
            case 0 -> number++;
            case 1 -> supersedes = life.versions.getFirst().hash();
            case 2 -> terms += 2;
            case 3 -> starts = OPENING;
            default -> parties.remove("d");
        }
        return new Paper(
                number,
                supersedes,
                parties,
                paper.governing(),
                paper.mustAccept(),
                paper.term(),
                terms,
                starts,
                paper.arbiter(),
                paper.title(),
                paper.flaw());
    }

    private long lapses(long at) {
        return switch (random.nextInt(25)) {
            case 0 -> at;
            case 1 -> at + 80 * Clock.DAY;
            case 2, 3 -> at + 1 + random.nextInt((int) (2 * Clock.DAY));
            default -> at + 15 * Clock.DAY + random.nextInt((int) (16 * Clock.DAY));
        };
    }

    private Intent motion(long at) {
        LocalDate day = Clock.day(at);
        Deed.Decision decision = switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> Deed.Decision.of(life.paused.isPresent() == once(8) ? "pause" : "continue");
            case 4, 5 -> Deed.Decision.terminate(day.plusDays(random.nextInt(120) - 4L));
            case 6, 7, 8 -> {
                List<String> known = List.copyOf(life.breaches.keySet());
                Optional<String> notice =
                        known.isEmpty() ? (once(2) ? Optional.empty() : Optional.of(NOWHERE)) : Optional.of(one(known));
                yield Deed.Decision.terminate(day.plusDays(random.nextInt(60)), notice);
            }
            case 9, 10, 11 -> Deed.Decision.of("suspend", one(List.of("a", "b", "b", "c", "platform", "d")));
            default -> Deed.Decision.of("resume", one(List.of("a", "b", "b", "c")));
        };
        String party = decision.notice()
                .flatMap(name -> Optional.ofNullable(life.breaches.get(name)))
                .filter(_ -> !once(3))
                .map(breach -> breach.by)
                .orElseGet(this::mover);
        return new Intent(party, new Deed.Motion(decision, lapses(at)));
    }

    private List<String> open() {
        return life.motions.entrySet().stream()
                .filter(entry -> !entry.getValue().isEnded(life.newest(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// One that is open, if there is one.
    private String motion() {
        List<String> all = List.copyOf(life.motions.keySet());
        List<String> open = open();
        if (all.isEmpty() || once(40)) {
            return NOWHERE;
        }
        return open.isEmpty() || once(12) ? one(all) : one(open);
    }

    private Intent moves(long at) {
        return once(2) ? amendment(at) : motion(at);
    }

    private Intent vote(long at) {
        if (open().isEmpty() && !once(15)) {
            return moves(at);
        }
        String name = motion();
        String choice = one(List.of("yes", "yes", "yes", "yes", "yes", "yes", "yes", "no", "abstain", "none"));
        boolean anew = once(4);
        List<String> voters = Optional.ofNullable(life.motions.get(name)).stream()
                .flatMap(moved -> moved.ballots.stream())
                .flatMap(ballot -> PARTIES.stream()
                        .filter(party -> voices(ballot, party).stream()
                                .anyMatch(voice -> anew || !ballot.said.containsKey(voice))))
                .toList();
        return new Intent(voters.isEmpty() ? anybody() : one(voters), new Deed.Vote(name, choice));
    }

    /// For whom a party may speak, with whatever key.
    private List<String> voices(Ballot ballot, String party) {
        return List.of("", "ann", "ben", "pat").stream()
                .flatMap(holder -> ballot.voices(life.newest(), party, holder).stream())
                .toList();
    }

    private Intent execution(long at) {
        if (open().isEmpty() && !once(15)) {
            return moves(at);
        }
        List<String> ripe = open().stream()
                .filter(name -> Optional.ofNullable(life.motions.get(name)).orElseThrow().ballots.stream()
                        .allMatch(ballot -> ballot.over(now)))
                .toList();
        String name = ripe.isEmpty() || once(4) ? motion() : one(ripe);
        return new Intent(one(List.copyOf(life.newest().sides())), new Deed.Execute(name));
    }

    private Intent withdrawal() {
        String name = motion();
        Optional<Moved> moved = Optional.ofNullable(life.motions.get(name));
        String party = moved.map(found -> found.by).orElseGet(this::anybody);
        Optional<String> version = moved.flatMap(found -> found.version);
        if (version.isPresent() && once(3)) {
            return new Intent(party, new Deed.Withdraw(version.get(), Optional.empty()));
        }
        return new Intent(party, new Deed.Withdraw("", Optional.of(name)));
    }

    /// Of an amendment, by who enters mostly.
    private Intent acceptance(long at) {
        List<String> moved = life.motions.values().stream()
                .filter(one -> !one.isEnded(life.newest(), now) || once(10))
                .flatMap(one -> one.version.stream())
                .toList();
        if (moved.isEmpty()) {
            return vote(at);
        }
        String version = one(moved);
        List<String> entering = List.copyOf(Optional.ofNullable(life.offers.get(version))
                .orElseThrow()
                .paper
                .entering(life.newest()));
        String party = entering.isEmpty() || once(4) ? anybody() : one(entering);
        return new Intent(party, once(6) ? new Deed.Decline(version) : new Deed.Accept(version, text(version)));
    }

    private Intent notice() {
        String party = one(List.copyOf(life.newest().sides()));
        return switch (random.nextInt(12)) {
            case 0 -> new Intent(party, new Deed.Notice("leave", Optional.empty(), Optional.empty()));
            case 1, 2 -> new Intent(party, new Deed.Notice("no-renewal", Optional.empty(), Optional.empty()));
            case 3, 4, 5 -> {
                String name = life.breaches.isEmpty() || once(20) ? NOWHERE : one(List.copyOf(life.breaches.keySet()));
                String by = Optional.ofNullable(life.breaches.get(name))
                        .map(breach -> breach.by)
                        .orElse(party);
                yield new Intent(by, new Deed.Notice("cured", Optional.empty(), Optional.of(name)));
            }
            default -> {
                String against =
                        once(6) ? anybody() : one(List.copyOf(life.newest().sides()));
                yield new Intent(party, new Deed.Notice("breach", Optional.of(against), Optional.empty()));
            }
        };
    }

    private Intent sale(long at) {
        LocalDate day = Clock.day(at).minusDays(random.nextInt(once(3) ? 60 : 3) - 1L);
        return new Intent(
                life.newest().party("platform"),
                new Deed.Sale(once(15) ? Math.max(1, life.sales + 2L * random.nextInt(2)) : life.sales + 1, day));
    }

    /// What the next month needs to be settled, if it is over.
    private Intent month() {
        YearMonth next = life.unsettled.plusMonths(once(15) ? 1 : 0).minusMonths(once(15) ? 1 : 0);
        if (next.isBefore(OPENING)) {
            next = OPENING;
        }
        String party = once(5)
                ? one(List.copyOf(life.newest().sides()))
                : life.newest().party("platform");
        boolean declares = !life.isDeclared(next) ? !once(8) : once(10);
        return new Intent(party, declares ? new Deed.Declare(next) : new Deed.Close(next));
    }
}
