@NullMarked
package org.tallystick.fabric.pki;

import org.jspecify.annotations.NullMarked;
