@NullMarked
package org.tallystick.fabric.topology;

import org.jspecify.annotations.NullMarked;
