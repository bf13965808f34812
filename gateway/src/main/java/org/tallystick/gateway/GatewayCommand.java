package org.tallystick.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import org.tallystick.ledger.cli.UntilStopped;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Adds `tally gateway`: the gateway in the foreground, until it is told to stop.
public final class GatewayCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new Run(shell);
    }

    @Command(
            name = "gateway",
            description = {
                "Runs a gateway in the foreground: it carries signed instructions from HTTP to the ledger.",
                "It holds each durably before it acknowledges it, and carries it once. It decides nothing."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally gateway --listen 127.0.0.1:8080 --store gateway.db --identity ledger/members/north")
    static final class Run implements Callable<Integer> {

        private static final int LARGEST_PORT = 65_535;

        private final Shell shell;

        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                defaultValue = "127.0.0.1:0",
                description = "where to listen (default: a free port of loopback)")
        private String listen = "";

        @Option(
                names = "--store",
                required = true,
                paramLabel = "FILE",
                description = "the SQLite file that holds what was acknowledged; made if it is not there")
        private Path store = Path.of("gateway.db");

        Run(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws LedgerException, CommandFailure, IOException, InterruptedException {
            int colon = listen.lastIndexOf(':');
            GatewaySettings settings = GatewaySettings.of(host(colon), port(colon), store, this::ledger);
            // Says what is missing before anything is started.
            shell.ledger().close();
            try (UntilStopped until = new UntilStopped();
                    Gateway.Running running = new Gateway(settings).start()) {
                shell.out().println("gateway http://" + host(colon) + ":" + running.port());
                shell.out().println("ready");
                shell.out().flush();
                until.await();
                return 0;
            } catch (GatewayException e) {
                throw CommandFailure.cannot(String.valueOf(e.getMessage()));
            }
        }

        private String host(int colon) throws CommandFailure {
            if (colon <= 0) {
                throw CommandFailure.cannot("not an address: " + listen, "give --listen HOST:PORT");
            }
            return listen.substring(0, colon);
        }

        private int port(int colon) throws CommandFailure {
            String digits = listen.substring(colon + 1);
            if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > LARGEST_PORT) {
                throw CommandFailure.cannot("not a port: " + digits, "give --listen HOST:PORT");
            }
            return Integer.parseInt(digits);
        }

        private Ledger ledger() throws LedgerException {
            try {
                return shell.ledger();
            } catch (IOException | CommandFailure e) {
                throw new LedgerException.Unavailable(String.valueOf(e.getMessage()), e);
            }
        }
    }
}
