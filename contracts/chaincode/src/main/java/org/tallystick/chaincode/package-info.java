/// The rules as Fabric sees them: read, decide, write.
@NullMarked
package org.tallystick.chaincode;

import org.jspecify.annotations.NullMarked;
