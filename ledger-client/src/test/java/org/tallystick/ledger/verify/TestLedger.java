package org.tallystick.ledger.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.ChaincodeEvent;
import org.hyperledger.fabric.protos.peer.ChaincodeHeaderExtension;
import org.hyperledger.fabric.protos.peer.ChaincodeID;
import org.hyperledger.fabric.protos.peer.ChaincodeInput;
import org.hyperledger.fabric.protos.peer.ChaincodeInvocationSpec;
import org.hyperledger.fabric.protos.peer.ChaincodeProposalPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeSpec;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Response;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.hyperledger.fabric.protos.peer.TransactionAction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.Edition;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.signing.MemberCertificate;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.fabric.BlockHash;
import org.tallystick.ledger.pack.ConfigBlock;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// A ledger of the tests: runs the rules, and makes of what they say real transactions in real blocks.
final class TestLedger implements Ledger {

    static final String CHAINCODE = "tallystick";

    final TestNetwork network;
    final List<Block> blocks = new ArrayList<>();
    final TreeMap<String, Bytes> state = new TreeMap<>();
    /// What the members agree to say instead of what the rules say.
    UnaryOperator<Done> lie = UnaryOperator.identity();
    private final TreeMap<String, Version> versions = new TreeMap<>();
    /// Of which code the chaincode is that the members run now.
    Edition edition = Edition.THIS;
    private final List<ByteString> waiting = new ArrayList<>();
    private final List<List<LedgerBlock.Transaction>> transactions = new ArrayList<>();
    List<String> endorsers = List.of("east", "north");

    private record Creator(String member, boolean admin) implements Carrier {}

    TestLedger(TestNetwork network) {
        this.network = network;
        blocks.add(network.genesis());
        transactions.add(List.of());
    }

    ConfigBlock genesis() {
        if (ConfigBlock.read(Bytes.copyOf(blocks.getFirst().toByteArray())) instanceof ConfigBlock.Parsed(var block)) {
            return block;
        }
        throw new IllegalStateException();
    }

    @Override
    public Hash id() {
        return genesis().ledger(CHAINCODE);
    }

    /// Runs a function and puts its transaction into a block of its own.
    Json.Obj call(TestNetwork.Credential creator, LedgerTime time, String function, List<Bytes> arguments) {
        Json.Obj response = put(creator, time, function, arguments);
        cut();
        return response;
    }

    /// Runs a function; its transaction waits for the block to be cut.
    Json.Obj put(TestNetwork.Credential creator, LedgerTime time, String function, List<Bytes> arguments) {
        TreeMap<String, Optional<Bytes>> reads = new TreeMap<>();
        boolean admin = MemberCertificate.isAdmin(Bytes.ofUtf8(creator.pem()));
        Sent sent = new Sent(time, new Creator(creator.member(), admin));
        Transactions rules = new Transactions(Documents.PARSED, edition);
        Outcome outcome = switch (function) {
            case "init" -> rules.init(key -> read(key, reads), sent, arguments);
            case "submit" -> rules.submit(key -> read(key, reads), sent, arguments);
            case "sweep" -> rules.sweep(key -> read(key, reads), sent, arguments);
            case "step" -> rules.step(key -> read(key, reads), sent, arguments);
            default -> rules.advanceEpoch(key -> read(key, reads), sent, arguments);
        };
        return switch (outcome) {
            case Failed failed -> throw new IllegalStateException(failed.message());
            case Done honest -> {
                Done done = lie.apply(honest);
                Bytes envelope = envelope(creator, time, function, arguments, done, reads);
                int index = waiting.size();
                waiting.add(ByteString.copyFrom(envelope.toArray()));
                done.writes().forEach((key, value) -> write(key, value, index));
                yield done.response();
            }
        };
    }

    private Optional<Bytes> read(String key, Map<String, Optional<Bytes>> reads) {
        return reads.computeIfAbsent(key, name -> Optional.ofNullable(state.get(name)));
    }

    private void write(String key, Optional<Bytes> value, int index) {
        if (value.isPresent()) {
            state.put(key, value.get());
            versions.put(key, version(blocks.size(), index));
        } else {
            state.remove(key);
            versions.remove(key);
        }
    }

    private static Version version(long block, long transaction) {
        return Version.newBuilder().setBlockNum(block).setTxNum(transaction).build();
    }

    /// From now on nobody is shown the transactions of a block.
    void leavesOut(int block) {
        List<LedgerBlock.Transaction> _ = transactions.set(block, List.of());
    }

    void cut() {
        Block last = blocks.getLast();
        ByteString previous = ByteString.copyFrom(headerHash(last.getHeader()).toArray());
        Block block = TestNetwork.block(blocks.size(), previous, waiting);
        List<LedgerBlock.Transaction> read = new ArrayList<>();
        for (int i = 0; i < waiting.size(); i++) {
            read.add(transaction(i, Bytes.copyOf(waiting.get(i).toByteArray())));
        }
        blocks.add(block);
        transactions.add(read);
        waiting.clear();
    }

    private static Bytes headerHash(BlockHeader header) {
        return BlockHash.ofHeader(header.getNumber(), bytes(header.getPreviousHash()), bytes(header.getDataHash()))
                .bytes();
    }

    static LedgerBlock.Transaction transaction(int index, Bytes envelope) {
        if (TransactionEnvelope.read(envelope) instanceof TransactionEnvelope.Parsed(var parsed)) {
            return new LedgerBlock.Transaction(
                    index,
                    parsed.id(),
                    "VALID",
                    parsed.time(),
                    parsed.function(),
                    parsed.arguments(),
                    parsed.response(),
                    parsed.event(),
                    envelope);
        }
        throw new IllegalStateException(TransactionEnvelope.read(envelope).toString());
    }

    private Bytes envelope(
            TestNetwork.Credential creator,
            LedgerTime time,
            String function,
            List<Bytes> arguments,
            Done done,
            Map<String, Optional<Bytes>> reads) {
        ByteString nonce = ByteString.copyFrom(network.nonce());
        SignatureHeader signature = SignatureHeader.newBuilder()
                .setCreator(creator.serialized())
                .setNonce(nonce)
                .build();
        String id = Hash.of(Bytes.copyOf(nonce.concat(creator.serialized()).toByteArray()))
                .hex();
        ChaincodeID chaincode = ChaincodeID.newBuilder().setName(CHAINCODE).build();
        ChannelHeader channel = ChannelHeader.newBuilder()
                .setType(HeaderType.ENDORSER_TRANSACTION_VALUE)
                .setChannelId(TestNetwork.CHANNEL)
                .setTxId(id)
                .setTimestamp(Timestamp.newBuilder().setSeconds(time.seconds()).setNanos(5))
                .setExtension(ChaincodeHeaderExtension.newBuilder()
                        .setChaincodeId(chaincode)
                        .build()
                        .toByteString())
                .build();
        ChaincodeInput.Builder input = ChaincodeInput.newBuilder().addArgs(ByteString.copyFromUtf8(function));
        arguments.forEach(argument -> input.addArgs(ByteString.copyFrom(argument.toArray())));
        ByteString proposal = ChaincodeProposalPayload.newBuilder()
                .setInput(ChaincodeInvocationSpec.newBuilder()
                        .setChaincodeSpec(ChaincodeSpec.newBuilder()
                                .setChaincodeId(chaincode)
                                .setInput(input))
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        ByteString hash = ByteString.copyFrom(
                Hash.sha256(bytes(channel.toByteString()), bytes(signature.toByteString()), bytes(proposal))
                        .toArray());
        ChaincodeAction.Builder action = ChaincodeAction.newBuilder()
                .setResults(results(done, reads))
                .setChaincodeId(chaincode.toBuilder().setVersion("1"))
                .setResponse(Response.newBuilder()
                        .setStatus(200)
                        .setPayload(
                                ByteString.copyFrom(done.response().canonical().toArray())));
        done.event()
                .ifPresent(event -> action.setEvents(ChaincodeEvent.newBuilder()
                        .setChaincodeId(CHAINCODE)
                        .setTxId(id)
                        .setEventName("tallystick")
                        .setPayload(ByteString.copyFrom(event.canonical().toArray()))
                        .build()
                        .toByteString()));
        ByteString answered = ProposalResponsePayload.newBuilder()
                .setProposalHash(hash)
                .setExtension(action.build().toByteString())
                .build()
                .toByteString();
        ChaincodeEndorsedAction.Builder endorsed =
                ChaincodeEndorsedAction.newBuilder().setProposalResponsePayload(answered);
        endorsers.forEach(member ->
                endorsed.addEndorsements(endorsement(network.member(member).peer(), answered)));
        ByteString payload = Payload.newBuilder()
                .setHeader(Header.newBuilder()
                        .setChannelHeader(channel.toByteString())
                        .setSignatureHeader(signature.toByteString()))
                .setData(Transaction.newBuilder()
                        .addActions(TransactionAction.newBuilder()
                                .setHeader(signature.toByteString())
                                .setPayload(ChaincodeActionPayload.newBuilder()
                                        .setChaincodeProposalPayload(proposal)
                                        .setAction(endorsed)
                                        .build()
                                        .toByteString()))
                        .build()
                        .toByteString())
                .build()
                .toByteString();
        return bytes(Envelope.newBuilder()
                .setPayload(payload)
                .setSignature(creator.sign(payload))
                .build()
                .toByteString());
    }

    static Endorsement endorsement(TestNetwork.Credential peer, ByteString answered) {
        return Endorsement.newBuilder()
                .setEndorser(peer.serialized())
                .setSignature(peer.sign(answered.concat(peer.serialized())))
                .build();
    }

    private ByteString results(Done done, Map<String, Optional<Bytes>> reads) {
        KVRWSet.Builder set = KVRWSet.newBuilder();
        reads.keySet().forEach(key -> {
            KVRead.Builder read = KVRead.newBuilder().setKey(key);
            Optional.ofNullable(versions.get(key)).ifPresent(read::setVersion);
            set.addReads(read);
        });
        done.writes().forEach((key, value) -> {
            KVWrite.Builder write = KVWrite.newBuilder().setKey(key);
            value.ifPresentOrElse(
                    bytes -> write.setValue(ByteString.copyFrom(bytes.toArray())), () -> write.setIsDelete(true));
            set.addWrites(write);
        });
        NsReadWriteSet lifecycle = NsReadWriteSet.newBuilder()
                .setNamespace("_lifecycle")
                .setRwset(KVRWSet.newBuilder()
                        .addReads(KVRead.newBuilder()
                                .setKey("namespaces/fields/tallystick/Sequence")
                                .setVersion(version(0, 0)))
                        .build()
                        .toByteString())
                .build();
        return TxReadWriteSet.newBuilder()
                .addNsRwset(lifecycle)
                .addNsRwset(NsReadWriteSet.newBuilder()
                        .setNamespace(CHAINCODE)
                        .setRwset(set.build().toByteString()))
                .build()
                .toByteString();
    }

    private static Bytes bytes(ByteString bytes) {
        return Bytes.copyOf(bytes.toByteArray());
    }

    @Override
    public long height() {
        return blocks.size();
    }

    @Override
    public BlockStream blocks(long first) {
        Iterator<Block> rest = blocks.subList((int) first, blocks.size()).iterator();
        return new BlockStream() {
            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public LedgerBlock next() {
                Block block = rest.next();
                long number = block.getHeader().getNumber();
                return new LedgerBlock(
                        number,
                        bytes(block.toByteString()),
                        block.getData().getDataCount(),
                        number == 0 ? Optional.empty() : Optional.of(Hash.of(Bytes.ofUtf8("commit " + number))),
                        transactions.get((int) number));
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Override
    public String member() {
        return "north";
    }

    @Override
    public Net net() {
        return Optional.ofNullable(get(List.of(Keys.NET)).get(Keys.NET))
                .map(Net::decode)
                .orElseThrow();
    }

    @Override
    public Endorsed endorse(Call call) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void broadcast(Endorsed transaction) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Commit await(String transaction, Duration longest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) {
        TreeMap<String, Json.Obj> found = new TreeMap<>();
        for (String key : keys) {
            if (JsonReader.readCanonical(state.getOrDefault(key, Bytes.EMPTY))
                    instanceof JsonReader.Value(Json.Obj value)) {
                found.put(key, value);
            }
        }
        return found;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
