package org.tallystick.ledger.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.VerifierKey;

/// The keys that somebody knows, and what they say of a note.
///
/// Signatures of other keys are passed over. A line with the name and id of a known key must hold, else the whole note
/// is refused. Names and ids do not tell keys apart, since ids are short: members' log keys share one name, and one
/// member could make a key with another's id. So where several known keys have both, the line must hold for one.
public final class KnownKeys {

    private record Named(String name, Bytes id) {}

    private final Map<Named, List<VerifierKey>> keys = new HashMap<>();

    public KnownKeys(Collection<VerifierKey> known) {
        new LinkedHashSet<>(known)
                .forEach(key -> keys.computeIfAbsent(new Named(key.name(), key.id()), _ -> new ArrayList<>())
                        .add(key));
    }

    /// What comes of opening a note.
    public sealed interface Opened {

        /// These known keys signed it, at least one.
        record Signed(Signers by) implements Opened {}

        record Refused(String why) implements Opened {}
    }

    private record Signature(Note.Line line, long time) {

        static Signature later(Signature one, Signature other) {
            return other.time > one.time ? other : one;
        }
    }

    /// Keys that signed, each once, however often it did, in order of their first signatures.
    public static final class Signers {

        private final Map<VerifierKey, Signature> signatures;

        private Signers(Map<VerifierKey, Signature> signatures) {
            this.signatures = signatures;
        }

        public List<VerifierKey> keys() {
            return List.copyOf(signatures.keySet());
        }

        public boolean has(VerifierKey key) {
            return signatures.containsKey(key);
        }

        /// When a key cosigned last, in seconds since 1970; nothing if it did not, or gave no time.
        public OptionalLong time(VerifierKey key) {
            Signature signature = signatures.get(key);
            return signature == null || signature.time == 0 ? OptionalLong.empty() : OptionalLong.of(signature.time);
        }

        /// The signature of each key, the last one where it has several times.
        public List<Note.Line> lines() {
            return signatures.values().stream().map(Signature::line).toList();
        }
    }

    public Opened open(SignedCheckpoint checkpoint) {
        return open(checkpoint.note());
    }

    public Opened open(Note note) {
        Map<VerifierKey, Signature> signatures = new LinkedHashMap<>();
        for (Note.Line line : note.signatures()) {
            List<VerifierKey> named = keys.getOrDefault(new Named(line.name(), line.id()), List.of());
            boolean holds = named.isEmpty();
            for (VerifierKey key : named) {
                Optional<Long> time = SignedMessage.time(key, line, note);
                time.ifPresent(at -> signatures.merge(key, new Signature(line, at), Signature::later));
                holds |= time.isPresent();
            }
            if (!holds) {
                return new Opened.Refused("the signature of " + named.getFirst() + " does not hold");
            }
        }
        return signatures.isEmpty()
                ? new Opened.Refused("no known key signed it")
                : new Opened.Signed(new Signers(signatures));
    }
}
