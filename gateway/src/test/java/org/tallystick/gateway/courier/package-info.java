/// Parts of the courier alone.
@NullMarked
package org.tallystick.gateway.courier;

import org.jspecify.annotations.NullMarked;
