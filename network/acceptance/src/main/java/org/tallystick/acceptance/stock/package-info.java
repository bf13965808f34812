/// What only Fabric's stock client can be made to do, since ours does not offer it.
@NullMarked
package org.tallystick.acceptance.stock;

import org.jspecify.annotations.NullMarked;
