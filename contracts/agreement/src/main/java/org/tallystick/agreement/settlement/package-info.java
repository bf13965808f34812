/// What terms and events come to: settlement as a pure function (terms/1 sections 6 to 13).
///
/// Two stages. [org.tallystick.agreement.settlement.Figures] are exact sums of events, mergeable in any order; prices
/// are the clauses over these sums, in document order. Start at [org.tallystick.agreement.settlement.Settlement].
@NullMarked
package org.tallystick.agreement.settlement;

import org.jspecify.annotations.NullMarked;
