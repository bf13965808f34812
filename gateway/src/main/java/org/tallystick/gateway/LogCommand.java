package org.tallystick.gateway;

import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.gateway.store.LogStore;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Adds `tally log`: what the operator of a gateway has to say about the logs of other members.
public final class LogCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new Said(shell);
    }

    @Command(
            name = "log",
            description = {
                "Says whose log a gateway's witness cosigns, beside the gateway while it runs.",
                "A log key whose log has forked is distrusted by itself: docs/LOG.md says what to do then."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally log show --store gateway.db")
    static final class Said {

        private static final String STORE = "the store of the gateway, as it is given to it";

        private final Shell shell;

        Said(Shell shell) {
            this.shell = shell;
        }

        @Command(
                name = "trust",
                description = "Cosigns again what this log key signs. Its evidence stays.",
                footerHeading = "%nExample:%n",
                footer = "  tally log trust 'tallystick/5e1f...+3c0ffee1+AbC...' --store gateway.db")
        int trust(
                @Parameters(paramLabel = "VKEY", description = "the verifier key, as it is listed") String vkey,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            String key = key(vkey);
            if (!in(at, log -> log.trust(key))) {
                throw CommandFailure.refused(
                        "this key is not distrusted", "tally log show --store " + at + " lists those that are");
            }
            shell.out().println("trusted again");
            return 0;
        }

        @Command(
                name = "distrust",
                description = "Cosigns nothing more that this log key signs.",
                footerHeading = "%nExample:%n",
                footer = "  tally log distrust 'tallystick/5e1f...+3c0ffee1+AbC...' --store gateway.db")
        int distrust(
                @Parameters(paramLabel = "VKEY", description = "the verifier key") String vkey,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            String key = key(vkey);
            boolean _ = in(at, log -> {
                log.distrust(key);
                return true;
            });
            shell.out().println("distrusted");
            return 0;
        }

        @Command(
                name = "show",
                description = "Shows how far the log is, the keys that are distrusted, and how much evidence there is.",
                footerHeading = "%nExample:%n",
                footer = "  tally log show --store gateway.db")
        int show(@Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            Json.Obj shown = in(
                    at,
                    log -> Json.object()
                            .with("distrusted", Json.texts(log.distrusted()))
                            .with("evidence", log.evidence().size())
                            .with("size", log.size())
                            .build());
            if (shell.json()) {
                shell.print(shown);
                return 0;
            }
            shell.out().println("size " + shown.whole("size"));
            shell.out().println("evidence " + shown.whole("evidence"));
            shown.items("distrusted").forEach(key -> shell.out().println("distrusted " + ((Json.Text) key).value()));
            return 0;
        }

        private static String key(String vkey) throws CommandFailure {
            return VerifierKey.parse(vkey)
                    .orElseThrow(() -> CommandFailure.cannot("no verifier key: " + vkey))
                    .text();
        }

        private interface Work<T> {
            T on(LogStore log) throws StoreException, InterruptedException;
        }

        private static <T> T in(String at, Work<T> work) throws CommandFailure, InterruptedException {
            return StoreOption.in(at, store -> work.on(store.log()));
        }
    }
}
