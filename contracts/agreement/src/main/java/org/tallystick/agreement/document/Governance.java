package org.tallystick.agreement.document;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;

/// How an agreement is changed, paused and ended: `docs/spec/agreement-1.md` section 7.
///
/// Persons are as the document names them: parties of the terms, or with a slash of the ledger.
///
/// @param rule what decides, unless `overrides` has another for the kind of decision
/// @param movers who may move; nothing: every side
/// @param breachByNotifier whether who gave notice of a breach ends the agreement alone, once the time to cure is over
/// @param successors by party of the terms: who may take its place, as everybody agreed in advance
public record Governance(
        Rule rule,
        SortedMap<Decision, Rule> overrides,
        Optional<List<String>> movers,
        boolean breachByNotifier,
        SortedMap<String, Successor> successors) {

    private static final int VOTE_DAYS = 30;

    public Governance {
        overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
        movers = movers.map(List::copyOf);
        successors = Collections.unmodifiableSortedMap(new TreeMap<>(successors));
    }

    /// What is decided: the class of an amendment, or of a motion that changes no document. Amendments come first, in
    /// the order in which the class of one is named.
    public enum Decision {
        GOVERN,
        SEAT,
        ADMIT,
        SUCCEED,
        TERMS,
        EXTEND,
        APPOINT,
        PAUSE,
        CONTINUE,
        TERMINATE,
        SUSPEND,
        RESUME;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Whether it is a change of the document.
        public boolean amends() {
            return compareTo(APPOINT) <= 0;
        }

        /// @throws IllegalArgumentException if there is none of that name
        public static Decision ofText(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /// Who takes the place of a party of the terms, `days` after it moved that, unless that party objects.
    public record Successor(String party, int days) {}

    /// A rule by which votes decide.
    public sealed interface Rule {
        /// How long votes are taken.
        int voteDays();

        /// How many hours pass between the decision and its execution.
        long waitHours();
    }

    /// All sides say yes.
    public record Unanimous(int voteDays) implements Rule {
        @Override
        public long waitHours() {
            return 0;
        }
    }

    /// One decides for all, and says so in advance.
    public record Principal(String person, int noticeDays, int voteDays) implements Rule {
        @Override
        public long waitHours() {
            return noticeDays * 24L;
        }
    }

    /// So many seats of a board say yes.
    public record Board(List<Seat> seats, int need, int lockHours, int voteDays) implements Rule {
        public Board {
            seats = List.copyOf(seats);
        }

        @Override
        public long waitHours() {
            return lockHours;
        }

        public Optional<Seat> seat(String id) {
            return seats.stream().filter(seat -> seat.id().equals(id)).findFirst();
        }
    }

    /// @param holder the person whose keys vote, if the document names one
    public record Seat(String id, String person, Optional<String> holder) {}

    /// Sides vote with weights, and the count is taken when the vote is over.
    ///
    /// @param weights by party of the terms
    public record Weighted(
            SortedMap<String, Long> weights, Rational quorum, Rational threshold, int lockHours, int voteDays)
            implements Rule {
        public Weighted {
            weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        }

        public long weight(String party) {
            return weights.getOrDefault(party, 0L);
        }

        public long total() {
            return weights.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public long waitHours() {
            return lockHours;
        }
    }

    /// A succession that all agreed to in advance: it takes place unless the party whose place is taken says no in
    /// time.
    public record Objection(String party, int voteDays) implements Rule {
        @Override
        public long waitHours() {
            return 0;
        }
    }

    /// The rule of a succession that was agreed in advance.
    ///
    /// @throws IllegalStateException if nobody is named for that party of the terms
    public Objection objection(String party) {
        return successor(party)
                .map(successor -> new Objection(party, successor.days()))
                .orElseThrow(() -> new IllegalStateException("no successor of " + party));
    }

    /// Who may take the place of a party of the terms.
    public Optional<Successor> successor(String party) {
        return Optional.ofNullable(successors.get(party));
    }

    /// What decides this.
    public Rule ruleFor(Decision decision) {
        return overrides.getOrDefault(decision, rule);
    }

    /// All who are named, as they are named.
    SortedSet<String> persons() {
        TreeSet<String> persons = new TreeSet<>();
        movers.ifPresent(persons::addAll);
        successors.values().forEach(successor -> persons.add(successor.party()));
        rules().forEach(one -> persons.addAll(personsOf(one)));
        return persons;
    }

    /// The rule, and those that override it.
    List<Rule> rules() {
        return Stream.concat(Stream.of(rule), overrides.values().stream()).toList();
    }

    private static List<String> personsOf(Rule rule) {
        return switch (rule) {
            case Unanimous _, Weighted _, Objection _ -> List.of();
            case Principal principal -> List.of(principal.person());
            case Board board -> board.seats().stream().map(Seat::person).toList();
        };
    }

    /// @param json of the right form
    static Governance of(Json.Obj json) {
        TreeMap<Decision, Rule> overrides = new TreeMap<>();
        members(json, "overrides").forEach((name, rule) -> overrides.put(Decision.ofText(name), rule((Json.Obj) rule)));
        TreeMap<String, Successor> successors = new TreeMap<>();
        members(json, "successors").forEach((party, named) -> {
            Json.Obj successor = (Json.Obj) named;
            successors.put(party, new Successor(successor.text("party"), (int) successor.whole("days")));
        });
        return new Governance(
                rule(json),
                overrides,
                json.has("movers") ? Optional.of(texts(json.items("movers"))) : Optional.empty(),
                json.findText("breach").equals(Optional.of("notifier")),
                successors);
    }

    private static SortedMap<String, Json> members(Json.Obj json, String name) {
        return json.has(name) ? json.object(name).members() : Collections.emptySortedMap();
    }

    private static List<String> texts(List<Json> items) {
        return items.stream().map(item -> ((Json.Text) item).value()).toList();
    }

    private static Rule rule(Json.Obj json) {
        int voteDays = count(json, "voteDays", VOTE_DAYS);
        int lockHours = count(json, "lockHours", 0);
        return switch (json.text("kind")) {
            case "unanimous" -> new Unanimous(voteDays);
            case "principal" -> new Principal(json.text("principal"), (int) json.whole("noticeDays"), voteDays);
            case "board" ->
                new Board(
                        json.items("seats").stream()
                                .map(Json.Obj.class::cast)
                                .map(seat -> new Seat(seat.text("seat"), seat.text("party"), seat.findText("holder")))
                                .toList(),
                        (int) json.whole("need"),
                        lockHours,
                        voteDays);
            case "weighted" -> {
                TreeMap<String, Long> weights = new TreeMap<>();
                json.object("weights")
                        .members()
                        .forEach((party, weight) -> weights.put(party, ((Json.Whole) weight).value()));
                yield new Weighted(
                        weights,
                        Rational.parse(json.text("quorum")).orElseThrow(),
                        Rational.parse(json.text("threshold")).orElseThrow(),
                        lockHours,
                        voteDays);
            }
            default -> throw new IllegalArgumentException("no rule of kind " + json.text("kind"));
        };
    }

    private static int count(Json.Obj json, String name, int absent) {
        return json.findWhole(name).map(Long::intValue).orElse(absent);
    }
}
