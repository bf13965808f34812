/// Stub.
@NullMarked
package org.tallystick.agreement.terms;

import org.jspecify.annotations.NullMarked;
