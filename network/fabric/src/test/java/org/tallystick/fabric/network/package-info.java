@NullMarked
package org.tallystick.fabric.network;

import org.jspecify.annotations.NullMarked;
