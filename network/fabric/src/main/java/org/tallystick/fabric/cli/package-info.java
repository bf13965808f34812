/// The commands `tally network …`.
@NullMarked
package org.tallystick.fabric.cli;

import org.jspecify.annotations.NullMarked;
