/// Tests of the embedded ledger: the same client and the same questions as for real Fabric.
@NullMarked
package org.tallystick.embedded;

import org.jspecify.annotations.NullMarked;
