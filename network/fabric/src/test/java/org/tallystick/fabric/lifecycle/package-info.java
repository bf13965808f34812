@NullMarked
package org.tallystick.fabric.lifecycle;

import org.jspecify.annotations.NullMarked;
