package org.tallystick.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.configuration.Configuration;
import org.tallystick.gateway.configuration.ConfigurationChecks;
import org.tallystick.gateway.configuration.ConfigurationFile;
import org.tallystick.gateway.configuration.ConfigurationReading;
import org.tallystick.gateway.configuration.ConfigurationText;
import org.tallystick.gateway.configuration.Flags;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.PeerAccess;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import org.tallystick.ledger.cli.UntilStopped;
import org.tallystick.ledger.yaml.Fault;
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
            footer = {
                "  tally gateway --listen 127.0.0.1:8080 --store gateway.db --identity ledger/members/north",
                "  tally gateway --config gateway.yaml --check"
            })
    static final class Run implements Callable<Integer> {

        private final Shell shell;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = {
                    "all that can be said of a gateway, in YAML: docs/OPERATORS.md; a flag counts more than the file"
                })
        private @Nullable Path config;

        @Option(
                names = "--check",
                description = "say what is wrong in the configuration and start nothing; exit code 1 if anything is")
        private boolean check;

        @Option(
                names = "--print-config",
                description = "print the configuration with what was left open, without secrets; start nothing")
        private boolean print;

        @Option(
                names = "--listen",
                paramLabel = "HOST:PORT",
                description = "where to listen (default: a free port of loopback)")
        private @Nullable String listen;

        @Option(
                names = "--store",
                paramLabel = "STORE",
                description = {
                    "what holds what was acknowledged: a file of SQLite, made if it is not there; or a database of",
                    "PostgreSQL, as postgresql://USER@HOST/DATABASE, with its password in PGPASSWORD or PGPASSFILE"
                })
        private @Nullable String store;

        @Option(
                names = "--instance",
                paramLabel = "NAME",
                description = {
                    "which of the gateways that share a store this is, if there are several; the same after a restart",
                    "(default: " + Courier.ALONE + ")"
                })
        private @Nullable String instance;

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
                description = "sign at most one checkpoint in this time (default: 2s)")
        private @Nullable Duration pace;

        @Option(
                names = "--webhook-keys",
                paramLabel = "DIR",
                description = {
                    "the folder with the keys that sign what webhooks are told (tally webhook new-key); without it,",
                    "none is told anything"
                })
        private @Nullable Path webhookKeys;

        @Option(
                names = "--webhook-allow-loopback",
                description = "tell webhooks on this machine, too, and without TLS: for tests and trials")
        private boolean webhookLoopback;

        Run(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws LedgerException, CommandFailure, IOException, InterruptedException {
            if (pace != null && (pace.isNegative() || pace.isZero())) {
                throw CommandFailure.cannot("no pace of the log: " + pace, "give --log-pace 2s");
            }
            return switch (ConfigurationFile.read(text(), flags())) {
                case ConfigurationReading.Faulty(var faults) -> wrong(faults);
                case ConfigurationReading.Read(var configuration) -> {
                    List<Fault> faults = print ? List.of() : ConfigurationChecks.faults(configuration, System.getenv());
                    yield faults.isEmpty() ? use(configuration) : wrong(faults);
                }
            };
        }

        private Optional<String> text() throws IOException, CommandFailure {
            if (config == null) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(config)) {
                throw CommandFailure.cannot("there is no file " + config);
            }
            return Optional.of(Files.readString(config));
        }

        private Flags flags() {
            return new Flags(
                    Optional.ofNullable(listen),
                    Optional.ofNullable(store),
                    Optional.ofNullable(instance),
                    Optional.ofNullable(logKeys),
                    witnesses,
                    Optional.ofNullable(pace),
                    new WebhookSettings(Optional.ofNullable(webhookKeys), webhookLoopback),
                    shell.flags());
        }

        /// All that is wrong, at once: an answer if that was asked.
        private int wrong(List<Fault> faults) throws CommandFailure {
            String all = faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
            if (!check) {
                throw CommandFailure.cannot(
                        "the configuration is wrong:\n" + all.indent(2).stripTrailing());
            }
            shell.out().println(all);
            return 1;
        }

        private int use(Configuration configuration)
                throws LedgerException, CommandFailure, IOException, InterruptedException {
            if (print) {
                shell.out().print(ConfigurationText.of(configuration));
                return 0;
            }
            if (check) {
                shell.out().println("ok");
                return 0;
            }
            return run(configuration);
        }

        private int run(Configuration configuration)
                throws LedgerException, CommandFailure, IOException, InterruptedException {
            configuration.operation().logging().apply();
            // Says what is missing before anything is started.
            shell.ledger(configuration.ledger()).close();
            GatewaySettings settings =
                    GatewaySettings.of(configuration, System.getenv(), () -> ledger(configuration.ledger()));
            try (UntilStopped until = new UntilStopped();
                    Gateway.Running running = new Gateway(settings).start()) {
                shell.out().println("gateway http://" + configuration.listen().withPort(running.port()));
                running.metricsPort()
                        .ifPresent(port -> shell.out()
                                .println("metrics http://"
                                        + configuration
                                                .operation()
                                                .metrics()
                                                .orElseThrow()
                                                .withPort(port)
                                        + "/metrics"));
                shell.out().println("ready");
                shell.out().flush();
                until.await();
                running.leave();
                return 0;
            } catch (GatewayException e) {
                throw CommandFailure.cannot(String.valueOf(e.getMessage()));
            }
        }

        private Ledger ledger(PeerAccess access) throws LedgerException {
            try {
                return shell.ledger(access);
            } catch (IOException | CommandFailure e) {
                throw new LedgerException.Unavailable(String.valueOf(e.getMessage()), e);
            }
        }
    }
}
