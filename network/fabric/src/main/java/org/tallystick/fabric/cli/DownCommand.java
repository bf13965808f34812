package org.tallystick.fabric.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "down",
        description = "Stops the nodes that up has started, and nothing else. The ledger stays.",
        footerHeading = "%nExample:%n",
        footer = "  tally network down --folder /tmp/network")
final class DownCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    @Option(names = "--delete", description = "delete the folder too: the keys and the ledger are gone for ever")
    private boolean delete;

    DownCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        int stopped = site.work(shell, LocalNetwork::down);
        if (delete) {
            OwnerFiles.delete(site.folder().path());
        }
        if (shell.json()) {
            shell.print(Json.object()
                    .with("deleted", delete)
                    .with("stopped", stopped)
                    .build());
        } else {
            shell.out()
                    .println("down: " + stopped + " processes stopped"
                            + (delete ? "; " + site.folder().path() + " is deleted" : ""));
        }
        return 0;
    }
}
