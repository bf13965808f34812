package org.tallystick.ledger.pack;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.SentArguments;

/// A transaction as it lies in a block: what was asked, what the chaincode answered and wrote, and who signed that.
///
/// Its form is checked here, its signatures are not: nothing it says may be believed yet.
///
/// @param payload what the creator signed
/// @param answered what the endorsers signed: the proposal's hash, response, event and read-write set
/// @param statedProposal the proposal's hash as the endorsers signed it
/// @param proposal the hash of the proposal in this envelope
public record TransactionEnvelope(
        String id,
        String channel,
        String chaincode,
        LedgerTime time,
        Bytes payload,
        Bytes signature,
        Identity creator,
        Hash statedProposal,
        Hash proposal,
        Bytes answered,
        List<Endorsed> endorsements,
        String function,
        List<Bytes> arguments,
        Json.Obj response,
        Optional<Json.Obj> event,
        List<Read> reads,
        List<Write> writes) {

    /// The name of the event in which the leaves of a transaction travel.
    private static final String EVENT = "tallystick";

    private static final int SUCCESS = 200;
    private static final int NANOS = 1_000_000_000;
    private static final long YEAR_10000 = 253_402_300_800L;

    public TransactionEnvelope {
        endorsements = List.copyOf(endorsements);
        arguments = List.copyOf(arguments);
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
    }

    /// Who signed, as they say.
    ///
    /// @param bytes the serialized identity, which is part of what an endorser signs
    /// @param certificate PEM
    public record Identity(Bytes bytes, String member, Bytes certificate) {}

    public record Endorsed(Identity by, Bytes signature) {}

    /// A key that the simulation read, and which transaction wrote what it found there.
    public record Read(String key, Optional<Position> version) {}

    /// @param value nothing if the key is deleted
    public record Write(String key, Optional<Bytes> value) {}

    /// A place in the ledger.
    public record Position(long block, long transaction) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int byBlock = Long.compareUnsigned(block, other.block);
            return byBlock != 0 ? byBlock : Long.compareUnsigned(transaction, other.transaction);
        }

        @Override
        public String toString() {
            return "block " + block + ", transaction " + transaction;
        }
    }

    /// The hashes of what the endorsers signed, in their order: the same answer, and each behind it who it is.
    public List<Bytes> endorsed() {
        return Hash.sha256(
                answered, endorsements.stream().map(one -> one.by().bytes()).toList());
    }

    public sealed interface Reading {}

    public record Parsed(TransactionEnvelope transaction) implements Reading {}

    public record Misformed(String text) implements Reading {}

    public static Reading read(Bytes bytes) {
        try {
            return new Parsed(parse(bytes));
        } catch (WireForm.Misformed e) {
            return new Misformed(String.valueOf(e.getMessage()));
        }
    }

    private static TransactionEnvelope parse(Bytes bytes) throws WireForm.Misformed {
        Envelope envelope = WireForm.parse(Envelope.parser(), Envelope.getDescriptor(), WireForm.octets(bytes));
        Optional<String> spelling = WireForm.otherSpelling(envelope, bytes);
        if (spelling.isPresent()) {
            throw new WireForm.Misformed(spelling.get());
        }
        Payload payload = WireForm.parse(Payload.parser(), Payload.getDescriptor(), envelope.getPayload());
        ByteString channelBytes = payload.getHeader().getChannelHeader();
        ByteString signatureBytes = payload.getHeader().getSignatureHeader();
        ChannelHeader channel = WireForm.parse(ChannelHeader.parser(), ChannelHeader.getDescriptor(), channelBytes);
        SignatureHeader signature =
                WireForm.parse(SignatureHeader.parser(), SignatureHeader.getDescriptor(), signatureBytes);
        need(
                channel.getType() == HeaderType.ENDORSER_TRANSACTION_VALUE && channel.getEpoch() == 0,
                "the header is not that of a transaction");
        String id = Hash.sha256(bytes(signature.getNonce()), bytes(signature.getCreator()))
                .toHex();
        need(channel.getTxId().equals(id), "the transaction id is not the hash of nonce and creator");
        Transaction transaction = WireForm.parse(Transaction.parser(), Transaction.getDescriptor(), payload.getData());
        need(transaction.getActionsCount() == 1, "not exactly one action");
        TransactionAction only = transaction.getActions(0);
        need(only.getHeader().equals(signatureBytes), "the action has another header than the transaction");
        ChaincodeActionPayload action = WireForm.parse(
                ChaincodeActionPayload.parser(), ChaincodeActionPayload.getDescriptor(), only.getPayload());
        ByteString asked = action.getChaincodeProposalPayload();
        ByteString answered = action.getAction().getProposalResponsePayload();
        ProposalResponsePayload answer =
                WireForm.parse(ProposalResponsePayload.parser(), ProposalResponsePayload.getDescriptor(), answered);
        ChaincodeAction done =
                WireForm.parse(ChaincodeAction.parser(), ChaincodeAction.getDescriptor(), answer.getExtension());
        String chaincode = done.getChaincodeId().getName();
        ChaincodeHeaderExtension extension = WireForm.parse(
                ChaincodeHeaderExtension.parser(), ChaincodeHeaderExtension.getDescriptor(), channel.getExtension());
        need(extension.getChaincodeId().getName().equals(chaincode), "the header names another chaincode");
        List<Bytes> arguments = arguments(asked, chaincode);
        KVRWSet keys = keys(done.getResults(), chaincode);
        need(answer.getProposalHash().size() == Hash.ZERO.bytes().size(), "the proposal's hash is none");
        return new TransactionEnvelope(
                id,
                channel.getChannelId(),
                chaincode,
                time(channel.getTimestamp()),
                bytes(envelope.getPayload()),
                bytes(envelope.getSignature()),
                identity(signature.getCreator()),
                new Hash(bytes(answer.getProposalHash()).toHex()),
                new Hash(Hash.sha256(bytes(channelBytes), bytes(signatureBytes), bytes(asked))
                        .toHex()),
                bytes(answered),
                endorsements(action.getAction().getEndorsementsList()),
                arguments.getFirst().utf8().orElse(""),
                arguments.subList(1, arguments.size()),
                response(done),
                event(done, chaincode, id),
                reads(keys),
                writes(keys));
    }

    private static void need(boolean holds, String otherwise) throws WireForm.Misformed {
        if (!holds) {
            throw new WireForm.Misformed(otherwise);
        }
    }

    static LedgerTime time(Timestamp timestamp) throws WireForm.Misformed {
        need(
                timestamp.getSeconds() >= 0
                        && timestamp.getSeconds() < YEAR_10000
                        && timestamp.getNanos() >= 0
                        && timestamp.getNanos() < NANOS,
                "the timestamp is no instant");
        return new LedgerTime(timestamp.getSeconds());
    }

    private static Identity identity(ByteString bytes) throws WireForm.Misformed {
        SerializedIdentity identity =
                WireForm.parse(SerializedIdentity.parser(), SerializedIdentity.getDescriptor(), bytes);
        return new Identity(
                bytes(bytes).alone(),
                identity.getMspid(),
                bytes(identity.getIdBytes()).alone());
    }

    private static List<Endorsed> endorsements(List<Endorsement> list) throws WireForm.Misformed {
        List<Endorsed> endorsements = new ArrayList<>();
        for (Endorsement endorsement : list) {
            endorsements.add(new Endorsed(identity(endorsement.getEndorser()), bytes(endorsement.getSignature())));
        }
        return endorsements;
    }

    private static List<Bytes> arguments(ByteString asked, String chaincode) throws WireForm.Misformed {
        ChaincodeProposalPayload proposal =
                WireForm.parse(ChaincodeProposalPayload.parser(), ChaincodeProposalPayload.getDescriptor(), asked);
        ChaincodeInvocationSpec spec = WireForm.parse(
                ChaincodeInvocationSpec.parser(), ChaincodeInvocationSpec.getDescriptor(), proposal.getInput());
        need(
                spec.getChaincodeSpec().getChaincodeId().getName().equals(chaincode),
                "the proposal names another chaincode");
        Optional<List<Bytes>> arguments =
                SentArguments.read(all(spec.getChaincodeSpec().getInput().getArgsList()));
        need(arguments.isPresent(), "the arguments do not inflate");
        need(!arguments.get().isEmpty(), "no function is called");
        return arguments.get();
    }

    private static Json.Obj response(ChaincodeAction done) throws WireForm.Misformed {
        need(done.getResponse().getStatus() == SUCCESS, "the response is no success");
        return object(done.getResponse().getPayload(), "the response");
    }

    private static Optional<Json.Obj> event(ChaincodeAction done, String chaincode, String id)
            throws WireForm.Misformed {
        if (done.getEvents().isEmpty()) {
            return Optional.empty();
        }
        ChaincodeEvent event =
                WireForm.parse(ChaincodeEvent.parser(), ChaincodeEvent.getDescriptor(), done.getEvents());
        need(
                event.getChaincodeId().equals(chaincode)
                        && event.getTxId().equals(id)
                        && event.getEventName().equals(EVENT),
                "the event is not of this transaction");
        return Optional.of(object(event.getPayload(), "the event"));
    }

    private static Json.Obj object(ByteString bytes, String what) throws WireForm.Misformed {
        if (JsonReader.readCanonical(bytes(bytes)) instanceof JsonReader.Value(Json.Obj object)
                && Forms.isSmall(object)) {
            return object;
        }
        throw new WireForm.Misformed(what + " is not a JSON object in its canonical spelling");
    }

    /// The keys of our own chaincode; whatever ours never does is refused.
    private static KVRWSet keys(ByteString results, String chaincode) throws WireForm.Misformed {
        TxReadWriteSet all = WireForm.parse(TxReadWriteSet.parser(), TxReadWriteSet.getDescriptor(), results);
        KVRWSet own = KVRWSet.getDefaultInstance();
        Set<String> seen = new HashSet<>();
        for (NsReadWriteSet space : all.getNsRwsetList()) {
            KVRWSet keys = WireForm.parse(KVRWSet.parser(), KVRWSet.getDescriptor(), space.getRwset());
            boolean ours = space.getNamespace().equals(chaincode);
            need(seen.add(space.getNamespace()), "the read-write set has a namespace twice");
            need(
                    space.getCollectionHashedRwsetCount() == 0
                            && keys.getRangeQueriesInfoCount() == 0
                            && keys.getMetadataWritesCount() == 0
                            && (ours || keys.getWritesCount() == 0),
                    "the read-write set holds what the chaincode never does");
            own = ours ? keys : own;
        }
        return own;
    }

    private static List<Read> reads(KVRWSet keys) throws WireForm.Misformed {
        List<Read> reads = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (KVRead read : keys.getReadsList()) {
            need(seen.add(read.getKey()), "a key is read twice");
            Optional<Position> version = read.hasVersion()
                    ? Optional.of(new Position(
                            read.getVersion().getBlockNum(), read.getVersion().getTxNum()))
                    : Optional.empty();
            reads.add(new Read(read.getKey(), version));
        }
        return reads;
    }

    private static List<Write> writes(KVRWSet keys) throws WireForm.Misformed {
        List<Write> writes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (KVWrite write : keys.getWritesList()) {
            need(seen.add(write.getKey()), "a key is written twice");
            need(!write.getIsDelete() || write.getValue().isEmpty(), "a deleted key has a value");
            writes.add(new Write(
                    write.getKey(), write.getIsDelete() ? Optional.empty() : Optional.of(bytes(write.getValue()))));
        }
        return writes;
    }

    private static List<Bytes> all(List<ByteString> list) {
        return list.stream().map(TransactionEnvelope::bytes).toList();
    }

    private static Bytes bytes(ByteString bytes) {
        return WireForm.bytes(bytes);
    }
}
