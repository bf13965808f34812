@NullMarked
package org.tallystick.ledger.client;

import org.jspecify.annotations.NullMarked;
