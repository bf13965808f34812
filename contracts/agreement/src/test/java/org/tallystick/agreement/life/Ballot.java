package org.tallystick.agreement.life;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is decided by one rule, as it stood when the motion was made.
final class Ballot {

    /// A word of a constituent: whoever said it, and whose key signed it.
    record Said(String by, String choice, String holder) {
        String member() {
            return by.substring(0, by.indexOf('/'));
        }
    }

    /// How it stands: carried, still to be carried, or never to be carried any more.
    enum Standing {
        CARRIED,
        OPEN,
        LOST
    }

    final List<String> decisions;
    final Rule rule;
    final long deadline;
    final SortedMap<String, Said> said = new TreeMap<>();

    /// When it was carried for the first time, if it was.
    Optional<Long> decided = Optional.empty();

    private final SortedSet<String> constituents = new TreeSet<>();

    Ballot(List<String> decisions, Rule rule, Paper under, long moved, long expires) {
        this.decisions = List.copyOf(decisions);
        this.rule = rule;
        this.deadline = Math.min(moved + rule.voteDays() * Clock.DAY, expires);
        constituents.addAll(
                switch (rule) {
                    case Rule.Unanimous _ -> under.parties().keySet();
                    case Rule.Principal _ -> List.of("principal");
                    case Rule.Board board -> board.seats().keySet();
                    case Rule.Weighted weighted -> weighted.weights().keySet();
                    case Rule.Objection objection -> List.of(objection.succeeded());
                });
    }

    /// Whether it is counted at its deadline, and not before.
    boolean waits() {
        return rule instanceof Rule.Weighted || rule instanceof Rule.Objection;
    }

    /// For which constituents this party may speak, by the newest version.
    List<String> voices(Paper newest, String party, String holder) {
        return constituents.stream()
                .filter(constituent -> speaks(newest, constituent, party, holder))
                .toList();
    }

    private boolean speaks(Paper newest, String constituent, String party, String holder) {
        if (rule instanceof Rule.Objection) {
            return newest.party(constituent).equals(party);
        }
        return switch (newest.governing().of(decisions.getFirst())) {
            case Rule.Unanimous _ ->
                rule instanceof Rule.Unanimous && newest.party(constituent).equals(party);
            case Rule.Principal principal ->
                rule instanceof Rule.Principal
                        && newest.party(principal.person()).equals(party);
            case Rule.Board board -> {
                Optional<Rule.Seat> seat = Optional.ofNullable(board.seats().get(constituent));
                yield rule instanceof Rule.Board
                        && seat.filter(one -> newest.party(one.person()).equals(party))
                                .filter(one ->
                                        one.holder().isEmpty() || one.holder().equals(holder))
                                .isPresent();
            }
            case Rule.Weighted weighted ->
                rule instanceof Rule.Weighted
                        && weighted.weights().containsKey(constituent)
                        && newest.party(constituent).equals(party);
            case Rule.Objection _ -> throw new IllegalStateException("no version has such a rule");
        };
    }

    /// Whether the newest version still asks this constituent.
    private boolean counts(Paper newest, String constituent) {
        if (rule instanceof Rule.Objection) {
            return true;
        }
        return switch (newest.governing().of(decisions.getFirst())) {
            case Rule.Unanimous _ -> rule instanceof Rule.Unanimous;
            case Rule.Principal _ -> rule instanceof Rule.Principal;
            case Rule.Board board -> rule instanceof Rule.Board && board.seats().containsKey(constituent);
            case Rule.Weighted weighted ->
                rule instanceof Rule.Weighted && weighted.weights().containsKey(constituent);
            case Rule.Objection _ -> throw new IllegalStateException("no version has such a rule");
        };
    }

    private List<String> who(Paper newest, String choice) {
        List<String> all = new ArrayList<>();
        said.forEach((constituent, word) -> {
            if (word.choice().equals(choice) && counts(newest, constituent)) {
                all.add(constituent);
            }
        });
        return all;
    }

    Standing standing(Paper newest, long t) {
        int yes = who(newest, "yes").size();
        int no = who(newest, "no").size();
        return switch (rule) {
            case Rule.Unanimous _, Rule.Principal _ -> {
                boolean gone = constituents.stream().anyMatch(constituent -> !counts(newest, constituent));
                if (no > 0 || gone) {
                    yield Standing.LOST;
                }
                yield yes == constituents.size() ? Standing.CARRIED : Standing.OPEN;
            }
            case Rule.Board board -> {
                if (yes >= board.need()) {
                    yield Standing.CARRIED;
                }
                long reachable = constituents.stream()
                        .filter(seat -> counts(newest, seat))
                        .filter(seat -> !saidOtherThanYes(seat))
                        .count();
                yield reachable < board.need() ? Standing.LOST : Standing.OPEN;
            }
            case Rule.Weighted weighted ->
                t >= deadline && heavyEnough(weighted, newest) ? Standing.CARRIED : Standing.OPEN;
            case Rule.Objection _ -> {
                if (no > 0) {
                    yield Standing.LOST;
                }
                yield yes > 0 || t >= deadline ? Standing.CARRIED : Standing.OPEN;
            }
        };
    }

    /// Abstaining on a board is as good as saying no.
    private boolean saidOtherThanYes(String seat) {
        return Optional.ofNullable(said.get(seat))
                .filter(word -> !word.choice().equals("yes"))
                .isPresent();
    }

    private boolean heavyEnough(Rule.Weighted rule, Paper newest) {
        long yes = weight(rule, who(newest, "yes"));
        long no = weight(rule, who(newest, "no"));
        long abstain = weight(rule, who(newest, "abstain"));
        long total = weight(rule, List.copyOf(constituents));
        return 100 * (yes + no + abstain) >= rule.quorum() * total
                && yes > 0
                && 100 * yes >= rule.threshold() * (yes + no);
    }

    private static long weight(Rule.Weighted rule, List<String> of) {
        return of.stream()
                .mapToLong(one -> Optional.ofNullable(rule.weights().get(one)).orElseThrow())
                .sum();
    }

    /// Whether no vote but one that is taken back is good any more.
    boolean over(long t) {
        return t >= deadline || decided.isPresent();
    }
}
