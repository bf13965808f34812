package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serial;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWriteHash;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// Everything about an envelope that does not depend on its neighbours in the block: form, signatures, policy.
///
/// The first check that fails gives the code, in Fabric's order.
final class Validator {
    private static final System.Logger LOG = System.getLogger(Validator.class.getName());

    private final String channel;
    private final Membership membership;
    private final BlockStore blocks;
    private final Map<String, DefinedChaincode> chaincodes;

    Validator(String channel, Membership membership, BlockStore blocks, Map<String, DefinedChaincode> chaincodes) {
        this.channel = channel;
        this.membership = membership;
        this.blocks = blocks;
        this.chaincodes = Map.copyOf(chaincodes);
    }

    /// An envelope with the code it has so far; only a valid one has a read-write set.
    record Checked(String transactionId, TxValidationCode code, Optional<TxReadWriteSet> readWriteSet) {
        boolean isValid() {
            return code == TxValidationCode.VALID;
        }
    }

    /// The code that ends the check.
    private static final class Invalid extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        private final TxValidationCode code;

        Invalid(TxValidationCode code) {
            super(code.name(), null, false, false);
            this.code = code;
        }
    }

    Checked check(ByteString bytes) {
        String id = "";
        try {
            Envelope envelope = envelope(bytes);
            Payload payload = payload(envelope);
            ChannelHeader channelHeader = channelHeader(payload);
            SignatureHeader signatureHeader = signatureHeader(payload);
            id = channelHeader.getTxId();
            checkHeaders(channelHeader, signatureHeader);
            checkCreator(envelope, signatureHeader);
            require(channelHeader.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE, TxValidationCode.UNKNOWN_TX_TYPE);
            require(id.equals(Proposed.transactionId(signatureHeader)), TxValidationCode.BAD_PROPOSAL_TXID);
            ChaincodeEndorsedAction endorsed = endorsedAction(payload);
            require(blocks.transaction(id).isEmpty(), TxValidationCode.DUPLICATE_TXID);
            ChaincodeAction action = action(endorsed);
            DefinedChaincode chaincode = chaincode(channelHeader, action);
            TxReadWriteSet readWriteSet = readWriteSet(action);
            checkEndorsements(endorsed, policies(chaincode, readWriteSet));
            return new Checked(id, TxValidationCode.VALID, Optional.of(readWriteSet));
        } catch (Invalid invalid) {
            return new Checked(id, invalid.code, Optional.empty());
        } catch (RuntimeException e) {
            // One envelope must not stop the ledger for all; a check that breaks is a check that failed.
            LOG.log(System.Logger.Level.ERROR, "the validation of transaction '" + id + "' broke", e);
            return new Checked(id, TxValidationCode.INVALID_OTHER_REASON, Optional.empty());
        }
    }

    private static void require(boolean condition, TxValidationCode otherwise) throws Invalid {
        if (!condition) {
            throw new Invalid(otherwise);
        }
    }

    private static Envelope envelope(ByteString bytes) throws Invalid {
        require(!bytes.isEmpty(), TxValidationCode.NIL_ENVELOPE);
        try {
            return Envelope.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.INVALID_OTHER_REASON);
        }
    }

    private static Payload payload(Envelope envelope) throws Invalid {
        try {
            return Payload.parseFrom(envelope.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_PAYLOAD);
        }
    }

    private static ChannelHeader channelHeader(Payload payload) throws Invalid {
        try {
            return ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_COMMON_HEADER);
        }
    }

    private static SignatureHeader signatureHeader(Payload payload) throws Invalid {
        try {
            return SignatureHeader.parseFrom(payload.getHeader().getSignatureHeader());
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_COMMON_HEADER);
        }
    }

    private void checkHeaders(ChannelHeader channelHeader, SignatureHeader signatureHeader) throws Invalid {
        require(
                channelHeader.getEpoch() == 0
                        && !signatureHeader.getNonce().isEmpty()
                        && !signatureHeader.getCreator().isEmpty(),
                TxValidationCode.BAD_COMMON_HEADER);
        require(channelHeader.getChannelId().equals(channel), TxValidationCode.TARGET_CHAIN_NOT_FOUND);
    }

    private void checkCreator(Envelope envelope, SignatureHeader header) throws Invalid {
        boolean signed = membership
                .identify(header.getCreator())
                .filter(creator -> creator.signed(envelope.getPayload(), envelope.getSignature()))
                .isPresent();
        require(signed, TxValidationCode.BAD_CREATOR_SIGNATURE);
    }

    private static ChaincodeEndorsedAction endorsedAction(Payload payload) throws Invalid {
        try {
            List<TransactionAction> actions =
                    Transaction.parseFrom(payload.getData()).getActionsList();
            require(actions.size() == 1, TxValidationCode.INVALID_ENDORSER_TRANSACTION);
            var action = ChaincodeActionPayload.parseFrom(actions.getFirst().getPayload());
            ByteString hash = Sha256.of(
                    payload.getHeader().getChannelHeader(),
                    actions.getFirst().getHeader(),
                    action.getChaincodeProposalPayload());
            var response = ProposalResponsePayload.parseFrom(action.getAction().getProposalResponsePayload());
            require(hash.equals(response.getProposalHash()), TxValidationCode.INVALID_ENDORSER_TRANSACTION);
            return action.getAction();
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.INVALID_ENDORSER_TRANSACTION);
        }
    }

    private static ChaincodeAction action(ChaincodeEndorsedAction endorsed) throws Invalid {
        try {
            return ChaincodeAction.parseFrom(ProposalResponsePayload.parseFrom(endorsed.getProposalResponsePayload())
                    .getExtension());
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_RESPONSE_PAYLOAD);
        }
    }

    private DefinedChaincode chaincode(ChannelHeader header, ChaincodeAction action) throws Invalid {
        String name = action.getChaincodeId().getName();
        try {
            String proposed = ChaincodeHeaderExtension.parseFrom(header.getExtension())
                    .getChaincodeId()
                    .getName();
            require(name.equals(proposed), TxValidationCode.INVALID_CHAINCODE);
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_HEADER_EXTENSION);
        }
        DefinedChaincode chaincode = chaincodes.get(name);
        if (chaincode == null) {
            throw new Invalid(TxValidationCode.INVALID_CHAINCODE);
        }
        require(
                chaincode.definition().version().equals(action.getChaincodeId().getVersion()),
                TxValidationCode.EXPIRED_CHAINCODE);
        checkEvent(name, action);
        return chaincode;
    }

    private static void checkEvent(String chaincode, ChaincodeAction action) throws Invalid {
        try {
            var event = ChaincodeEvent.parseFrom(action.getEvents());
            require(
                    action.getEvents().isEmpty() || event.getChaincodeId().equals(chaincode),
                    TxValidationCode.INVALID_OTHER_REASON);
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.INVALID_OTHER_REASON);
        }
    }

    /// Everything that this ledger does not serve is not in a set that it takes either.
    private static TxReadWriteSet readWriteSet(ChaincodeAction action) throws Invalid {
        try {
            var all = TxReadWriteSet.parseFrom(action.getResults());
            Set<String> seen = new HashSet<>();
            for (NsReadWriteSet namespace : all.getNsRwsetList()) {
                var keys = KVRWSet.parseFrom(namespace.getRwset());
                boolean own =
                        namespace.getNamespace().equals(action.getChaincodeId().getName());
                require(
                        seen.add(namespace.getNamespace())
                                && (own || keys.getWritesCount() == 0)
                                && (own || namespace.getCollectionHashedRwsetCount() == 0)
                                && keys.getRangeQueriesInfoCount() == 0
                                && keys.getMetadataWritesCount() == 0,
                        TxValidationCode.ILLEGAL_WRITESET);
                for (CollectionHashedReadWriteSet collection : namespace.getCollectionHashedRwsetList()) {
                    var hashed = HashedRWSet.parseFrom(collection.getHashedRwset());
                    require(
                            hashed.getMetadataWritesCount() == 0
                                    && hashed.getHashedWritesList().stream().noneMatch(KVWriteHash::getIsPurge),
                            TxValidationCode.ILLEGAL_WRITESET);
                }
            }
            return all;
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_RWSET);
        }
    }

    /// Whose endorsements are needed: for what is written to a collection its own endorsers', else the chaincode's;
    /// also if nothing is written.
    private static Set<Endorsers> policies(DefinedChaincode chaincode, TxReadWriteSet readWriteSet) throws Invalid {
        Set<Endorsers> policies = new HashSet<>();
        for (NsReadWriteSet namespace : readWriteSet.getNsRwsetList()) {
            if (writesPublicly(namespace)) {
                policies.add(chaincode.endorsers());
            }
            for (CollectionHashedReadWriteSet hashed : namespace.getCollectionHashedRwsetList()) {
                if (PrivateData.keys(hashed).getHashedWritesCount() > 0) {
                    CollectionDefinition collection = chaincode
                            .collection(hashed.getCollectionName())
                            .orElseThrow(() -> new Invalid(TxValidationCode.ENDORSEMENT_POLICY_FAILURE));
                    policies.add(chaincode.endorsersOf(collection));
                }
            }
        }
        return policies.isEmpty() ? Set.of(chaincode.endorsers()) : policies;
    }

    private static boolean writesPublicly(NsReadWriteSet namespace) throws Invalid {
        try {
            return KVRWSet.parseFrom(namespace.getRwset()).getWritesCount() > 0;
        } catch (InvalidProtocolBufferException e) {
            throw new Invalid(TxValidationCode.BAD_RWSET);
        }
    }

    /// Peers of the members that each policy asks for signed, each member counted once.
    private void checkEndorsements(ChaincodeEndorsedAction endorsed, Set<Endorsers> policies) throws Invalid {
        Set<String> members = new HashSet<>();
        for (Endorsement endorsement : endorsed.getEndorsementsList()) {
            ByteString signed = endorsed.getProposalResponsePayload().concat(endorsement.getEndorser());
            membership
                    .identify(endorsement.getEndorser())
                    .filter(endorser -> endorser.has(NodeRole.PEER))
                    .filter(endorser -> !members.contains(endorser.member()))
                    .filter(endorser -> endorser.signed(signed, endorsement.getSignature()))
                    .ifPresent(endorser -> {
                        boolean _ = members.add(endorser.member());
                    });
        }
        require(
                policies.stream().allMatch(policy -> policy.areAmong(members)),
                TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    }
}
