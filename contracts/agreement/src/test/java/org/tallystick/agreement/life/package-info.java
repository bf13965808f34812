/// A second writing of the life of an agreement, from the text of the formats alone, to hold the rules beside.
///
/// It knows no instruction, document or key of the ledger, and imports nothing of the rules: what it shares with them
/// would be wrong in both. It is written to be read beside `agreement-1` sections 4, 7 and 8 and `instruction-1`
/// section 6.3, and costs what it costs. Start reading at [Life].
@NullMarked
package org.tallystick.agreement.life;

import org.jspecify.annotations.NullMarked;
