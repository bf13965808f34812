@NullMarked
package org.tallystick.ledger.cli;

import org.jspecify.annotations.NullMarked;
