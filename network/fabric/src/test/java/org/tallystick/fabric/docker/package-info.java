@NullMarked
package org.tallystick.fabric.docker;

import org.jspecify.annotations.NullMarked;
