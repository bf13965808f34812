package org.tallystick.gateway.log;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.LogStore.Published;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.WitnessReply;

/// Asks one witness for its cosignature on each new checkpoint, as long as it takes; never on an old one, once there is
/// a
/// newer.
final class Asking {

    private static final Logger LOG = Logger.getLogger(Asking.class.getName());

    /// A witness that has not come so far has it in a moment.
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration LONGEST_BEHIND = Duration.ofSeconds(5);
    private static final Duration REFUSED = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int BEHIND = 503;
    private static final int DOUBLINGS = 10;
    /// Requests one after the other: the size that the witness tells may change between them.
    private static final int TRIES = 3;

    private final WitnessAddress address;
    private final WitnessClient client;
    private final LogStore store;
    private final Rosters rosters;
    private final String member;

    private long old;
    private int troubles;
    private volatile long cosigned;
    private volatile String trouble = "";

    Asking(WitnessAddress address, WitnessClient client, LogStore store, Rosters rosters, String member) {
        this.address = address;
        this.client = client;
        this.store = store;
        this.rosters = rosters;
        this.member = member;
    }

    /// What came of asking for the newest checkpoint.
    ///
    /// @param size up to which nothing more is asked
    /// @param pause before it is asked again, whatever comes; nothing if a new checkpoint has to be waited for
    record Asked(long size, Optional<Duration> pause) {}

    /// Asks for the newest checkpoint, if it is larger than what was asked for.
    Asked ask(long asked) throws StoreException, InterruptedException {
        Optional<Published> newest = store.newest();
        Optional<Roster> roster = rosters.now();
        if (newest.isEmpty() || newest.get().note().checkpoint().size() <= asked) {
            return new Asked(asked, Optional.empty());
        }
        if (roster.isEmpty()) {
            return later(asked, LONGEST, "the ledger does not say who the members are");
        }
        SignedCheckpoint note = newest.get().note();
        long size = note.checkpoint().size();
        try {
            for (int attempt = 1; attempt <= TRIES; attempt++) {
                old = Math.min(old, size);
                AddCheckpoint request = new AddCheckpoint(old, store.consistency(old, size), ofLog(note));
                switch (client.ask(address, request, keys(roster.get()))) {
                    case WitnessReply.Cosigned(var lines) -> {
                        old = size;
                        Optional<SignedCheckpoint> _ = store.gather(size, lines, roster.get()::majority);
                        cosigned = size;
                        return settled(size, "");
                    }
                    case WitnessReply.AskFrom(long from) -> old = from;
                    case WitnessReply.Ahead(long ahead) -> {
                        return settled(size, "cosigned a larger tree before, of " + ahead + " leaves");
                    }
                    case WitnessReply.Later(int status) -> {
                        return later(asked, status == BEHIND ? LONGEST_BEHIND : LONGEST, "answers " + status);
                    }
                    case WitnessReply.Refused(int status, String why) -> {
                        return refused(asked, size, status + " " + why);
                    }
                }
            }
            return later(asked, SOON, "cosigns for others meanwhile");
        } catch (IOException e) {
            LOG.log(Level.FINE, "log: " + address.prefix(), e);
            return later(asked, LONGEST, "cannot be reached");
        }
    }

    private Asked settled(long size, String why) {
        troubles = 0;
        trouble = why;
        return new Asked(size, Optional.empty());
    }

    /// A no may become a yes: when the ledger names another key, or an operator trusts again.
    private Asked refused(long asked, long size, String why) {
        if (!why.equals(trouble)) {
            LOG.warning("log: " + address.prefix() + " does not cosign size " + size + ": " + why);
        }
        trouble = why;
        return new Asked(asked, Optional.of(REFUSED));
    }

    private Asked later(long asked, Duration longest, String why) {
        trouble = why;
        Duration pause = SOON.multipliedBy(1L << Math.min(troubles, DOUBLINGS));
        troubles++;
        return new Asked(asked, Optional.of(pause.compareTo(longest) < 0 ? pause : longest));
    }

    /// The checkpoint as its log signed it; no witness needs the cosignatures of others.
    private static SignedCheckpoint ofLog(SignedCheckpoint note) {
        return new SignedCheckpoint(
                note.checkpoint(),
                note.signatures().stream()
                        .filter(line -> line.name().equals(note.checkpoint().origin()))
                        .toList());
    }

    private List<VerifierKey> keys(Roster roster) {
        return address.key()
                .map(List::of)
                .orElseGet(() -> roster.keys(LogKey.Kind.WITNESS).stream()
                        .filter(key -> roster.key(member, LogKey.Kind.WITNESS)
                                .filter(key::equals)
                                .isEmpty())
                        .toList());
    }

    /// How it stands with this witness.
    Json.Obj standing() {
        return Json.object()
                .with("address", address.prefix().toString())
                .with("cosigned", cosigned)
                .with("trouble", trouble)
                .build();
    }
}
