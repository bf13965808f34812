package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final String NO_COMBINATION = "no combination of peers can be derived which satisfy the endorsement"
            + " policy: no peer combination can satisfy the endorsement policy";

    private final Proposed proposed;
    private final WorldState.Snapshot snapshot;
    private final PrivateData privateData;
    private final BlockStore blocks;
    private final ExecutorService executor;
    private final Map<String, Endorsement> endorsements = new LinkedHashMap<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private final List<ErrorDetail> details = new ArrayList<>();
    private Optional<PeerAnswer.Simulated> first = Optional.empty();

    /// @param privateData where what is written to collections waits for the transaction
    EndorsementRound(
            Proposed proposed,
            WorldState.Snapshot snapshot,
            PrivateData privateData,
            BlockStore blocks,
            ExecutorService executor) {
        this.proposed = proposed;
        this.snapshot = snapshot;
        this.privateData = privateData;
        this.blocks = blocks;
        this.executor = executor;
    }

    /// Every one of these peers must endorse: the client chose them, and answers for the policy.
    ChaincodeEndorsedAction byAllOf(List<Peer> peers) throws RpcFailure {
        ask(peers);
        if (endorsements.size() < peers.size()) {
            throw new RpcFailure(Status.Code.ABORTED, TOO_FEW, details);
        }
        return action(endorsements.keySet());
    }

    /// The home peer first; what it says was touched decides who else is needed. Whoever fails is replaced while there
    /// are others.
    ChaincodeEndorsedAction byHomeAndOthers(Peer home, List<Peer> others) throws RpcFailure {
        ask(List.of(home));
        if (first.isEmpty()) {
            throw new RpcFailure(Status.Code.ABORTED, FIRST_FAILED, details);
        }
        Interest interest = protectedIfNeeded(first.get().results().interest());
        var members = new ArrayList<String>();
        members.add(home.member());
        others.forEach(peer -> members.add(peer.member()));
        Optional<Set<String>> plan = plan(interest, members);
        if (plan.isEmpty()) {
            throw noCombination(first.get().results().interest(), members);
        }
        while (plan.isPresent()) {
            Set<String> needed = plan.get();
            List<Peer> missing = others.stream()
                    .filter(peer -> needed.contains(peer.member()) && !endorsements.containsKey(peer.member()))
                    .toList();
            if (missing.isEmpty()) {
                return action(needed);
            }
            ask(missing);
            plan = plan(interest, members);
        }
        throw new RpcFailure(Status.Code.ABORTED, TOO_FEW, details);
    }

    private Interest protectedIfNeeded(Interest interest) {
        return proposed.hasTransientData() ? interest.protectingTransientData() : interest;
    }

    private RpcFailure noCombination(Interest unprotected, List<String> members) {
        boolean fromCaution = proposed.hasTransientData()
                && !unprotected.unread().isEmpty()
                && plan(unprotected, members).isPresent();
        return new RpcFailure(
                Status.Code.FAILED_PRECONDITION,
                fromCaution
                        ? "requires endorsement from organisation(s) that are not in the distribution policy of the"
                                + " private data collection(s): [" + String.join(" ", unprotected.unread())
                                + "]; retry specifying trusted endorsing organizations to protect transient data"
                        : NO_COMBINATION);
    }

    /// Members that satisfy every policy together, without those that failed: who endorsed already first, then in
    /// order whoever serves the most policies that are still open.
    private Optional<Set<String>> plan(Interest interest, List<String> members) {
        Set<String> chosen = new LinkedHashSet<>();
        List<String> candidates = members.stream()
                .filter(member -> interest.admits(member) && !failed.contains(member))
                .toList();
        List<String> endorsed =
                candidates.stream().filter(endorsements::containsKey).toList();
        for (List<String> choice : List.of(endorsed, candidates)) {
            Optional<String> next = best(interest, choice, chosen);
            while (next.isPresent()) {
                boolean _ = chosen.add(next.get());
                next = best(interest, choice, chosen);
            }
        }
        boolean enough = interest.policies().stream().allMatch(policy -> policy.areAmong(chosen));
        return enough ? Optional.of(chosen) : Optional.empty();
    }

    private static Optional<String> best(Interest interest, List<String> candidates, Set<String> chosen) {
        Optional<String> best = Optional.empty();
        long most = 0;
        for (String candidate : candidates) {
            long serves = chosen.contains(candidate) ? 0 : serves(interest, candidate, chosen);
            if (serves > most) {
                best = Optional.of(candidate);
                most = serves;
            }
        }
        return best;
    }

    private static long serves(Interest interest, String candidate, Set<String> chosen) {
        return interest.policies().stream()
                .filter(policy -> policy.members().contains(candidate) && policy.missing(chosen) > 0)
                .count();
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
            case PeerAnswer.Unsuccessful no -> fail(peer, no.message());
            case PeerAnswer.Queried _ -> throw new IllegalStateException("nobody endorses an answer of the system");
            case PeerAnswer.Simulated simulated -> {
                ByteString payload = simulated.payload();
                if (first.isPresent() && !first.get().payload().equals(payload)) {
                    fail(peer, "ProposalResponsePayloads do not match");
                    return;
                }
                Optional<String> fault = keep(simulated);
                if (fault.isPresent()) {
                    fail(peer, fault.get());
                    return;
                }
                first = Optional.of(simulated);
                endorsements.put(peer.member(), peer.endorse(payload));
            }
        }
    }

    private void fail(Peer peer, String message) {
        boolean _ = failed.add(peer.member());
        details.add(RpcFailure.detail(peer, message));
    }

    /// Private data are on the disks of their members before anybody endorses.
    private Optional<String> keep(PeerAnswer.Simulated simulated) {
        if (simulated.results().privateData().isEmpty()) {
            return Optional.empty();
        }
        try {
            privateData.keepWaiting(
                    proposed.transactionId(), simulated.results().privateData().get(), blocks.height());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("error in simulation: failed to store private data of transaction "
                    + proposed.transactionId() + ": " + e.getMessage());
        }
    }

    private ChaincodeEndorsedAction action(Set<String> members) {
        var action = ChaincodeEndorsedAction.newBuilder()
                .setProposalResponsePayload(first.orElseThrow().payload());
        endorsements.forEach((member, endorsement) -> {
            if (members.contains(member)) {
                action.addEndorsements(endorsement);
            }
        });
        return action.build();
    }
}
