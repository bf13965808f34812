/// Files as businesses have them: CSV, JSON and JSON Lines, read one event after the other.
///
/// Begin with [EventFile]; [Mapping] is `docs/spec/mapping-1.md`.
@NullMarked
package org.tallystick.ledger.file;

import org.jspecify.annotations.NullMarked;
