package org.tallystick.gateway.log;

import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Witness;
import org.tallystick.ledger.log.WitnessAnswer;

/// This member's witness: cosigns what any member's log signed, if it has built the same tree.
final class MemberWitness {

    private static final Logger LOG = Logger.getLogger(MemberWitness.class.getName());

    private final String origin;
    private final LogStore store;

    MemberWitness(String origin, LogStore store) {
        this.origin = origin;
        this.store = store;
    }

    /// What the library cannot let through; never leaves this class.
    private static final class Trouble extends RuntimeException {
        private static final long serialVersionUID = 1;

        Trouble(Exception cause) {
            super(cause);
        }
    }

    private interface Call<T> {
        T call() throws StoreException, InterruptedException;
    }

    private static <T> T through(Call<T> call) {
        try {
            return call.call();
        } catch (StoreException | InterruptedException e) {
            throw new Trouble(e);
        }
    }

    /// @param log signs this member's side of evidence
    /// @param time in seconds since 1970
    WitnessAnswer answer(Bytes request, LogSigner witness, LogSigner log, Roster roster, long time)
            throws StoreException, InterruptedException {
        List<String> distrusted = store.distrusted();
        List<VerifierKey> trusted = roster.keys(LogKey.Kind.LOG).stream()
                .filter(key -> !distrusted.contains(key.text()))
                .toList();
        Witness cosigner = new Witness(
                List.of(witness),
                asked -> asked.equals(origin) ? Optional.of(trusted) : Optional.empty(),
                new Memory(),
                Optional.of(new OwnTree(log, trusted)));
        try {
            return cosigner.addCheckpoint(request, time);
        } catch (Trouble e) {
            switch (e.getCause()) {
                case StoreException failure -> throw failure;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw e;
            }
        }
    }

    /// What it cosigned last; it knows one log.
    private final class Memory implements Witness.Memory {
        @Override
        public Optional<SignedCheckpoint> last(String asked) {
            return through(store::witnessed);
        }

        @Override
        public boolean advance(Optional<Checkpoint> before, SignedCheckpoint next) {
            return through(() -> store.advance(before, next));
        }
    }

    private final class OwnTree implements Witness.OwnTree {
        private final LogSigner log;
        private final List<VerifierKey> trusted;

        OwnTree(LogSigner log, List<VerifierKey> trusted) {
            this.log = log;
            this.trusted = trusted;
        }

        @Override
        public Optional<Bytes> root(String asked, long size) {
            return through(() -> store.root(size));
        }

        @Override
        public void forked(SignedCheckpoint theirs, Bytes ownRoot) {
            Checkpoint own = new Checkpoint(origin, theirs.checkpoint().size(), ownRoot);
            List<String> by =
                    new KnownKeys(trusted).open(theirs) instanceof KnownKeys.Opened.Signed(KnownKeys.Signers signers)
                            ? signers.keys().stream().map(VerifierKey::text).toList()
                            : List.of();
            Evidence evidence = new Evidence(theirs, new SignedCheckpoint(own, List.of(log.sign(own, 0))));
            boolean _ = through(() -> {
                store.convict(evidence, by);
                return true;
            });
            LOG.severe("log: EVIDENCE: at size " + own.size() + " the log of " + by
                    + " has another root than the one built here; nothing of that key is cosigned any more");
        }
    }
}
