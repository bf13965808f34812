/// Stub.
@NullMarked
package org.tallystick.agreement.settlement;

import org.jspecify.annotations.NullMarked;
