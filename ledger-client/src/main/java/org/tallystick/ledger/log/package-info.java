/// The transparency log: signed notes, checkpoints and cosignatures, trust policies, proofs, tiles, and what a witness
/// answers. The formats are C2SP's; what is ours is in `docs/spec/ledger-1.md` section 14.
///
/// A library: it has no network, no disk, no clock and no ledger, so that gateway and verifier run the same classes.
///
/// - [org.tallystick.ledger.log.VerifierKey] and [org.tallystick.ledger.log.LogSigner] are the two halves of a key,
///   [org.tallystick.ledger.log.KnownKeys] the keys that somebody trusts: they open a [org.tallystick.ledger.log.Note].
/// - A [org.tallystick.ledger.log.SignedCheckpoint] is the note that a log signs and witnesses cosign. A
///   [org.tallystick.ledger.log.Policy] says which of them are enough.
/// - A [org.tallystick.ledger.log.Tree] grows and proves, over a [org.tallystick.ledger.log.TileStore]. A
///   [org.tallystick.ledger.log.TlogProof] is the file that proves one leaf, [org.tallystick.ledger.log.LeavesProof]
/// what
///   a pack has of many.
/// - A [org.tallystick.ledger.log.Witness] answers an [org.tallystick.ledger.log.AddCheckpoint];
///   [org.tallystick.ledger.log.WitnessReply] is what the log makes of the answer.
///
/// Octets that anybody may have made are read into a [org.tallystick.ledger.log.Reading]: never an exception.
@NullMarked
package org.tallystick.ledger.log;

import org.jspecify.annotations.NullMarked;
