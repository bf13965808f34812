package org.tallystick.agreement.life;

import java.util.List;
import java.util.Optional;

/// A motion, or an amendment that was moved.
final class Moved {

    final String by;
    final long expires;

    /// Hash of the document that is moved, if one is.
    final Optional<String> version;

    final Optional<Deed.Decision> decision;
    final List<String> classes;
    final List<Ballot> ballots;
    long at;
    String ended = "";

    Moved(
            String by,
            long at,
            long expires,
            Optional<String> version,
            Optional<Deed.Decision> decision,
            List<String> classes,
            List<Ballot> ballots) {
        this.by = by;
        this.at = at;
        this.expires = expires;
        this.version = version;
        this.decision = decision;
        this.classes = classes;
        this.ballots = ballots;
    }

    /// Ended by an act, by the clock, or since it cannot be carried any more.
    boolean isEnded(Paper newest, long t) {
        return !ended.isEmpty()
                || t >= expires
                || ballots.stream()
                        .filter(ballot -> ballot.decided.isEmpty())
                        .anyMatch(ballot -> ballot.standing(newest, t) == Ballot.Standing.LOST
                                || (!ballot.waits() && t >= ballot.deadline));
    }
}
