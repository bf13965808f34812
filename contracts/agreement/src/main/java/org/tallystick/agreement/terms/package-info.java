/// The language terms/1: who pays whom, how much, on what, and when, as a document that people sign.
///
/// `docs/spec/terms-1.md` is the text behind it. Start at [org.tallystick.agreement.terms.TermsReader], which refuses a
/// document or gives [org.tallystick.agreement.terms.Terms]; what these mean is in the package `settlement`.
@NullMarked
package org.tallystick.agreement.terms;

import org.jspecify.annotations.NullMarked;
