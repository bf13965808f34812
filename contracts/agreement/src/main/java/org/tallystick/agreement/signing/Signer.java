package org.tallystick.agreement.signing;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;

/// Whatever signs with a private key: [SigningKey] has it in memory, a device or a program elsewhere never shows it.
public interface Signer {

    /// The public part of the key.
    Key key();

    /// @return the signature of the key's algorithm (`instruction-1` section 3); nobody else verifies it before it is
    ///     sent, so a signer that is not sure of itself verifies it: [SigningInput#isSignedBy]
    /// @throws SigningFailed if there is none
    Bytes sign(SigningInput input);

    default Kid kid(Owner owner) {
        return key().kid(owner);
    }
}
