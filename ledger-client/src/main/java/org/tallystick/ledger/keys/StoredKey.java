package org.tallystick.ledger.keys;

import java.nio.file.Path;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;

/// A key of an owner, as a home has it. Its private part is still in its file, or is not here.
public record StoredKey(Owner owner, Key key, Kept kept, Path file) {

    /// How the private part is kept.
    public enum Kept {
        ENCRYPTED("encrypted"),
        UNENCRYPTED("unencrypted"),
        ELSEWHERE("elsewhere");

        private final String text;

        Kept(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public Kid kid() {
        return key.kid(owner);
    }

    public boolean isHere() {
        return kept != Kept.ELSEWHERE;
    }
}
