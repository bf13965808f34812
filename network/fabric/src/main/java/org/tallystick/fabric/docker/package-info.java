/// Nodes as containers: where the engine is ([Engine]), what compose runs ([ComposeFile]), our own images ([Images]).
@NullMarked
package org.tallystick.fabric.docker;

import org.jspecify.annotations.NullMarked;
