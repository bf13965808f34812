/// What the ledger can answer to an instruction, as values: the codes, and a "no" with its facts.
///
/// `docs/spec/instruction-1.md` section 9 is the table behind it.
@NullMarked
package org.tallystick.agreement.answer;

import org.jspecify.annotations.NullMarked;
