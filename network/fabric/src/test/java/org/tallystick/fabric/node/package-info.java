@NullMarked
package org.tallystick.fabric.node;

import org.jspecify.annotations.NullMarked;
