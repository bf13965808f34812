/// The offline verifier: recomputes everything a pack says and lists what it found. It believes nothing but the trust
/// file.
///
/// `docs/spec/pack-1.md` section 6 is the list of checks. Start at [org.tallystick.ledger.verify.Verifier].
/// Everything is decided twice, by different means: [org.tallystick.ledger.verify.Replay] runs the ledger's own
/// rules again, and [org.tallystick.ledger.verify.Books] follows from the signed instructions alone what they must
/// have led to.
@NullMarked
package org.tallystick.ledger.verify;

import org.jspecify.annotations.NullMarked;
