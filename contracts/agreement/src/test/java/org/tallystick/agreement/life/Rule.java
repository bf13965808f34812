package org.tallystick.agreement.life;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a decision is made: `agreement-1` section 7.2.
public sealed interface Rule {

    int voteDays();

    record Unanimous(int voteDays) implements Rule {}

    record Principal(String person, int noticeDays, int voteDays) implements Rule {}

    /// @param seats by id
    record Board(SortedMap<String, Seat> seats, int need, int lockHours, int voteDays) implements Rule {
        public Board {
            seats = new TreeMap<>(seats);
        }
    }

    /// @param holder whose keys alone may vote, or nothing
    record Seat(String person, String holder) {}

    /// @param quorum in hundredths, as `threshold`
    record Weighted(SortedMap<String, Integer> weights, int quorum, int threshold, int lockHours, int voteDays)
            implements Rule {
        public Weighted {
            weights = new TreeMap<>(weights);
        }
    }

    /// That of a succession that was agreed in advance: the one that is succeeded may object.
    record Objection(String succeeded, int voteDays) implements Rule {}

    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    default long lockSeconds() {
        return switch (this) {
            case Board board -> board.lockHours() * 3_600L;
            case Weighted weighted -> weighted.lockHours() * 3_600L;
            case Unanimous _, Principal _, Objection _ -> 0;
        };
    }

    default long noticeSeconds() {
        return this instanceof Principal principal ? principal.noticeDays() * Clock.DAY : 0;
    }

    /// The same with nobody on its seats, to see whether more than that differs.
    default Rule unseated() {
        if (!(this instanceof Board board)) {
            return this;
        }
        TreeMap<String, Seat> empty = new TreeMap<>();
        board.seats().keySet().forEach(seat -> empty.put(seat, new Seat("", "")));
        return new Board(empty, board.need(), board.lockHours(), board.voteDays());
    }

    static Board board(int need, int lockHours, int voteDays, List<String> persons) {
        TreeMap<String, Seat> seats = new TreeMap<>();
        for (int i = 0; i < persons.size(); i++) {
            seats.put("s" + (i + 1), new Seat(persons.get(i), ""));
        }
        return new Board(seats, need, lockHours, voteDays);
    }
}
