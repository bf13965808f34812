package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.gateway.ChaincodeEventsResponse;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.CommitStatusResponse;
import org.hyperledger.fabric.protos.gateway.EndorseRequest;
import org.hyperledger.fabric.protos.gateway.EndorseResponse;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.hyperledger.fabric.protos.gateway.EvaluateRequest;
import org.hyperledger.fabric.protos.gateway.EvaluateResponse;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.gateway.SignedChaincodeEventsRequest;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.SubmitRequest;
import org.hyperledger.fabric.protos.gateway.SubmitResponse;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.SignedProposal;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;

/// `gateway.Gateway` of one member's peer: what the fabric-gateway client talks to, with Fabric's codes and sentences.
final class GatewayService extends GatewayGrpc.GatewayImplBase {
    private static final System.Logger LOG = System.getLogger(GatewayService.class.getName());

    private final Node node;
    private final Peer home;
    private final ChaincodeEventStream events;
    private final ExecutorService executor;

    GatewayService(Node node, Peer home) {
        this.node = node;
        this.home = home;
        this.events = new ChaincodeEventStream(node);
        this.executor = node.executor();
    }

    private interface Answer<T> {
        T get() throws RpcFailure, InterruptedException;
    }

    private static <T> void answer(StreamObserver<T> observer, Answer<T> answer) {
        try {
            T value = answer.get();
            observer.onNext(value);
            observer.onCompleted();
        } catch (RpcFailure e) {
            observer.onError(e.status());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            observer.onError(Status.UNAVAILABLE.withDescription("interrupted").asRuntimeException());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a call broke", e);
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        }
    }

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> observer) {
        answer(
                observer,
                () -> EvaluateResponse.newBuilder().setResult(evaluate(request)).build());
    }

    private Response evaluate(EvaluateRequest request) throws RpcFailure {
        Proposed proposed = unpack(request.getProposedTransaction(), "failed to unpack transaction proposal: ");
        if (!proposed.channel().equals(node.channel())) {
            throw new RpcFailure(
                    Status.Code.UNAVAILABLE,
                    "failed to get config for channel [" + proposed.channel()
                            + "]: could not get last config for channel " + proposed.channel());
        }
        List<Peer> peers = evaluators(proposed, request.getTargetOrganizationsList());
        if (peers.isEmpty()) {
            throw new RpcFailure(
                    Status.Code.FAILED_PRECONDITION,
                    "no peers available to evaluate chaincode " + proposed.chaincode() + " in channel "
                            + proposed.channel());
        }
        var details = new ArrayList<ErrorDetail>();
        Status.Code code = Status.Code.UNAVAILABLE;
        for (Peer peer : peers) {
            switch (evaluate(proposed, peer)) {
                case PeerAnswer.Simulated simulated -> {
                    return simulated.response();
                }
                case PeerAnswer.Queried queried -> {
                    return queried.response();
                }
                case PeerAnswer.Unsuccessful no -> {
                    code = no.code();
                    details.add(RpcFailure.detail(peer, no.message()));
                    if (!no.mayBeTriedElsewhere()) {
                        throw new RpcFailure(
                                code, "evaluate call to endorser returned error: " + no.message(), details);
                    }
                }
            }
        }
        throw new RpcFailure(code, "failed to evaluate transaction, see attached details for more info", details);
    }

    /// The home peer first. Transient data stays at home unless the client says where it may go.
    private List<Peer> evaluators(Proposed proposed, List<String> targets) {
        List<String> allowed = targets.isEmpty() && proposed.hasTransientData() ? List.of(home.member()) : targets;
        return Stream.concat(Stream.of(home), others())
                .filter(peer -> allowed.isEmpty() || allowed.contains(peer.member()))
                .filter(peer -> isInstalled(proposed.chaincode(), peer))
                .toList();
    }

    private Stream<Peer> others() {
        return node.peers().stream().filter(peer -> peer != home);
    }

    private static boolean isInstalled(String chaincode, Peer peer) {
        return chaincode.equals(SystemQueries.NAME) || peer.has(chaincode);
    }

    private PeerAnswer evaluate(Proposed proposed, Peer peer) {
        Optional<PeerAnswer> no = turnedDown(proposed);
        if (no.isPresent()) {
            return no.get();
        }
        if (proposed.chaincode().equals(SystemQueries.NAME)) {
            return node.queries(proposed);
        }
        try (var snapshot = node.snapshot()) {
            return peer.simulate(proposed, snapshot);
        }
    }

    /// The checks are the same at every peer of this process: they read the same chain.
    private Optional<PeerAnswer> turnedDown(Proposed proposed) {
        return node.check()
                .filtered(proposed)
                .<PeerAnswer>map(PeerAnswer.TurnedAway::new)
                .or(() -> node.check().refused(proposed).map(PeerAnswer.Refused::new));
    }

    @Override
    public void endorse(EndorseRequest request, StreamObserver<EndorseResponse> observer) {
        answer(
                observer,
                () -> EndorseResponse.newBuilder()
                        .setPreparedTransaction(endorse(request))
                        .build());
    }

    private Envelope endorse(EndorseRequest request) throws RpcFailure {
        Proposed proposed = unpack(request.getProposedTransaction(), "");
        List<String> chosen =
                request.getEndorsingOrganizationsList().stream().distinct().toList();
        checkInstalled(proposed, chosen);
        Optional<PeerAnswer> no = turnedDown(proposed);
        if (no.isPresent() && no.get() instanceof PeerAnswer.Unsuccessful unsuccessful) {
            List<Peer> asked = chosen.isEmpty() ? List.of(home) : peers(chosen);
            throw new RpcFailure(
                    Status.Code.ABORTED,
                    chosen.isEmpty()
                            ? "failed to endorse transaction, see attached details for more info"
                            : "failed to collect enough transaction endorsements, see attached details for more info",
                    asked.stream()
                            .map(peer -> RpcFailure.detail(peer, unsuccessful.message()))
                            .toList());
        }
        try (var snapshot = node.snapshot()) {
            var round = new EndorsementRound(proposed, snapshot, node.privateData(), node.blocks(), executor);
            return prepared(
                    proposed,
                    chosen.isEmpty() ? round.byHomeAndOthers(home, others().toList()) : round.byAllOf(peers(chosen)));
        }
    }

    private void checkInstalled(Proposed proposed, List<String> chosen) throws RpcFailure {
        boolean here = proposed.channel().equals(node.channel()) && home.has(proposed.chaincode());
        if (!chosen.isEmpty()) {
            List<String> missing = chosen.stream()
                    .filter(member -> !here || peers(List.of(member)).isEmpty())
                    .toList();
            if (!missing.isEmpty()) {
                throw new RpcFailure(
                        Status.Code.UNAVAILABLE,
                        "failed to find any endorsing peers for org(s): " + String.join(", ", missing));
            }
            return;
        }
        if (!here) {
            throw new RpcFailure(
                    Status.Code.FAILED_PRECONDITION,
                    proposed.hasTransientData()
                            ? "no endorsers found in the gateway's organization; retry specifying endorsing"
                                    + " organization(s) to protect transient data"
                            : "no combination of peers can be derived which satisfy the endorsement policy: No metadata"
                                    + " was found for chaincode " + proposed.chaincode() + " in channel "
                                    + proposed.channel());
        }
    }

    private List<Peer> peers(List<String> members) {
        return node.peers().stream()
                .filter(peer -> members.contains(peer.member()))
                .toList();
    }

    private static Proposed unpack(SignedProposal signed, String prefix) throws RpcFailure {
        if (signed.getProposalBytes().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, prefix + "a signed proposal is required");
        }
        try {
            Proposed proposed = Proposed.of(signed);
            if (proposed.channel().isEmpty()) {
                throw new RpcFailure(Status.Code.INVALID_ARGUMENT, prefix + "no channel id provided");
            }
            if (proposed.chaincode().isEmpty()) {
                throw new RpcFailure(
                        Status.Code.INVALID_ARGUMENT,
                        prefix + "no chaincode name is provided, channel id [" + proposed.channel() + "]");
            }
            return proposed;
        } catch (InvalidProtocolBufferException e) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, prefix + e.getMessage());
        }
    }

    private static Envelope prepared(Proposed proposed, ChaincodeEndorsedAction action) {
        var payload = ChaincodeActionPayload.newBuilder()
                .setChaincodeProposalPayload(proposed.payloadWithoutTransientData())
                .setAction(action);
        var transaction = Transaction.newBuilder()
                .addActions(TransactionAction.newBuilder()
                        .setHeader(proposed.header().getSignatureHeader())
                        .setPayload(payload.build().toByteString()));
        return Envelope.newBuilder()
                .setPayload(Payload.newBuilder()
                        .setHeader(proposed.header())
                        .setData(transaction.build().toByteString())
                        .build()
                        .toByteString())
                .build();
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> observer) {
        answer(observer, () -> submit(request));
    }

    private SubmitResponse submit(SubmitRequest request) throws RpcFailure, InterruptedException {
        if (!request.hasPreparedTransaction()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "a prepared transaction is required");
        }
        if (request.getPreparedTransaction().getSignature().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "prepared transaction must be signed");
        }
        if (!request.getChannelId().equals(node.channel())) {
            throw new RpcFailure(
                    Status.Code.FAILED_PRECONDITION,
                    "failed to get config for channel [" + request.getChannelId()
                            + "]: could not get last config for channel " + request.getChannelId());
        }
        BroadcastResponse response = node.orderer().broadcast(request.getPreparedTransaction());
        return switch (response.getStatus()) {
            case SUCCESS -> SubmitResponse.getDefaultInstance();
            case BAD_REQUEST, FORBIDDEN ->
                throw new RpcFailure(
                        Status.Code.ABORTED,
                        "received unsuccessful response from orderer: status=" + response.getStatus() + ", info="
                                + response.getInfo());
            default ->
                throw new RpcFailure(
                        Status.Code.UNAVAILABLE,
                        "no orderers could successfully process transaction",
                        List.of(ErrorDetail.newBuilder()
                                .setAddress("orderer0")
                                .setMspId(Keyring.ORDERER_ORGANIZATION)
                                .setMessage(response.getInfo())
                                .build()));
        };
    }

    /// Holds no thread while it waits.
    @Override
    public void commitStatus(SignedCommitStatusRequest signed, StreamObserver<CommitStatusResponse> observer) {
        CompletableFuture<BlockStore.Place> waiting;
        try {
            waiting = node.notices().transaction(statusRequest(signed).getTransactionId());
        } catch (RpcFailure e) {
            observer.onError(e.status());
            return;
        }
        ((ServerCallStreamObserver<CommitStatusResponse>) observer).setOnCancelHandler(() -> {
            boolean _ = waiting.cancel(false);
        });
        var _ = waiting.whenCompleteAsync(
                (place, failure) -> {
                    if (waiting.isCancelled()) {
                        return;
                    }
                    if (failure != null) {
                        observer.onError(Status.UNAVAILABLE
                                .withDescription(failure.getMessage())
                                .asRuntimeException());
                        return;
                    }
                    observer.onNext(CommitStatusResponse.newBuilder()
                            .setResult(place.code())
                            .setBlockNumber(place.block())
                            .build());
                    observer.onCompleted();
                },
                executor);
    }

    private CommitStatusRequest statusRequest(SignedCommitStatusRequest signed) throws RpcFailure {
        if (signed.getRequest().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "a commit status request is required");
        }
        CommitStatusRequest request;
        try {
            request = CommitStatusRequest.parseFrom(signed.getRequest());
        } catch (InvalidProtocolBufferException e) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "invalid status request: " + e.getMessage());
        }
        if (request.getIdentity().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "no identity provided");
        }
        if (request.getChannelId().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "no channel ID provided");
        }
        if (request.getTransactionId().isEmpty()) {
            throw new RpcFailure(Status.Code.INVALID_ARGUMENT, "transaction ID should not be empty");
        }
        boolean allowed = request.getChannelId().equals(node.channel())
                && node.requests().mayRead(request.getIdentity(), signed.getRequest(), signed.getSignature());
        if (!allowed) {
            throw Node.readDenied(request.getChannelId());
        }
        return request;
    }

    @Override
    public void chaincodeEvents(
            SignedChaincodeEventsRequest request, StreamObserver<ChaincodeEventsResponse> observer) {
        var stream = new OutgoingStream<>((ServerCallStreamObserver<ChaincodeEventsResponse>) observer);
        executor.execute(() -> events.run(request, stream));
    }
}
