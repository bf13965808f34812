/// Files of a network, as its programs find them and nobody else.
@NullMarked
package org.tallystick.fabric.files;

import org.jspecify.annotations.NullMarked;
