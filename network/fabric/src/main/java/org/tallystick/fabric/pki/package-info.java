/// Certificate authorities of the members and what they issue. Begin with [Authority].
@NullMarked
package org.tallystick.fabric.pki;

import org.jspecify.annotations.NullMarked;
