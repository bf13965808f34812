/// What the scenarios share: examples of the specification as agreements of this ledger's parties.
@NullMarked
package org.tallystick.acceptance;

import org.jspecify.annotations.NullMarked;
