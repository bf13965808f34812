/// The processes of a network on this machine: their configuration, how they are started, watched and stopped.
@NullMarked
package org.tallystick.fabric.node;

import org.jspecify.annotations.NullMarked;
