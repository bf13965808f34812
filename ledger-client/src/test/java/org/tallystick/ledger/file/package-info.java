@NullMarked
package org.tallystick.ledger.file;

import org.jspecify.annotations.NullMarked;
