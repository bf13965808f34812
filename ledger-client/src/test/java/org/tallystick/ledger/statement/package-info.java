@NullMarked
package org.tallystick.ledger.statement;

import org.jspecify.annotations.NullMarked;
