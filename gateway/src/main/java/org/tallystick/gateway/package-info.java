/// HTTP in, ledger out: checks shape, relays, never decides.
@NullMarked
package org.tallystick.gateway;

import org.jspecify.annotations.NullMarked;
