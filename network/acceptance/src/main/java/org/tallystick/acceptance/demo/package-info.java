/// The demo: the whole path told aloud, with the real output of each step. Start at
/// [org.tallystick.acceptance.demo.Demo].
@NullMarked
package org.tallystick.acceptance.demo;

import org.jspecify.annotations.NullMarked;
