package org.tallystick.agreement.rules;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.state.Mark;

/// What others than its reporter say of an event: attestations, which release what waits for them, and contradictions.
///
/// `docs/spec/ledger-1.md` section 6. Neither changes what is booked already, so neither can stop a close.
final class Attestations {

    private final Overlay state;
    private final Moment moment;
    private final Proofs proofs;
    private final OpenRuns runs;

    Attestations(Overlay state, Moment moment, Hints hints, OpenRuns runs) {
        this.state = state;
        this.moment = moment;
        this.proofs = new Proofs(state, hints);
        this.runs = runs;
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer attest(Engaged engaged, Act.Attest act, int item) {
        Optional<No> notices = ofNotices(engaged, act.proofs());
        if (notices.isPresent()) {
            return Answer.denied(notices.get());
        }
        return switch (proofs.of(engaged.agreement(), item, act.proofs())) {
            case Proofs.Outcome.Wrong(var no) -> Answer.denied(no);
            case Proofs.Outcome.All(var events) ->
                standing(engaged, events)
                        .or(() -> first(
                                engaged,
                                events,
                                Code.ALREADY_ATTESTED,
                                mark -> mark.attested()
                                        .contains(engaged.payload().party())))
                        .or(() -> first(engaged, events, Code.NOT_HELD, mark -> !mark.held()))
                        .map(Answer::denied)
                        .orElseGet(() -> attested(engaged, events));
        };
    }

    /// @param item index of the instruction in its transaction, which the hints count by
    Answer contradict(Engaged engaged, Act.Contradict act, int item) {
        Optional<No> notices = ofNotices(engaged, act.proofs());
        if (notices.isPresent()) {
            return Answer.denied(notices.get());
        }
        return switch (proofs.of(engaged.agreement(), item, act.proofs())) {
            case Proofs.Outcome.Wrong(var no) -> Answer.denied(no);
            case Proofs.Outcome.All(var events) ->
                standing(engaged, events)
                        .or(() -> first(
                                engaged,
                                events,
                                Code.ALREADY_CONTRADICTED,
                                mark -> mark.contradicted()
                                        .contains(engaged.payload().party())))
                        .map(Answer::denied)
                        .orElseGet(() -> contradicted(engaged, events));
        };
    }

    private static Optional<No> ofNotices(Engaged engaged, List<Act.EventProof> proofs) {
        return proofs.stream()
                .flatMap(proof -> engaged.document().source(proof.id().source().text()).stream())
                .flatMap(source -> Sources.ofNotices(source).stream())
                .findFirst();
    }

    /// Why the party has nothing to say of one of these events.
    private Optional<No> standing(Engaged engaged, List<Proofs.Proven> events) {
        Marks marks = new Marks(state, engaged);
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            if (!marks.attesters(event.id(), event.event()).contains(party)) {
                return Optional.of(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "attester")));
            }
        }
        for (Proofs.Proven event : events) {
            if (marks.owner(event.id()).equals(party)) {
                return Optional.of(No.refused(Code.OWN_EVENT, Proofs.named(event.id())));
            }
        }
        return Optional.empty();
    }

    /// A mark that has it that nothing comes of the act.
    @FunctionalInterface
    private interface Spoiling {
        boolean test(Mark mark);
    }

    private Optional<No> first(Engaged engaged, List<Proofs.Proven> events, Code code, Spoiling spoiling) {
        Marks marks = new Marks(state, engaged);
        return events.stream()
                .map(Proofs.Proven::id)
                .filter(id -> spoiling.test(marks.of(id)))
                .findFirst()
                .map(id -> No.refused(code, Proofs.named(id)));
    }

    private Answer contradicted(Engaged engaged, List<Proofs.Proven> events) {
        Marks marks = new Marks(state, engaged);
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            marks.write(event.id(), marks.of(event.id()).contradictedBy(party));
        }
        return Answer.applied();
    }

    private Answer attested(Engaged engaged, List<Proofs.Proven> events) {
        Marks marks = new Marks(state, engaged);
        PartyId party = (PartyId) engaged.payload().party();
        for (Proofs.Proven event : events) {
            marks.write(event.id(), marks.of(event.id()).attestedBy(party));
        }
        Document document = engaged.document();
        Release release =
                new Release(state, moment, runs, engaged, () -> new Folding(document.terms(), document.opening()));
        events.forEach(event -> release.attested(event.id(), event.json(), event.event()));
        return release.finish();
    }
}
