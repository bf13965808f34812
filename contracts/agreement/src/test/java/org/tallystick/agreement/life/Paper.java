package org.tallystick.agreement.life;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the model knows of a document. Two papers that are equal are the same bytes.
///
/// @param supersedes hash of the version before, or nothing
/// @param parties terms party to ledger party
/// @param mustAccept persons besides the sides
/// @param terms a number that stands for all of them: each goes on from the one before
/// @param starts first period settled under it
/// @param arbiter a person, or nothing
/// @param title what an `appoint` changes
/// @param flaw what is wrong with it by itself
public record Paper(
        int number,
        String supersedes,
        SortedMap<String, String> parties,
        Governing governing,
        SortedSet<String> mustAccept,
        Term term,
        int terms,
        YearMonth starts,
        String arbiter,
        String title,
        Flaw flaw) {

    /// What makes a document wrong whatever the state: by the stage of `agreement-1` section 8.
    public enum Flaw {
        NONE,
        /// Stage 1: a member that no text has.
        FORM,
        /// Stage 3: who must accept is nobody.
        PERSON
    }

    /// @param movers persons; all sides where there are none
    /// @param notifier whether who gave notice of a breach ends the agreement alone
    public record Governing(
            Rule rule,
            SortedMap<String, Rule> overrides,
            SortedSet<String> movers,
            boolean notifier,
            SortedMap<String, Successor> successors) {
        public Governing {
            overrides = new TreeMap<>(overrides);
            movers = new TreeSet<>(movers);
            successors = new TreeMap<>(successors);
        }

        public static Governing by(Rule rule) {
            return new Governing(rule, new TreeMap<>(), new TreeSet<>(), false, new TreeMap<>());
        }

        public Rule of(String decision) {
            return Optional.ofNullable(overrides.get(decision)).orElse(rule);
        }

        Governing unseated() {
            TreeMap<String, Rule> others = new TreeMap<>();
            overrides.forEach((decision, other) -> others.put(decision, other.unseated()));
            return new Governing(rule.unseated(), others, movers, notifier, successors);
        }
    }

    public record Successor(String party, int days) {}

    /// The term of validity, which begins on the first of the opening period.
    public record Term(
            Optional<LocalDate> until,
            Optional<Renewal> renewal,
            OptionalInt leaveDays,
            int cureDays,
            int runOffPeriods) {}

    /// @param times how often, or without end
    public record Renewal(int months, int noticeDays, OptionalInt times) {}

    public Paper {
        parties = new TreeMap<>(parties);
        mustAccept = new TreeSet<>(mustAccept);
    }

    /// The ledger party that a person is.
    String party(String person) {
        return person.contains("/")
                ? person
                : Optional.ofNullable(parties.get(person)).orElse("");
    }

    SortedSet<String> sides() {
        return new TreeSet<>(parties.values());
    }

    /// Whose acceptance the first version needs.
    SortedSet<String> acceptors() {
        TreeSet<String> all = new TreeSet<>(sides());
        mustAccept.forEach(person -> all.add(party(person)));
        return all;
    }

    SortedSet<String> movers() {
        if (governing.movers().isEmpty()) {
            return sides();
        }
        TreeSet<String> all = new TreeSet<>();
        governing.movers().forEach(person -> all.add(party(person)));
        return all;
    }

    /// All who are named in parties, roles or governance.
    SortedSet<String> bound() {
        TreeSet<String> all = new TreeSet<>(sides());
        if (!arbiter.isEmpty()) {
            all.add(party(arbiter));
        }
        governing.movers().forEach(person -> all.add(party(person)));
        List<Rule> rules = new ArrayList<>(governing.overrides().values());
        rules.add(governing.rule());
        for (Rule rule : rules) {
            switch (rule) {
                case Rule.Board board -> board.seats().values().forEach(seat -> all.add(party(seat.person())));
                case Rule.Principal principal -> all.add(party(principal.person()));
                case Rule.Unanimous _, Rule.Weighted _, Rule.Objection _ -> {}
            }
        }
        governing.successors().values().forEach(successor -> all.add(successor.party()));
        return all;
    }

    /// The first day no longer covered, as renewals have moved it by this day.
    Optional<LocalDate> until(LocalDate day) {
        return term.until().map(first -> {
            if (term.renewal().isEmpty()) {
                return first;
            }
            Renewal renewal = term.renewal().get();
            LocalDate until = first;
            for (int k = 1; !until.isAfter(day) && k <= renewal.times().orElse(Integer.MAX_VALUE); k++) {
                until = first.plusMonths((long) k * renewal.months());
            }
            return until;
        });
    }

    /// The one after that, if the agreement is renewed once more.
    Optional<LocalDate> untilAfter(LocalDate until) {
        Optional<LocalDate> next = until(until);
        return next.filter(day -> day.isAfter(until));
    }

    /// The last day by the term alone.
    LocalDate last(LocalDate day) {
        return until(day).map(until -> until.minusDays(1)).orElse(LocalDate.MAX);
    }

    /// The classes of an amendment that makes this of that one, in their order.
    List<String> changes(Paper before) {
        List<String> classes = new ArrayList<>();
        if (!governing.unseated().equals(before.governing().unseated())) {
            classes.add("govern");
        } else if (!governing.equals(before.governing())) {
            classes.add("seat");
        }
        if (!before.parties().keySet().containsAll(parties.keySet())) {
            classes.add("admit");
        }
        if (!succeeded(before).isEmpty()) {
            classes.add("succeed");
        }
        if (terms != before.terms()) {
            classes.add("terms");
        }
        if (!term.equals(before.term())) {
            classes.add("extend");
        }
        boolean other = !mustAccept.equals(before.mustAccept())
                || !arbiter.equals(before.arbiter())
                || !title.equals(before.title());
        if (other || classes.isEmpty()) {
            classes.add("appoint");
        }
        return classes;
    }

    /// The terms parties that are bound to another ledger party than before.
    List<String> succeeded(Paper before) {
        return before.parties().keySet().stream()
                .filter(name -> parties.containsKey(name) && !party(name).equals(before.party(name)))
                .toList();
    }

    /// Who is newly bound to a terms party.
    SortedSet<String> entering(Paper before) {
        TreeSet<String> all = new TreeSet<>();
        parties.forEach((name, party) -> {
            if (!party.equals(before.party(name))) {
                all.add(party);
            }
        });
        return all;
    }

    /// Whether it does nothing but to let those succeed who were named for it.
    boolean agreedInAdvance(Paper before) {
        return changes(before).equals(List.of("succeed"))
                && succeeded(before).stream()
                        .allMatch(name -> Optional.ofNullable(
                                        before.governing().successors().get(name))
                                .filter(successor -> successor.party().equals(party(name)))
                                .isPresent());
    }
}
