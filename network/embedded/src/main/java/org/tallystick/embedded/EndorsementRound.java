package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Endorsement;

/// Collects endorsements of one proposal, all simulated on one snapshot, until there are enough that agree.
final class EndorsementRound {
    private static final String TOO_FEW =
            "failed to collect enough transaction endorsements, see attached details for more info";
    private static final String FIRST_FAILED = "failed to endorse transaction, see attached details for more info";

    private final Proposed proposed;
    private final WorldState.Snapshot snapshot;
    private final ExecutorService executor;
    private final List<Endorsement> endorsements = new ArrayList<>();
    private final List<ErrorDetail> details = new ArrayList<>();
    private Optional<ByteString> payload = Optional.empty();

    EndorsementRound(Proposed proposed, WorldState.Snapshot snapshot, ExecutorService executor) {
        this.proposed = proposed;
        this.snapshot = snapshot;
        this.executor = executor;
    }

    /// Every one of these peers must endorse: the client chose them, and answers for the policy.
    ChaincodeEndorsedAction byAllOf(List<Peer> peers) throws RpcFailure {
        ask(peers);
        if (endorsements.size() < peers.size()) {
            throw new RpcFailure(Status.Code.ABORTED, TOO_FEW, details);
        }
        return action();
    }

    /// The home peer first, and then as many of the others, in order, as are still needed.
    ChaincodeEndorsedAction byHomeAndOthers(Peer home, List<Peer> others, int needed) throws RpcFailure {
        ask(List.of(home));
        if (endorsements.isEmpty()) {
            throw new RpcFailure(Status.Code.ABORTED, FIRST_FAILED, details);
        }
        int next = 0;
        while (endorsements.size() < needed && next < others.size()) {
            int end = Math.min(others.size(), next + needed - endorsements.size());
            ask(others.subList(next, end));
            next = end;
        }
        if (endorsements.size() < needed) {
            throw new RpcFailure(Status.Code.ABORTED, TOO_FEW, details);
        }
        return action();
    }

    private void ask(List<Peer> peers) {
        List<Future<PeerAnswer>> answers = peers.stream()
                .map(peer -> executor.submit(() -> peer.simulate(proposed, snapshot)))
                .toList();
        for (int i = 0; i < peers.size(); i++) {
            take(peers.get(i), result(answers.get(i)));
        }
    }

    private static PeerAnswer result(Future<PeerAnswer> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PeerAnswer.Failed("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a simulation broke", e.getCause());
        }
    }

    private void take(Peer peer, PeerAnswer answer) {
        switch (answer) {
            case PeerAnswer.Unsuccessful no -> details.add(RpcFailure.detail(peer, no.message()));
            case PeerAnswer.Simulated simulated -> {
                if (payload.isPresent() && !payload.get().equals(simulated.payload())) {
                    details.add(RpcFailure.detail(peer, "ProposalResponsePayloads do not match"));
                    return;
                }
                payload = Optional.of(simulated.payload());
                endorsements.add(peer.endorse(simulated.payload()));
            }
        }
    }

    private ChaincodeEndorsedAction action() {
        return ChaincodeEndorsedAction.newBuilder()
                .setProposalResponsePayload(payload.orElseThrow())
                .addAllEndorsements(endorsements)
                .build();
    }
}
