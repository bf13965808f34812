/// Scenarios on whole ledgers and gateways, and the shape of the code base.
@NullMarked
package org.tallystick.acceptance;

import org.jspecify.annotations.NullMarked;
