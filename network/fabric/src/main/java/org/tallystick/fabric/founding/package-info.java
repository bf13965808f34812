/// The files that travel between members with machines of their own, before and after a network is founded: there is no
/// key in them.
@NullMarked
package org.tallystick.fabric.founding;

import org.jspecify.annotations.NullMarked;
