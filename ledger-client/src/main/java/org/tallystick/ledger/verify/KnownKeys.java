package org.tallystick.ledger.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.ledger.pack.CertificateKey;
import org.tallystick.ledger.pack.Certificates;
import org.tallystick.ledger.pack.TransactionEnvelope.Identity;

/// The keys that the transactions read so far name: which key a name means, and nothing of who may sign with it.
///
/// A party's key is named by its own hash, so a name means one key wherever it stands.
final class KnownKeys {

    private final Map<String, Key> keys = new HashMap<>();
    private final Recent<Bytes, Optional<CertificateKey>> certificates = new Recent<>(Certificates::keyOfPem);

    /// Takes in the key that an act registers, if it does.
    void registeredBy(Act act) {
        Optional<Key> key = switch (act) {
            case Act.RegisterRegistrar registers -> Optional.of(registers.key());
            case Act.Enroll enrolls -> Optional.of(enrolls.key());
            case Act.KeyAdd adds -> Optional.of(adds.key());
            case Act.KeyRotate rotates -> Optional.of(rotates.key());
            case Act.KeyRecover recovers -> Optional.of(recovers.key());
            default -> Optional.empty();
        };
        key.ifPresent(found -> keys.put(found.thumb(), found));
    }

    Optional<Key> named(String thumb) {
        return Optional.ofNullable(keys.get(thumb));
    }

    /// The key of an identity's certificate; nothing if it has none that counts.
    Optional<CertificateKey> of(Identity identity) {
        return certificates.of(identity.certificate());
    }
}
