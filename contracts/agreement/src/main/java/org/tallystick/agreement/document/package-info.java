/// The document that parties sign: who is bound, the terms, how decisions are made, who may do what and by when.
///
/// `docs/spec/agreement-1.md`. Start at [org.tallystick.agreement.document.DocumentReader].
@NullMarked
package org.tallystick.agreement.document;

import org.jspecify.annotations.NullMarked;
