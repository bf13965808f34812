/// The courier in a world of its own: virtual time, one thread at a time, and a seed that decides what happens
/// when and what goes wrong. The same seed is the same run.
@NullMarked
package org.tallystick.gateway.simulator;

import org.jspecify.annotations.NullMarked;
