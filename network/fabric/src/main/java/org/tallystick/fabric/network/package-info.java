/// A whole network on this machine: brought up, looked at, changed and taken down. Begin with [LocalNetwork].
@NullMarked
package org.tallystick.fabric.network;

import org.jspecify.annotations.NullMarked;
