package org.tallystick.gateway;

import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.ListStore;
import org.tallystick.gateway.store.ListStore.Generation;
import org.tallystick.gateway.store.ListStore.Standing;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Adds `tally reading`: how far a gateway's lists are, and that they be made again.
public final class ReadingCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new Said(shell);
    }

    @Command(
            name = "reading",
            description = {
                "Shows how far the lists of a gateway are, and has them made again from the blocks.",
                "They are made by the gateway, while it serves those that there are."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally reading show --store gateway.db")
    static final class Said {

        private static final String STORE = "the store of the gateway, as it is given to it";

        private final Shell shell;

        Said(Shell shell) {
            this.shell = shell;
        }

        @Command(
                name = "show",
                description = "Shows the generations of the lists, the rules that made them, and their last blocks.",
                footerHeading = "%nExample:%n",
                footer = "  tally reading show --store gateway.db")
        int show(@Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            Standing standing = StoreOption.in(at, store -> store.lists().standing());
            if (shell.json()) {
                shell.print(Json.object()
                        .with("block", standing.block())
                        .with(
                                "generations",
                                Json.array(standing.generations().stream()
                                        .map(Said::json)
                                        .toList()))
                        .with("rules", ListStore.RULES)
                        .build());
                return 0;
            }
            shell.out().println("blocks in the store, up to " + standing.block());
            for (Generation one : standing.generations()) {
                shell.out()
                        .println("generation " + one.number() + ", "
                                + one.stage().text() + ", by rules " + one.rules() + ", up to block " + one.block());
            }
            return 0;
        }

        private static Json.Obj json(Generation one) {
            return Json.object()
                    .with("block", one.block())
                    .with("generation", one.number())
                    .with("rules", one.rules())
                    .with("stage", one.stage().text())
                    .build();
        }

        @Command(
                name = "rebuild",
                description = {
                    "Has the lists made again from the blocks, by the rules of this release.",
                    "A gateway that runs on this store begins within a second; else the next one that is started."
                },
                footerHeading = "%nExample:%n",
                footer = "  tally reading rebuild --store gateway.db")
        int rebuild(@Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            if (!StoreOption.in(at, store -> store.lists().begin(true))) {
                throw CommandFailure.refused(
                        "the lists are being made already",
                        "tally reading show --store " + at + " says how far they are");
            }
            shell.out().println("begun");
            return 0;
        }
    }
}
