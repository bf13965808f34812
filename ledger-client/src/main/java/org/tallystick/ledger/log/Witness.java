package org.tallystick.ledger.log;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Merkle;
import org.tallystick.agreement.signing.VerifierKey;

/// Cosigns the checkpoints of logs that never take back what they showed: C2SP tlog-witness.
///
/// With a tree of its own it is a member's witness (`docs/spec/ledger-1.md` section 14), which cosigns only what it has
/// built itself. Without one it is a witness as any.
public final class Witness {

    /// Which logs it follows.
    public interface Logs {

        /// The keys that may sign checkpoints of this origin now, or nothing if the origin is not known.
        Optional<List<VerifierKey>> keys(String origin);
    }

    /// What it cosigned last, on a disk.
    public interface Memory {

        Optional<SignedCheckpoint> last(String origin);

        /// Puts a checkpoint in the place of the last one, if that still has the size and root of `before`, or if there
        /// still is none: look and write must be one step, and be durable when this returns. Else false.
        boolean advance(Optional<Checkpoint> before, SignedCheckpoint next);
    }

    /// The tree that it has built from its own blocks.
    public interface OwnTree {

        /// The root at this size, or nothing if it has not come that far.
        Optional<Bytes> root(String origin, long size);

        /// Somebody signed another root than this one: keeps both as [Evidence], durably, before it returns.
        void forked(SignedCheckpoint theirs, Bytes ownRoot);
    }

    private final List<LogSigner> signers;
    private final Logs logs;
    private final Memory memory;
    private final Optional<OwnTree> own;

    public Witness(List<LogSigner> signers, Logs logs, Memory memory, Optional<OwnTree> own) {
        this.signers = List.copyOf(signers);
        this.logs = logs;
        this.memory = memory;
        this.own = own;
        if (signers.isEmpty()
                || signers.stream()
                        .anyMatch(signer -> !signer.verifierKey().type().isCosignature())) {
            throw new IllegalArgumentException("a witness has keys, and they make cosignatures");
        }
    }

    /// Answers a request, at this time in seconds since 1970. When it cosigns, that is recorded.
    public WitnessAnswer addCheckpoint(Bytes request, long time) {
        return switch (AddCheckpoint.parse(request)) {
            case Reading.Fault<AddCheckpoint>(String why) -> new WitnessAnswer.Malformed(why);
            case Reading.Value<AddCheckpoint>(AddCheckpoint add) -> answer(add, time);
        };
    }

    /// In the order of the protocol's text.
    private WitnessAnswer answer(AddCheckpoint add, long time) {
        Checkpoint offered = add.checkpoint().checkpoint();
        Optional<List<VerifierKey>> trusted = logs.keys(offered.origin());
        if (trusted.isEmpty()) {
            return new WitnessAnswer.UnknownOrigin();
        }
        return switch (new KnownKeys(trusted.get()).open(add.checkpoint())) {
            case KnownKeys.Opened.Refused(String why) -> new WitnessAnswer.NotSigned(why);
            case KnownKeys.Opened.Signed(KnownKeys.Signers by) -> answer(add, by.lines(), time);
        };
    }

    /// @param log the signatures of the log
    private WitnessAnswer answer(AddCheckpoint add, List<Note.Line> log, long time) {
        Checkpoint offered = add.checkpoint().checkpoint();
        if (add.old() > offered.size()) {
            return new WitnessAnswer.Malformed("the old size is above that of the checkpoint");
        }
        Optional<Checkpoint> last = last(offered.origin());
        if (add.old() != size(last)) {
            return new WitnessAnswer.Conflict(size(last));
        }
        Optional<WitnessAnswer> no = refusal(add, last);
        if (no.isPresent()) {
            return no.get();
        }
        List<Note.Line> cosignatures =
                signers.stream().map(signer -> signer.sign(offered, time)).toList();
        List<Note.Line> lines = Stream.concat(
                        cosignatures.stream(), log.stream().limit(LogLimits.CHECKPOINT_SIGNATURES - signers.size()))
                .toList();
        if (memory.advance(last, new SignedCheckpoint(offered, lines))) {
            return new WitnessAnswer.Cosigned(cosignatures);
        }
        // Another request came between.
        return new WitnessAnswer.Conflict(size(last(offered.origin())));
    }

    private Optional<Checkpoint> last(String origin) {
        return memory.last(origin).map(SignedCheckpoint::checkpoint);
    }

    private static long size(Optional<Checkpoint> last) {
        return last.map(Checkpoint::size).orElse(0L);
    }

    /// A log that cannot show how its tree goes on may have forked: then the own tree says more.
    private Optional<WitnessAnswer> refusal(AddCheckpoint add, Optional<Checkpoint> last) {
        Optional<WitnessAnswer> inconsistent = fault(add, last).map(WitnessAnswer.Inconsistent::new);
        if (own.isEmpty()) {
            return inconsistent;
        }
        Checkpoint offered = add.checkpoint().checkpoint();
        Optional<Bytes> root = own.get().root(offered.origin(), offered.size());
        if (root.isEmpty()) {
            return inconsistent.or(() -> Optional.of(new WitnessAnswer.Behind()));
        }
        if (!root.get().equals(offered.root())) {
            own.get().forked(add.checkpoint(), root.get());
            return Optional.of(new WitnessAnswer.Forked());
        }
        return inconsistent;
    }

    /// Why the offered tree does not go on from the last one, if it does not.
    private static Optional<String> fault(AddCheckpoint add, Optional<Checkpoint> last) {
        Checkpoint offered = add.checkpoint().checkpoint();
        if (offered.size() == 0 && !offered.root().equals(Checkpoint.EMPTY_ROOT)) {
            return Optional.of("an empty tree has another root");
        }
        if (add.old() == 0) {
            return add.proof().isEmpty() ? Optional.empty() : Optional.of("from nothing there is nothing to prove");
        }
        Bytes before = last.orElseThrow().root();
        return Merkle.consistent(add.old(), before, offered.size(), offered.root(), add.proof())
                ? Optional.empty()
                : Optional.of("the proof does not lead from the checkpoint cosigned last to this one");
    }
}
