package org.tallystick.agreement.signing;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Kid;

/// One signature of an envelope, well formed but not verified.
///
/// @param header the protected header as it was sent, in base64url: its characters are signed
record Signature(Kid kid, Algorithm algorithm, Bytes header, Bytes octets) {

    private static final Bytes DOT = Bytes.ofUtf8(".");

    Signature with(Bytes made) {
        return new Signature(kid, algorithm, header, made);
    }

    /// The JWS signing input (RFC 7515 section 5.1).
    Bytes input(Bytes payloadText) {
        return Bytes.concat(header, DOT, payloadText);
    }

    /// The hash of that, which is long to put together.
    Bytes hash(Bytes payloadText) {
        return Hash.sha256(header, DOT, payloadText);
    }
}
