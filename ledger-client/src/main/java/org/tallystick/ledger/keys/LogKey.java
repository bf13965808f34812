package org.tallystick.ledger.keys;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.log.LogSigner;

/// A key of a member's transparency log, which its gateway signs with: `docs/spec/ledger-1.md` section 14.
public record LogKey(Kind kind, SeedKey key, Path file) {

    /// What it signs.
    public enum Kind {
        /// Checkpoints of the member's log.
        LOG,
        /// Cosignatures on the checkpoints of all members.
        WITNESS,
        /// Where chains end.
        HEAD;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> ofText(String text) {
            return Stream.of(values()).filter(kind -> kind.text().equals(text)).findFirst();
        }

        /// Under which name it signs: what all members' logs are called, or the member and the kind.
        public String name(MemberId member, Hash ledger) {
            return this == LOG ? LogKeys.origin(ledger) : member.text() + "/" + text();
        }
    }

    public LogSigner signer(MemberId member, Hash ledger) {
        return new LogSigner(kind.name(member, ledger), type(), key);
    }

    private VerifierKey.Type type() {
        if (kind != Kind.WITNESS) {
            return VerifierKey.Type.ED25519;
        }
        return switch (key.kind()) {
            case ED25519 -> VerifierKey.Type.ED25519_COSIGNATURE;
            case ML_DSA_44 -> VerifierKey.Type.ML_DSA_44_COSIGNATURE;
        };
    }
}
