package org.tallystick.embedded.tally;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.tallystick.embedded.DamagedLedgerException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import org.tallystick.ledger.cli.UntilStopped;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Adds `tally ledger`: the embedded ledger in the foreground, until it is told to stop.
public final class LedgerCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new Run(shell);
    }

    @Command(
            name = "ledger",
            description = {
                "Runs an embedded ledger in the foreground: all members in one process, on loopback only.",
                "For first use, development and tests; it holds every member's keys and is not a blockchain."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally ledger --folder /tmp/ledger --members north,east,west --trial")
    static final class Run implements Callable<Integer> {

        private final Shell shell;

        @Option(
                names = "--folder",
                required = true,
                paramLabel = "DIR",
                description = "where the blocks and the members' identities are, or will be")
        private Path folder = Path.of("ledger");

        @Option(
                names = "--members",
                split = ",",
                paramLabel = "M",
                defaultValue = "north,east,west",
                description = "the members, in order (default: north,east,west)")
        private List<String> members = List.of();

        @Option(
                names = "--port",
                paramLabel = "P",
                defaultValue = "0",
                description = "of the first member's peer, the others follow (default: free ports)")
        private int port;

        @Option(names = "--trial", description = "a new ledger is a trial: its clock can be moved forward")
        private boolean trial;

        @Option(
                names = "--batch-millis",
                paramLabel = "MS",
                defaultValue = "20",
                description = "how long a block waits for more transactions (default: 20)")
        private int batchMillis;

        Run(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws LedgerException, CommandFailure, InterruptedException {
            TallyLedger.Settings settings = new TallyLedger.Settings(
                    folder, members, OptionalInt.of(port), trial, Duration.ofMillis(batchMillis));
            try (UntilStopped until = new UntilStopped();
                    TallyLedger ledger = TallyLedger.start(settings)) {
                announce(ledger);
                until.await();
                return 0;
            } catch (DamagedLedgerException e) {
                throw CommandFailure.refused(
                        String.valueOf(e.getMessage()), "restore the file from a copy; nothing was changed");
            } catch (IOException e) {
                throw CommandFailure.cannot(String.valueOf(e.getMessage()));
            }
        }

        private void announce(TallyLedger ledger) {
            shell.out().println(ledger.embedded().banner());
            shell.out()
                    .println("ledger " + ledger.net().ledger() + (ledger.net().trial() ? " (trial)" : ""));
            shell.out().println("ready");
            shell.out().flush();
        }
    }
}
