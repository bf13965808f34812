/// Files in YAML that people write by hand, read so that all that is wrong in them is told at once.
///
/// Start at [org.tallystick.ledger.yaml.Cursor].
@NullMarked
package org.tallystick.ledger.yaml;

import org.jspecify.annotations.NullMarked;
