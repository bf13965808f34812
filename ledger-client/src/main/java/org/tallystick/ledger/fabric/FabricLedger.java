package org.tallystick.ledger.fabric;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockchainInfo;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.gateway.CommitStatusRequest;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.gateway.SignedCommitStatusRequest;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// A ledger over the Fabric Gateway protocol: real Fabric and the embedded ledger alike.
///
/// Every call waits, has a deadline and is made once: whoever calls knows what may be repeated. Calls above the bound
/// wait for their turn.
public final class FabricLedger implements Ledger {

    /// Where a peer is and who speaks to it.
    ///
    /// @param address `host:port`
    /// @param tlsAuthority certificate in PEM that the peer's own is checked against; absent: no TLS
    public record Settings(
            String address, MemberIdentity identity, String channel, String chaincode, Optional<String> tlsAuthority) {

        public static final String USUAL_CHANNEL = "tallystick";
        public static final String USUAL_CHAINCODE = "tallystick";

        public static Settings of(String address, MemberIdentity identity) {
            return new Settings(address, identity, USUAL_CHANNEL, USUAL_CHAINCODE, Optional.empty());
        }
    }

    private static final Duration EVALUATE = Duration.ofSeconds(10);
    private static final Duration ENDORSE = Duration.ofSeconds(20);
    private static final Duration SUBMIT = Duration.ofSeconds(15);
    /// How long the members of the channel are taken as known.
    private static final Duration MEMBERS_KNOWN = Duration.ofSeconds(10);

    private static final Duration CLOSING = Duration.ofSeconds(5);
    /// Longer than the five minutes that servers in Java ask for between two of these.
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(6);

    private static final int LARGEST_MESSAGE = 100 << 20;
    /// A peer takes 500 at a time, from everybody.
    private static final int CALLS = 100;

    private static final Logger LOG = Logger.getLogger(FabricLedger.class.getName());
    private static final String QUERIES = "qscc";

    private final Gateway gateway;
    private final MemberIdentity identity;
    private final Signer signer;
    private final String channel;
    private final String chaincode;
    private final AutoCloseable connection;
    private final Semaphore calls = new Semaphore(CALLS, true);
    private final Semaphore waits = new Semaphore(CALLS, true);
    private final Hash id;
    private volatile Optional<Known> members = Optional.empty();

    private FabricLedger(
            Channel connection, AutoCloseable closing, MemberIdentity identity, String channel, String chaincode)
            throws LedgerException {
        this.identity = identity;
        this.channel = channel;
        this.chaincode = chaincode;
        this.connection = closing;
        this.signer = Signers.newPrivateKeySigner(identity.key());
        this.gateway = Gateway.newInstance()
                .identity(new X509Identity(identity.member(), identity.certificate()))
                .signer(signer)
                .connection(connection)
                .evaluateOptions(within(EVALUATE))
                .endorseOptions(within(ENDORSE))
                .submitOptions(within(SUBMIT))
                .connect();
        this.id = LedgerId.of(genesis(), channel, chaincode);
    }

    /// Connects to a peer and asks it for block 0, from which the ledger's id is computed.
    public static FabricLedger connect(Settings settings) throws LedgerException {
        ManagedChannel connection = Grpc.newChannelBuilder(settings.address(), credentials(settings))
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
        boolean connected = false;
        try {
            FabricLedger ledger = new FabricLedger(
                    connection, () -> end(connection), settings.identity(), settings.channel(), settings.chaincode());
            connected = true;
            return ledger;
        } finally {
            if (!connected) {
                ManagedChannel _ = connection.shutdownNow();
            }
        }
    }

    /// A ledger behind a connection that the caller made and closes, for instance one inside this process.
    public static FabricLedger over(Channel connection, MemberIdentity identity, String channel, String chaincode)
            throws LedgerException {
        return new FabricLedger(connection, () -> {}, identity, channel, chaincode);
    }

    private static ChannelCredentials credentials(Settings settings) {
        if (settings.tlsAuthority().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        byte[] authority = settings.tlsAuthority().get().getBytes(StandardCharsets.US_ASCII);
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(new ByteArrayInputStream(authority))
                    .build();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a certificate authority in PEM: " + e.getMessage(), e);
        }
    }

    private static void end(ManagedChannel connection) throws InterruptedException {
        if (!connection.shutdown().awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
            ManagedChannel _ = connection.shutdownNow();
        }
    }

    private static UnaryOperator<CallOptions> within(Duration deadline) {
        return options -> options.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Hash id() {
        return id;
    }

    @Override
    public String member() {
        return identity.member();
    }

    @Override
    public Net net() throws LedgerException {
        Json.Obj net = get(List.of(Keys.NET)).get(Keys.NET);
        if (net == null) {
            throw new LedgerException.Failed("not_initialized", Json.Obj.EMPTY);
        }
        return Net.decode(net);
    }

    /// The hosts and as many others as make a majority, all at once. If these do not endorse, whom the peer chooses;
    /// at last a majority without the own member: no single member that is down or in error stops the parties.
    @Override
    public Endorsed endorse(Call call) throws LedgerException {
        List<String> endorsers =
                call.hosts().isEmpty() ? List.of() : members().endorsers(call.hosts(), identity.member());
        try {
            return endorse(call, endorsers);
        } catch (LedgerException.Failed e) {
            throw e;
        } catch (LedgerException e) {
            members = Optional.empty();
            return endorsers.isEmpty() || Failures.silent(e, identity.member())
                    ? endorsedWithoutOwn(call, e)
                    : endorsedAsChosen(call, endorsers, e);
        }
    }

    private Endorsed endorsedAsChosen(Call call, List<String> before, LedgerException failure) throws LedgerException {
        LOG.info("not endorsed by " + before + ", the peer asks others: " + failure.getMessage());
        try {
            return endorse(call, List.of());
        } catch (LedgerException.Failed e) {
            throw e;
        } catch (LedgerException e) {
            return endorsedWithoutOwn(call, e);
        }
    }

    private Endorsed endorsedWithoutOwn(Call call, LedgerException failure) throws LedgerException {
        if (!failure.mayRepeat() || Failures.details(failure).isEmpty()) {
            throw failure;
        }
        List<String> others = members().endorsersWithout(identity.member(), call.hosts());
        if (others.isEmpty()) {
            throw failure;
        }
        LOG.warning("not endorsed with " + identity.member() + ", now by " + others + ": " + failure.getMessage());
        try {
            return endorse(call, others);
        } catch (LedgerException.Failed e) {
            throw e;
        } catch (LedgerException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /// Asked for again after a while: members come and go.
    private ChannelMembers members() throws LedgerException {
        Optional<Known> known = members;
        if (known.isPresent() && System.nanoTime() - known.get().nanos() < MEMBERS_KNOWN.toNanos()) {
            return known.get().members();
        }
        long now = System.nanoTime();
        Block newest = block(height() - 1);
        ChannelMembers read = bounded(
                calls,
                () -> ChannelMembers.of(
                        newest.getHeader().getNumber() == 0 ? newest : block(ChannelMembers.configOf(newest))));
        members = Optional.of(new Known(read, now));
        return read;
    }

    /// @param nanos when it was asked for
    private record Known(ChannelMembers members, long nanos) {}

    private Block block(long number) throws LedgerException {
        byte[] bytes = evaluate(QUERIES, "GetBlockByNumber", channel, Long.toString(number));
        return bounded(calls, () -> Block.parseFrom(bytes));
    }

    private Endorsed endorse(Call call, List<String> endorsers) throws LedgerException {
        Endorsed endorsed = endorseAny(call, endorsers);
        int size = endorsed.envelope().size();
        if (size > Transactions.MAX_TRANSACTION) {
            throw new LedgerException.Failed(
                    "batch_too_large",
                    Json.object()
                            .with("limit", Transactions.MAX_TRANSACTION)
                            .with("size", size)
                            .build());
        }
        return endorsed;
    }

    private Endorsed endorseAny(Call call, List<String> endorsers) throws LedgerException {
        return bounded(calls, () -> {
            List<Bytes> sent =
                    SentArguments.of(Stream.concat(Stream.of(Bytes.ofUtf8(call.function())), call.arguments().stream())
                            .toList());
            Proposal.Builder proposal = gateway.getNetwork(channel)
                    .getContract(chaincode)
                    .newProposal(sent.getFirst().utf8().orElseThrow())
                    .addArguments(sent.stream().skip(1).map(Bytes::toArray).toArray(byte[][]::new));
            if (!endorsers.isEmpty()) {
                proposal.setEndorsingOrganizations(endorsers.toArray(String[]::new));
            }
            Transaction endorsed = proposal.build().endorse();
            return new Endorsed(
                    endorsed.getTransactionId(),
                    Bytes.copyOf(signed(endorsed).toByteArray()),
                    json(Bytes.copyOf(endorsed.getResult())));
        });
    }

    /// The client would sign when it sends; the signed bytes are wanted before.
    private Envelope signed(Transaction endorsed) throws InvalidProtocolBufferException, LedgerException {
        byte[] signature;
        try {
            signature = signer.sign(endorsed.getDigest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + identity + " does not sign", e);
        }
        return PreparedTransaction.parseFrom(endorsed.getBytes()).getEnvelope().toBuilder()
                .setSignature(ByteString.copyFrom(signature))
                .build();
    }

    @Override
    public void broadcast(Endorsed transaction) throws LedgerException {
        var _ = bounded(calls, () -> {
            Envelope envelope = Envelope.parseFrom(transaction.envelope().toArray());
            PreparedTransaction prepared = PreparedTransaction.newBuilder()
                    .setTransactionId(transaction.transaction())
                    .setEnvelope(envelope)
                    .build();
            return gateway.newSignedTransaction(
                            prepared.toByteArray(), envelope.getSignature().toByteArray())
                    .submitAsync();
        });
    }

    @Override
    public Commit await(String transaction, Duration longest) throws LedgerException {
        CommitStatusRequest request = CommitStatusRequest.newBuilder()
                .setChannelId(channel)
                .setTransactionId(transaction)
                .setIdentity(creator())
                .build();
        SignedCommitStatusRequest unsigned = SignedCommitStatusRequest.newBuilder()
                .setRequest(request.toByteString())
                .build();
        Status status =
                bounded(waits, () -> gateway.newCommit(unsigned.toByteArray()).getStatus(within(longest)));
        return new Commit(transaction, status.getBlockNumber(), status.getCode().name());
    }

    private ByteString creator() {
        return SerializedIdentity.newBuilder()
                .setMspid(gateway.getIdentity().getMspId())
                .setIdBytes(ByteString.copyFrom(gateway.getIdentity().getCredentials()))
                .build()
                .toByteString();
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
        byte[] answer = evaluate(chaincode, "get", keys.toArray(String[]::new));
        TreeMap<String, Json.Obj> values = new TreeMap<>();
        json(Bytes.copyOf(answer))
                .object("values")
                .members()
                .forEach((key, value) -> values.put(key, (Json.Obj) value));
        return values;
    }

    @Override
    public long height() throws LedgerException {
        byte[] info = evaluate(QUERIES, "GetChainInfo", channel);
        return bounded(calls, () -> BlockchainInfo.parseFrom(info).getHeight());
    }

    private Hash genesis() throws LedgerException {
        Bytes block = Bytes.copyOf(evaluate(QUERIES, "GetBlockByNumber", channel, "0"));
        return switch (new BlockReader(channel, chaincode).read(block)) {
            case BlockReading.Read read when read.block().number() == 0 -> read.hash();
            case BlockReading.Read read ->
                throw new LedgerException.Refused(
                        "the peer sent block " + read.block().number() + " for 0", null);
            case BlockReading.Malformed(var at, var what) ->
                throw new LedgerException.Refused("the peer sent no block 0: " + at + ", " + what, null);
        };
    }

    private byte[] evaluate(String name, String function, String... arguments) throws LedgerException {
        return bounded(
                calls,
                () -> gateway.getNetwork(channel)
                        .getContract(name)
                        .newProposal(function)
                        .addArguments(arguments)
                        .build()
                        .evaluate());
    }

    @Override
    public BlockStream blocks(long first) throws LedgerException {
        return bounded(
                calls,
                () -> new ChainedBlocks(
                        gateway.getNetwork(channel)
                                .newBlockEventsRequest()
                                .startBlock(first)
                                .build()
                                .getEvents(),
                        new BlockReader(channel, chaincode),
                        first));
    }

    private interface Asking<T> {
        T ask() throws GatewayException, InvalidProtocolBufferException, LedgerException;
    }

    private <T> T bounded(Semaphore bound, Asking<T> asking) throws LedgerException {
        try {
            bound.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException.Unavailable("interrupted before the peer was asked", e);
        }
        try {
            return asking.ask();
        } catch (GatewayException e) {
            throw Failures.of(identity.member() + "'s peer", e);
        } catch (GatewayRuntimeException e) {
            throw Failures.of(identity.member() + "'s peer", e);
        } catch (InvalidProtocolBufferException e) {
            throw new LedgerException.Refused("the peer sent no message of Fabric's: " + e.getMessage(), e);
        } finally {
            bound.release();
        }
    }

    /// What the chaincode answers is canonical JSON.
    private static Json.Obj json(Bytes answer) throws LedgerException {
        if (JsonReader.readCanonical(answer) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new LedgerException.Refused("the chaincode answered no JSON object of ours: " + answer, null);
    }

    @Override
    public void close() {
        gateway.close();
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("a connection that does not close", e);
        }
    }
}
