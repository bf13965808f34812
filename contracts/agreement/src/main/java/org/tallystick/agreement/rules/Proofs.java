package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.EventReader;
import org.tallystick.agreement.settlement.EventReading;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.state.RunEvents;
import org.tallystick.agreement.state.SourceHead;

/// Holds the events that an instruction carries against the reports they came with.
final class Proofs {

    private final Overlay state;
    private final Hints hints;

    Proofs(Overlay state, Hints hints) {
        this.state = state;
        this.hints = hints;
    }

    /// An event of a report, with the run that took it in.
    record Proven(EventId id, Json json, Event event, Run run) {}

    /// What came of the proofs of an instruction.
    sealed interface Outcome {
        record All(List<Proven> events) implements Outcome {}

        record Wrong(No no) implements Outcome {}
    }

    /// All of these proofs, or the answer to the first that does not hold.
    ///
    /// @param item index of the instruction in its transaction, which the hints count by
    Outcome of(String agreement, int item, List<Act.EventProof> proofs) {
        for (Act.EventProof proof : proofs) {
            long last = state.read(Keys.source(agreement, proof.id().source().text()), SourceHead.CODEC)
                    .map(SourceHead::last)
                    .orElse(0L);
            if (proof.id().number() > last) {
                return new Outcome.Wrong(No.waiting(Code.EVENT_UNKNOWN, named(proof.id())));
            }
        }
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            Optional<Run> run = run(agreement, item, i, proofs.get(i));
            if (run.isEmpty()) {
                return new Outcome.Wrong(
                        No.waiting(Code.HINT_WRONG, Json.object().with("proof", i)));
            }
            runs.add(run.get());
        }
        List<Proven> events = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            Act.EventProof proof = proofs.get(i);
            if (holds(agreement, proof, runs.get(i))
                    && EventReader.read(proof.event()) instanceof EventReading.Formed(var event)) {
                events.add(new Proven(proof.id(), proof.event(), event, runs.get(i)));
            } else {
                return new Outcome.Wrong(No.refused(Code.PROOF_WRONG, named(proof.id())));
            }
        }
        return new Outcome.All(events);
    }

    /// The run of the hint, if it has the report that the proof names.
    Optional<Run> run(String agreement, int item, int index, Act.EventProof proof) {
        long first = hints.run(item, index, proof.first());
        return state.read(Keys.run(agreement, proof.id().source().text(), first), Run.CODEC)
                .filter(run -> run.report(proof.first()).isPresent());
    }

    /// Whether the path leads from the event to the root of its report; of a single event, that stands among those of
    /// its run.
    boolean holds(String agreement, Act.EventProof proof, Run run) {
        Run.Report report = run.report(proof.first()).orElseThrow();
        Hash root = report.root().orElseGet(() -> leaf(agreement, proof.id().source(), report, run));
        Hash leaf = Merkle.leaf(proof.event().canonical());
        return Merkle.root(leaf, proof.id().number() - proof.first(), report.count(), proof.path())
                .equals(Optional.of(root));
    }

    private Hash leaf(String agreement, SourceId source, Run.Report report, Run run) {
        RunEvents events = state.read(Keys.events(agreement, source.text(), run.first()), RunEvents.CODEC)
                .orElseThrow();
        return Merkle.leaf(
                events.events().get((int) (report.first() - run.first())).canonical());
    }

    static Json.Builder named(EventId id) {
        return Json.object().with("event", id.text());
    }
}
