package org.tallystick.ledger.monthend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// How one agreement stands at the end of a period.
///
/// @param period of the agreement's own calendar
/// @param missing what a close would wait for
/// @param open what no close waits for, and somebody owes all the same
public record Readiness(AgreementId agreement, Period period, State state, List<Missing> missing, List<Missing> open) {

    public Readiness {
        missing = List.copyOf(missing);
        open = List.copyOf(open);
    }

    /// Whether it can be closed.
    public sealed interface State {
        default String text() {
            return switch (this) {
                case Settled _ -> "settled";
                case Ready _ -> "ready";
                case Waiting _ -> "waiting";
            };
        }
    }

    /// @param hash of the settlement
    public record Settled(String hash) implements State {}

    /// @param anybody when any side may close it; until then only the closers may
    public record Ready(SortedSet<PartyId> closers, LedgerTime anybody) implements State {
        public Ready {
            closers = new TreeSet<>(closers);
        }

        /// Whether this party may close it now.
        public boolean closableBy(PartyId party, LedgerTime now) {
            return closers.contains(party) || now.compareTo(anybody) >= 0;
        }
    }

    /// It lacks something: see `missing`.
    public record Waiting() implements State {}

    /// What somebody owes.
    public sealed interface Missing {

        /// Who owes it; nobody if it is only a matter of time.
        SortedSet<PartyId> owing();

        default Json.Obj encode() {
            Json.Builder owed = Json.object()
                    .with(
                            "owing",
                            Json.texts(owing().stream().map(PartyId::text).toList()));
            return switch (this) {
                case Declaration(var source, var _, var seal) ->
                    owed.with("missing", "declaration")
                            .with("sealableFrom", seal.text())
                            .with("source", source)
                            .build();
                case Attestation(var event, var _, var heldBy) ->
                    owed.with("event", event.text())
                            .withText("heldBy", heldBy.map(EventId::text))
                            .with("missing", "attestation")
                            .build();
                case Fact(var code, var sources, var _) ->
                    owed.with("code", code)
                            .with("missing", "fact")
                            .with("sources", Json.texts(sources))
                            .build();
                case Claim(var claim, var source, var _, var due) ->
                    owed.with("claim", claim.hex())
                            .with("due", due.text())
                            .with("missing", "answer")
                            .with("source", source)
                            .build();
                case Earlier(var period) ->
                    owed.with("missing", "close").with("period", period.text()).build();
                case Time(var until) ->
                    owed.with("missing", "end").with("until", until.text()).build();
            };
        }
    }

    /// A source has not declared the period.
    ///
    /// @param sealable when any side may do it in the owner's place
    public record Declaration(String source, PartyId owner, LedgerTime sealable) implements Missing {
        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>(List.of(owner));
        }
    }

    /// An event is held: it is in no close until it is attested.
    ///
    /// @param heldBy the event that it names and that is held itself
    public record Attestation(EventId event, SortedSet<PartyId> attesters, Optional<EventId> heldBy)
            implements Missing {
        public Attestation {
            attesters = new TreeSet<>(attesters);
        }

        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>(attesters);
        }
    }

    /// A fixing, figure or rate that the terms ask for was not reported.
    ///
    /// @param code of terms/1 section 16
    /// @param sources that could report it
    public record Fact(String code, List<String> sources, SortedSet<PartyId> owners) implements Missing {
        public Fact {
            sources = List.copyOf(sources);
            owners = new TreeSet<>(owners);
        }

        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>(owners);
        }
    }

    /// A claim is not answered.
    ///
    /// @param due when the answer is late
    public record Claim(Hash claim, String source, PartyId owner, LedgerTime due) implements Missing {
        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>(List.of(owner));
        }
    }

    /// An earlier period comes first.
    public record Earlier(Period period) implements Missing {
        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>();
        }
    }

    /// The period is not over yet.
    public record Time(LedgerTime until) implements Missing {
        @Override
        public SortedSet<PartyId> owing() {
            return new TreeSet<>();
        }
    }

    public Json.Obj encode() {
        Json.Builder encoded = Json.object()
                .with("agreement", agreement.text())
                .with(
                        "missing",
                        Json.array(missing.stream().map(Missing::encode).toList()))
                .with("open", Json.array(open.stream().map(Missing::encode).toList()))
                .with("period", period.text())
                .with("state", state.text());
        return switch (state) {
            case Settled(var hash) -> encoded.with("settlement", hash).build();
            case Ready(var closers, var anybody) ->
                encoded.with("anybodyFrom", anybody.text())
                        .with(
                                "closers",
                                Json.texts(closers.stream().map(PartyId::text).toList()))
                        .build();
            case Waiting() -> encoded.build();
        };
    }

    /// All that is owed, whether a close waits for it or not.
    public List<Missing> owed() {
        List<Missing> all = new ArrayList<>(missing);
        all.addAll(open);
        return all;
    }
}
