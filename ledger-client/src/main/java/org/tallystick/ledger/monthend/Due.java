package org.tallystick.ledger.monthend;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// Something that falls on a day.
///
/// @param day by its end, or from its beginning on, as the kind says
/// @param name the source, or the party of the terms, that it is about
/// @param owing who has to do it, or may
public record Due(
        LocalDate day, Kind kind, AgreementId agreement, Optional<Period> period, String name, SortedSet<PartyId> owing)
        implements Comparable<Due> {

    private static final Comparator<Due> ORDER = Comparator.comparing(Due::day)
            .thenComparing(Due::kind)
            .thenComparing(due -> due.agreement().text())
            .thenComparing(due -> due.period().map(Period::text).orElse(""))
            .thenComparing(Due::name);

    public Due {
        owing = new TreeSet<>(owing);
    }

    /// What falls on a day.
    public enum Kind {
        /// An owner has to declare before that day: from it on any side may do it in its place.
        DECLARATION("declare", "before this day; from it on any side may seal"),
        /// A period can be closed from that day on, if all is declared.
        CLOSE("close", "closers from this day on"),
        /// Any side may close it from that day on.
        CLOSE_BY_ANYBODY("close", "any side from this day on"),
        /// The last claims for events of a period come before that day.
        CLAIMS_END("claims end", "missing events may be claimed before this day"),
        /// A claim has to be answered before that day.
        ANSWER("answer claim", "to be answered by this day"),
        /// A payment for a settlement is due.
        PAYMENT("pay", "due on this day"),
        /// An offer ends if it is not accepted by then.
        OFFER_ENDS("offer ends", "accept before this day's end"),
        /// A vote is taken until that day.
        VOTE("vote", "votes are taken until this day"),
        /// What was decided can be carried out from that day on.
        EXECUTE("execute", "any side may, from this day on"),
        /// Who enters by an amendment has to accept it by then.
        ENTRANCE("accept", "who enters accepts before this day's end"),
        /// A breach may be cured until that day.
        CURE("cure", "the breach may be cured until this day"),
        /// The last day on which a notice stops the next renewal.
        RENEWAL("renewal", "the last day for a notice of no renewal"),
        /// The agreement covers no later sales; its run-off begins.
        EXPIRY("expires", "the first day not covered; run-off begins");

        private final String words;
        private final String meaning;

        Kind(String words, String meaning) {
            this.words = words;
            this.meaning = meaning;
        }

        public String words() {
            return words;
        }

        /// What the day means.
        public String meaning() {
            return meaning;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public String owingText() {
        return owing.stream().map(PartyId::text).collect(Collectors.joining(", "));
    }

    @Override
    public int compareTo(Due other) {
        return ORDER.compare(this, other);
    }

    public Json.Obj encode() {
        return Json.object()
                .with("agreement", agreement.text())
                .with("day", day.toString())
                .with("due", kind.text())
                .withText("name", Optional.of(name).filter(text -> !text.isEmpty()))
                .with("owing", Json.texts(owing.stream().map(PartyId::text).toList()))
                .withText("period", period.map(Period::text))
                .build();
    }
}
