/// What a party asks the ledger to do: ids, times, keys, the payload and its acts, each with the form the text gives
/// it.
///
/// `docs/spec/instruction-1.md` sections 1, 4 and 6. Nothing here is signed or believed yet: see package `signing`.
/// Start at [org.tallystick.agreement.instruction.Payload].
@NullMarked
package org.tallystick.agreement.instruction;

import org.jspecify.annotations.NullMarked;
