package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;

/// One member's endorser: its own instances of the chaincodes, and its own signature.
final class Peer {
    /// From here on a response is an error and is not endorsed, as `shim.ERRORTHRESHOLD`.
    private static final int FIRST_ERROR = 400;

    private static final int FIRST_SUCCESS = 200;

    private final String member;
    private final SigningIdentity identity;
    private final Map<String, Installed> chaincodes;

    record Installed(DefinedChaincode chaincode, ChaincodeRuntime runtime) {}

    Peer(String member, SigningIdentity identity, Map<String, Installed> chaincodes) {
        this.member = member;
        this.identity = identity;
        this.chaincodes = Map.copyOf(chaincodes);
    }

    String member() {
        return member;
    }

    /// How error details name this peer.
    String address() {
        return "peer0." + member;
    }

    boolean has(String chaincode) {
        return chaincodes.containsKey(chaincode);
    }

    /// Runs a proposal that [ProposalCheck] let pass, for a chaincode that this peer has.
    PeerAnswer simulate(Proposed proposed, WorldState.Snapshot snapshot) {
        Installed installed = chaincodes.get(proposed.chaincode());
        if (installed == null) {
            throw new IllegalArgumentException(member + " has no chaincode " + proposed.chaincode());
        }
        var simulation = new Simulation(snapshot, member, proposed.client(), installed.chaincode());
        return switch (installed.runtime().invoke(proposed, simulation)) {
            case ChaincodeRuntime.Outcome.Failed(var reason) -> new PeerAnswer.Failed("error in simulation: " + reason);
            case ChaincodeRuntime.Outcome.Answered(var response, var event) ->
                isError(response)
                        ? new PeerAnswer.ChaincodeError(response)
                        : simulated(
                                proposed,
                                installed.chaincode(),
                                simulation.results(),
                                response,
                                event.orElse(ChaincodeEvent.getDefaultInstance()));
        };
    }

    private PeerAnswer simulated(
            Proposed proposed,
            DefinedChaincode chaincode,
            SimulationResults results,
            Response response,
            ChaincodeEvent event) {
        return tooFewPeers(proposed, chaincode, results)
                .<PeerAnswer>map(PeerAnswer.Failed::new)
                .orElseGet(() -> new PeerAnswer.Simulated(
                        payload(proposed, chaincode.definition(), results.readWriteSet(), response, event),
                        response,
                        results));
    }

    /// Whether the private data could not be given to as many other members' peers as their collection requires.
    private Optional<String> tooFewPeers(Proposed proposed, DefinedChaincode chaincode, SimulationResults results) {
        return results.privateData().stream()
                .flatMap(data -> data.getNsPvtRwsetList().stream())
                .flatMap(namespace -> namespace.getCollectionPvtRwsetList().stream())
                .map(written ->
                        chaincode.collection(written.getCollectionName()).orElseThrow())
                .filter(collection -> others(collection) < collection.requiredPeerCount())
                .findFirst()
                .map(collection -> "error in simulation: failed to distribute private collection, txID "
                        + proposed.transactionId() + ", channel " + proposed.channel()
                        + ": could not build private data dissemination plan for chaincode " + chaincode.name()
                        + " and collection " + collection.name() + ": required to disseminate to at least "
                        + collection.requiredPeerCount() + " peers, but know of only " + others(collection)
                        + " eligible peers");
    }

    private long others(CollectionDefinition collection) {
        return collection.members().stream()
                .filter(other -> !other.equals(member))
                .count();
    }

    static boolean isError(Response response) {
        return response.getStatus() < FIRST_SUCCESS || response.getStatus() >= FIRST_ERROR;
    }

    private static ByteString payload(
            Proposed proposed,
            ChaincodeDefinition definition,
            ByteString results,
            Response response,
            ChaincodeEvent event) {
        var action = ChaincodeAction.newBuilder()
                .setResults(results)
                .setResponse(response)
                .setChaincodeId(
                        ChaincodeID.newBuilder().setName(definition.name()).setVersion(definition.version()));
        if (!event.getEventName().isEmpty()) {
            action.setEvents(event.toBuilder()
                    .setChaincodeId(definition.name())
                    .setTxId(proposed.transactionId())
                    .build()
                    .toByteString());
        }
        return ProposalResponsePayload.newBuilder()
                .setProposalHash(proposed.hash())
                .setExtension(action.build().toByteString())
                .build()
                .toByteString();
    }

    Endorsement endorse(ByteString payload) {
        return Endorsement.newBuilder()
                .setEndorser(identity.serialized())
                .setSignature(identity.sign(payload.concat(identity.serialized())))
                .build();
    }
}
