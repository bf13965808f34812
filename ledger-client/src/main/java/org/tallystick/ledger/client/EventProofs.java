package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.ledger.LedgerException;

/// Finds events on the ledger and proves them, as attestations and contradictions carry them.
final class EventProofs {

    /// Leaves room in a payload for what stands around the proofs.
    private static final int LARGEST = Limits.LARGE_PAYLOAD - 4 * 1024;

    private final StateReader state;
    private final AgreementId agreement;
    private final Map<SourceId, SourceHistory> histories = new HashMap<>();

    EventProofs(StateReader state, AgreementId agreement) {
        this.state = state;
        this.agreement = agreement;
    }

    /// The proofs of these events, in order of their ids and each once, cut into as many lists as instructions need.
    ///
    /// @throws LedgerException.Refused if one is not on the ledger
    List<List<Act.EventProof>> of(List<EventId> events) throws LedgerException {
        List<List<Act.EventProof>> cut = new ArrayList<>();
        int size = LARGEST;
        for (EventId id : events.stream().distinct().sorted().toList()) {
            Act.EventProof proof = of(id);
            int more = size(proof);
            if (size + more > LARGEST || cut.getLast().size() == Limits.EVENTS_IN_AN_ATTESTATION) {
                cut.add(new ArrayList<>());
                size = 0;
            }
            cut.getLast().add(proof);
            size += more;
        }
        return cut;
    }

    private Act.EventProof of(EventId id) throws LedgerException {
        return histories
                .computeIfAbsent(id.source(), source -> new SourceHistory(state, agreement, source))
                .proof(id.number())
                .orElseThrow(() -> new LedgerException.Refused("there is no event " + id + " of " + agreement, null));
    }

    /// As it stands in a body, with its id once more.
    private static int size(Act.EventProof proof) {
        return new Act.Attest(List.of(proof)).body().canonical().size();
    }
}
