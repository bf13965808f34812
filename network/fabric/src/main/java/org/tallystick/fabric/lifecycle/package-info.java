/// The chaincode on the network: its code, the packages that peers install, and the definition that members approve.
/// Begin with [Deployment].
@NullMarked
package org.tallystick.fabric.lifecycle;

import org.jspecify.annotations.NullMarked;
