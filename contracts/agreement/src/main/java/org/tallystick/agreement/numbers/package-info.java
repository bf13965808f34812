/// Stub.
@NullMarked
package org.tallystick.agreement.numbers;

import org.jspecify.annotations.NullMarked;
