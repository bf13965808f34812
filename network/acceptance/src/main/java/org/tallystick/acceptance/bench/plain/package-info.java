/// A chaincode as one would write it without us: what ours is measured against.
@NullMarked
package org.tallystick.acceptance.bench.plain;

import org.jspecify.annotations.NullMarked;
