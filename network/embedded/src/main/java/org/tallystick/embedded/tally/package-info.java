/// The embedded ledger with Tallystick's chaincode on it, begun and ready: what `tally ledger` runs.
@NullMarked
package org.tallystick.embedded.tally;

import org.jspecify.annotations.NullMarked;
