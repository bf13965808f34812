/// The signed envelope: what it must look like, whose signatures it must carry, and whether they are good.
///
/// The only package that knows Bouncy Castle. [org.tallystick.agreement.signing.Signed] reads an envelope, and its
/// `verify` is the only maker of [org.tallystick.agreement.signing.Verified], which is all that the rules accept.
/// [org.tallystick.agreement.signing.Envelope] is the other side: it signs, with any
/// [org.tallystick.agreement.signing.Signer]; what several sign one after another is a
/// [org.tallystick.agreement.signing.PartlySigned].
///
/// [org.tallystick.agreement.signing.SignedTogether] holds the instructions of one transaction, so that their
/// signatures
/// under one key can be checked together: the same answers for a third of the price.
@NullMarked
package org.tallystick.agreement.signing;

import org.jspecify.annotations.NullMarked;
