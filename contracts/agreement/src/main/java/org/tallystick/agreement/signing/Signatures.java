package org.tallystick.agreement.signing;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.tallystick.agreement.instruction.Key;

/// Tells of a signature of an instruction whether it is one of a key.
///
/// The answer follows from the octets alone. So who has many of them to look at may do so together, or on other
/// threads before they are asked for.
@FunctionalInterface
public interface Signatures {

    /// Each is looked at when it is asked for.
    Signatures ONE_BY_ONE = Signed::holds;

    /// Which program checks signatures on P-256.
    static String provider() {
        return new BouncyCastleProvider().getInfo();
    }

    /// @param index of the signature in the envelope
    boolean hold(Signed signed, int index, Key key);
}
