/// Measurements of the product as it runs: start at [org.tallystick.acceptance.bench.Bench].
@NullMarked
package org.tallystick.acceptance.bench;

import org.jspecify.annotations.NullMarked;
