/// A second evaluator of terms/1, written from its text alone and for nothing but to be held beside the engine.
///
/// It shares no code with the engine but the reading of JSON: fractions, periods, events, filters and every formula are
/// written again, as plainly as the text has them, and all of it is computed anew for every settlement. Whoever doubts
/// a
/// number reads [org.tallystick.agreement.settlement.naive.Evaluator] beside section 12 of the text.
@NullMarked
package org.tallystick.agreement.settlement.naive;

import org.jspecify.annotations.NullMarked;
