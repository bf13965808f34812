package org.tallystick.ledger.cli;

/// A subcommand of `tally` that comes from elsewhere: named in
/// `META-INF/services/org.tallystick.ledger.cli.TallyCommand` and found by the class path alone.
public interface TallyCommand {

    /// A fresh object with picocli's `@Command`, its name among it. It has subcommands, or is a `Callable<Integer>`
    /// that
    /// answers the exit code: 0 done, 1 refused, 2 could not run.
    Object command(Shell shell);
}
