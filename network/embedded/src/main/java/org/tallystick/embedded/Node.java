package org.tallystick.embedded;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;

/// What the services of all members share: one chain, one state, one orderer.
record Node(
        String channel,
        List<Peer> peers,
        BlockStore blocks,
        WorldState state,
        CommitNotices notices,
        Orderer orderer,
        PrivateData privateData,
        ProposalCheck check,
        SignedRequests requests,
        ExecutorService executor) {

    /// How often a stream that waits for a block looks whether its client is still there.
    private static final Duration CANCEL_CHECK = Duration.ofMillis(500);

    Node {
        peers = List.copyOf(peers);
    }

    WorldState.Snapshot snapshot() {
        return state.snapshot();
    }

    PeerAnswer queries(Proposed proposed) {
        var response =
                new SystemQueries(channel, blocks).answer(proposed.input().getArgsList());
        return Peer.isError(response) ? new PeerAnswer.ChaincodeError(response) : new PeerAnswer.Queried(response);
    }

    /// Waits until the block is there; false if the client left, and a failure if the ledger ended first.
    boolean awaitBlock(long number, OutgoingStream<?> stream) throws InterruptedException, RpcFailure {
        while (!notices.hasBlock(number, CANCEL_CHECK)) {
            if (stream.isCancelled()) {
                return false;
            }
            if (notices.ended().isPresent()) {
                throw new RpcFailure(Status.Code.UNAVAILABLE, notices.ended().get());
            }
        }
        return !stream.isCancelled();
    }

    static RpcFailure readDenied(String channel) {
        return new RpcFailure(
                Status.Code.PERMISSION_DENIED,
                "failed evaluating policy on signed data during check policy on channel [" + channel
                        + "] with policy [/Channel/Application/Readers]: [" + ProposalCheck.unsatisfied("Readers")
                        + "]");
    }
}
