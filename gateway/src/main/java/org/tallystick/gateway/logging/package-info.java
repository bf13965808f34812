/// How a gateway's log is written: a line of text or of JSON for each event, on standard error.
@NullMarked
package org.tallystick.gateway.logging;

import org.jspecify.annotations.NullMarked;
