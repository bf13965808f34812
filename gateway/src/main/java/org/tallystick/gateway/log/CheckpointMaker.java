package org.tallystick.gateway.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.SignedCheckpoint;

/// Signs this member's checkpoints: of the ends of blocks alone, each larger than the one before, and none that the
/// last
/// one does not lead to.
final class CheckpointMaker {

    private static final Logger LOG = Logger.getLogger(CheckpointMaker.class.getName());

    private final String origin;
    private final LogStore store;
    private final Signers signers;
    private final Rosters rosters;

    CheckpointMaker(String origin, LogStore store, Signers signers, Rosters rosters) {
        this.origin = origin;
        this.store = store;
        this.signers = signers;
        this.rosters = rosters;
    }

    /// Signs the tree of now, if it has grown and the keys are there.
    ///
    /// @return whether there is a new checkpoint; it is in the store then
    boolean sign() throws StoreException, InterruptedException {
        long size = store.size();
        long newest =
                store.newest().map(last -> last.note().checkpoint().size()).orElse(0L);
        if (size <= newest) {
            return false;
        }
        Optional<Roster> roster = rosters.now();
        Optional<LogSigner> log = roster.flatMap(known -> signers.now(LogKey.Kind.LOG, known));
        Optional<LogSigner> witness = roster.flatMap(known -> signers.now(LogKey.Kind.WITNESS, known));
        if (log.isEmpty() || witness.isEmpty()) {
            return false;
        }
        Optional<Checkpoint> before = store.witnessed().map(SignedCheckpoint::checkpoint);
        if (before.isPresent() && !leadsOn(before.get(), size)) {
            return false;
        }
        Bytes root = store.root(size).orElseThrow();
        Instant now = Instant.now();
        Checkpoint checkpoint = new Checkpoint(origin, size, root);
        SignedCheckpoint note = new SignedCheckpoint(
                checkpoint,
                List.of(
                        log.get().sign(checkpoint, now.getEpochSecond()),
                        witness.get().sign(checkpoint, now.getEpochSecond())));
        return store.sign(before, new LogStore.Published(note, now, roster.get().majority(note)));
    }

    /// Whether this tree has the one that was cosigned last at its beginning.
    private boolean leadsOn(Checkpoint before, long size) throws StoreException, InterruptedException {
        if (before.size() > size) {
            return false;
        }
        boolean same = store.root(before.size()).filter(before.root()::equals).isPresent();
        if (!same) {
            LOG.severe("log: the tree no longer has the root that was signed at size " + before.size()
                    + ": nothing more is signed. Do the blocks or the store come from elsewhere?");
        }
        return same;
    }
}
