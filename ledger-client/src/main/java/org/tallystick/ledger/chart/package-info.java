/// Pictures of what terms come to, as SVG: the same bytes for the same figures, on every machine.
@NullMarked
package org.tallystick.ledger.chart;

import org.jspecify.annotations.NullMarked;
