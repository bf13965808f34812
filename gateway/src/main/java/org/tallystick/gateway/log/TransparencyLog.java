package org.tallystick.gateway.log;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.LogStore.Published;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.HeadStatement;
import org.tallystick.ledger.log.LogLimits;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.WitnessAnswer;
import org.tallystick.ledger.pack.ChainLeaves.End;
import org.tallystick.ledger.pack.MemberLogs;
import org.tallystick.ledger.pack.PackBuilder;

/// The transparency log of this member, and its witness, at work: signs checkpoints as the tree grows, has them
/// cosigned, and cosigns those of others.
public final class TransparencyLog implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TransparencyLog.class.getName());

    /// How long until it is looked again whether the tree has grown.
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Pattern CHAIN = Pattern.compile("[!-~]{1," + LogLimits.CHAIN + "}");

    private final LogStore store;
    private final String origin;
    private final Signers signers;
    private final Rosters rosters;
    private final CheckpointMaker maker;
    private final MemberWitness witness;
    private final Duration pace;
    private final WitnessClient client = new WitnessClient();
    private final List<Asking> askings = new ArrayList<>();
    private final List<MemberLogs> members;
    private final List<Thread> threads = new ArrayList<>();
    private long signed;
    private volatile boolean open = true;

    private TransparencyLog(LogStore store, Ledger ledger, Signers signers, LogSettings settings) {
        this.store = store;
        this.origin = LogKeys.origin(ledger.id());
        this.signers = signers;
        this.rosters = new Rosters(ledger, store);
        this.maker = new CheckpointMaker(origin, store, signers, rosters);
        this.witness = new MemberWitness(origin, store);
        this.pace = settings.pace();
        this.members = settings.witnesses().stream()
                .filter(address -> address.key().isEmpty())
                .map(address -> MemberLogs.at(address.prefix()))
                .toList();
        settings.witnesses()
                .forEach(address -> askings.add(new Asking(address, client, store, rosters, ledger.member())));
    }

    public static TransparencyLog of(LogStore store, Ledger ledger, LogSettings settings)
            throws IOException, KeyFolderException {
        Signers signers = Signers.read(new MemberId(ledger.member()), ledger.id(), settings.keys());
        return new TransparencyLog(store, ledger, signers, settings);
    }

    /// Begins to sign, and to ask others; without keys there is nothing to do.
    public void start() {
        if (signers.isEmpty()) {
            return;
        }
        threads.add(Thread.ofVirtual().name("log-signer").start(this::sign));
        for (Asking asking : askings) {
            threads.add(Thread.ofVirtual().name("log-witness").start(() -> ask(asking)));
        }
    }

    private void sign() {
        try {
            while (open) {
                Duration pause = pace.compareTo(LOOK) < 0 ? pace : LOOK;
                try {
                    if (maker.sign()) {
                        told();
                        pause = pace;
                    }
                } catch (StoreException e) {
                    LOG.log(Level.WARNING, "log: no checkpoint now: " + e.getMessage());
                } catch (RuntimeException e) {
                    LOG.log(Level.SEVERE, "log: no checkpoint", e);
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Asking asking) {
        long asked = 0;
        try {
            while (open) {
                long before = signed();
                Optional<Duration> pause = Optional.of(pace);
                try {
                    Asking.Asked answer = asking.ask(asked);
                    asked = answer.size();
                    pause = answer.pause();
                } catch (StoreException e) {
                    LOG.log(Level.WARNING, "log: no witness is asked now: " + e.getMessage());
                } catch (RuntimeException e) {
                    LOG.log(Level.SEVERE, "log: a witness is not asked", e);
                }
                if (pause.isPresent()) {
                    Thread.sleep(pause.get());
                } else {
                    await(before);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void told() {
        signed++;
        notifyAll();
    }

    private synchronized long signed() {
        return signed;
    }

    /// Waits until there is another checkpoint.
    private synchronized void await(long before) throws InterruptedException {
        while (signed == before) {
            wait();
        }
    }

    public LogStore store() {
        return store;
    }

    /// Answers a request to cosign; nothing if this gateway signs nothing, now or ever.
    public Optional<WitnessAnswer> addCheckpoint(Bytes request) throws StoreException, InterruptedException {
        Optional<Roster> roster = rosters.now();
        Optional<LogSigner> log = roster.flatMap(known -> signers.now(LogKey.Kind.LOG, known));
        Optional<LogSigner> cosigner = roster.flatMap(known -> signers.now(LogKey.Kind.WITNESS, known));
        if (log.isEmpty() || cosigner.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(witness.answer(
                request, cosigner.get(), log.get(), roster.get(), Instant.now().getEpochSecond()));
    }

    /// The checkpoint of a log that the witness cosigned last.
    ///
    /// @param originHash SHA-256 of the log's origin, in hexadecimal
    public Optional<SignedCheckpoint> witnessed(String originHash) throws StoreException, InterruptedException {
        return Hash.of(Bytes.ofUtf8(origin)).hex().equals(originHash) ? store.witnessed() : Optional.empty();
    }

    /// Where a chain ends in the tree of a size, signed; nothing if no checkpoint of that size was cosigned
    /// here, if that is no name of a chain, or if there is no key for it.
    public Optional<Bytes> head(long size, String chain) throws StoreException, InterruptedException {
        Optional<Bytes> root = store.hasCosigned(size) ? store.root(size) : Optional.empty();
        Optional<LogSigner> signer = rosters.now().flatMap(known -> signers.now(LogKey.Kind.HEAD, known));
        if (root.isEmpty() || signer.isEmpty() || !CHAIN.matcher(chain).matches()) {
            return Optional.empty();
        }
        End end = store.end(chain, size).orElse(new End(0, Hash.ZERO));
        HeadStatement statement =
                new HeadStatement(new Checkpoint(origin, size, root.get()), chain, end.count(), end.last());
        return Optional.of(statement.sign(signer.get()).octets());
    }

    /// What a pack is proven with: the newest checkpoint that a majority of the members cosigned, the tree, and where
    /// the chains end as this member and the others say; nothing if there is no such checkpoint yet.
    public Optional<PackBuilder.Published> published(Optional<PackBuilder.Older> older)
            throws StoreException, InterruptedException {
        Optional<Published> cosigned = store.cosigned();
        if (cosigned.isEmpty()) {
            return Optional.empty();
        }
        SignedCheckpoint note = cosigned.get().note();
        return Optional.of(new PackBuilder.Published(
                note, new MemberHeads(this, members, note.checkpoint().size()), older, Optional.of(store.tree())));
    }

    /// What signs checkpoints and receipts: the key that the ledger names, if it lies here.
    public Optional<LogSigner> signer() throws StoreException, InterruptedException {
        return signers.isEmpty()
                ? Optional.empty()
                : rosters.now().flatMap(known -> signers.now(LogKey.Kind.LOG, known));
    }

    /// Whether there are keys to sign with, if the ledger names them.
    public boolean signs() {
        return !signers.isEmpty();
    }

    /// How it stands with the log, for the operator.
    public Json.Obj standing() throws StoreException, InterruptedException {
        Optional<Published> newest = store.newest();
        List<Json> missing = new ArrayList<>();
        Optional<Roster> roster = signers.isEmpty() ? Optional.empty() : rosters.now();
        for (LogKey.Kind kind : LogKey.Kind.values()) {
            if (roster.flatMap(known -> signers.now(kind, known)).isEmpty()) {
                missing.add(new Json.Text(kind.text()));
            }
        }
        UnaryOperator<Json.Builder> age = told -> newest.isEmpty()
                ? told
                : told.with(
                        "age",
                        Math.max(
                                0,
                                Duration.between(newest.get().signed(), Instant.now())
                                        .toSeconds()));
        return age.apply(Json.object())
                .with("cosigned", size(store.cosigned()))
                .with("distrusted", Json.texts(store.distrusted()))
                .with("evidence", store.evidence().size())
                .with("keysMissing", Json.array(missing))
                .with("signed", size(newest))
                .with("size", store.size())
                .with(
                        "witnesses",
                        Json.array(askings.stream().<Json>map(Asking::standing).toList()))
                .build();
    }

    private static long size(Optional<Published> checkpoint) {
        return checkpoint.map(found -> found.note().checkpoint().size()).orElse(0L);
    }

    @Override
    public void close() {
        open = false;
        threads.forEach(Thread::interrupt);
        client.close();
        members.forEach(MemberLogs::close);
    }
}
