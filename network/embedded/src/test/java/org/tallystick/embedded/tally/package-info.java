@NullMarked
package org.tallystick.embedded.tally;

import org.jspecify.annotations.NullMarked;
