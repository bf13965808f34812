/// `tally`, the command line: a thin layer over package `client` that reads words and files and prints for people, or
/// with `--json` for programs.
///
/// Start at [org.tallystick.ledger.cli.Tally]. Other modules add commands as [org.tallystick.ledger.cli.TallyCommand].
@NullMarked
package org.tallystick.ledger.cli;

import org.jspecify.annotations.NullMarked;
