package org.tallystick.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.WitnessAddress;
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
                paramLabel = "STORE",
                description = {
                    "what holds what was acknowledged: a file of SQLite, made if it is not there; or a database of",
                    "PostgreSQL, as postgresql://USER@HOST/DATABASE, with its password in PGPASSWORD or PGPASSFILE"
                })
        private String store = "";

        @Option(
                names = "--instance",
                paramLabel = "NAME",
                defaultValue = Courier.ALONE,
                description = {
                    "which of the gateways that share a store this is, if there are several; the same after a restart",
                    "(default: ${DEFAULT-VALUE})"
                })
        private String instance = Courier.ALONE;

        @Option(
                names = "--log-keys",
                paramLabel = "DIR",
                description = {
                    "the folder with the keys of the member's log (tally log-key new); without it the log is shown,",
                    "and nothing is signed or cosigned"
                })
        private @Nullable Path logKeys;

        @Option(
                names = "--witness",
                paramLabel = "URL",
                description = {
                    "a witness to ask for cosignatures, once for each: of another member the address of its gateway",
                    "with /log behind it; of others 'URL VKEY'"
                })
        private List<String> witnesses = new ArrayList<>();

        @Option(
                names = "--log-pace",
                paramLabel = "TIME",
                defaultValue = "2s",
                description = "sign at most one checkpoint in this time (default: ${DEFAULT-VALUE})")
        private Duration pace = Duration.ofSeconds(2);

        Run(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws LedgerException, CommandFailure, IOException, InterruptedException {
            int colon = listen.lastIndexOf(':');
            if (pace.isNegative() || pace.isZero()) {
                throw CommandFailure.cannot("no pace of the log: " + pace, "give --log-pace 2s");
            }
            GatewaySettings settings = GatewaySettings.of(
                            host(colon), port(colon), StoreOption.address(store), this::ledger)
                    .withLog(new LogSettings(Optional.ofNullable(logKeys), addresses(), pace))
                    .withInstance(instance);
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

        private List<WitnessAddress> addresses() throws CommandFailure {
            List<WitnessAddress> addresses = new ArrayList<>();
            for (String text : witnesses) {
                addresses.add(WitnessAddress.parse(text)
                        .orElseThrow(() -> CommandFailure.cannot(
                                "not the address of a witness: " + text, "give --witness http://HOST:PORT/log")));
            }
            return addresses;
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
