package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Run;
import org.tallystick.ledger.LedgerException;

/// The courier's word in which run the report of a proof lies: `docs/spec/ledger-1.md` section 11.
///
/// Unsigned and checked by the chaincode: a wrong one only makes the instruction wait.
public final class RunHints {

    private final StateReader state;

    public RunHints(StateReader state) {
        this.state = state;
    }

    /// The last argument of a transaction that carries these instructions, in this order. Where nothing is found,
    /// nothing is said: the chaincode answers.
    public Bytes of(List<Signed> instructions) throws LedgerException {
        List<Json> hints = new ArrayList<>();
        for (int item = 0; item < instructions.size(); item++) {
            Signed instruction = instructions.get(item);
            List<Act.EventProof> proofs = proofs(instruction.payload().act());
            if (!proofs.isEmpty()) {
                add(hints, item, instruction.payload().scope().orElseThrow().agreement(), proofs);
            }
        }
        return Json.object().with("hints", Json.array(hints)).build().canonical();
    }

    private static List<Act.EventProof> proofs(Act act) {
        return switch (act) {
            case Act.Report report -> report.proofs();
            case Act.Attest attest -> attest.proofs();
            case Act.Contradict contradict -> contradict.proofs();
            case Act.ClaimAnswer(var _, Act.Reply.Reported(var proof), var _) -> List.of(proof);
            default -> List.of();
        };
    }

    private void add(List<Json> hints, int item, AgreementId agreement, List<Act.EventProof> proofs)
            throws LedgerException {
        for (int proof = 0; proof < proofs.size(); proof++) {
            Act.EventProof asked = proofs.get(proof);
            Optional<Run> run = new SourceHistory(state, agreement, asked.id().source()).run(asked.first());
            if (run.isPresent() && run.get().first() != asked.first()) {
                hints.add(Json.array(List.of(
                        Json.whole(item),
                        Json.whole(proof),
                        Json.whole(run.get().first()))));
            }
        }
    }
}
