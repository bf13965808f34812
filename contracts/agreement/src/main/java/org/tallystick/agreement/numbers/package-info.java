/// Exact numbers: fractions, the four ways to round, division without remainder, and the currencies.
///
/// `docs/spec/terms-1.md` section 2 is the text behind it. Nothing here is ever a binary or decimal approximation.
@NullMarked
package org.tallystick.agreement.numbers;

import org.jspecify.annotations.NullMarked;
