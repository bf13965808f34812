package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Definition;
import org.tallystick.fabric.lifecycle.Rehearsing.Difference;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.network.LocalNetwork.Deployed;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "deploy",
        description = {
            "Makes a version of the chaincode the channel's: every peer installs it, every member approves it.",
            "An upgrade is rehearsed first, and refused if it would have decided anything differently.",
            "Members with machines of their own do this on each of them; the last to be needed makes it the channel's, and",
            "the others do it again to exchange their processes. Where all keys are here, all approve at once: a",
            "shortcut for development."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally network deploy --folder /tmp/network")
final class DeployCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    @Parameters(
            paramLabel = "CODE",
            arity = "0..1",
            description = "a folder with the jars of the chaincode (default: that of this program)")
    private @Nullable Path code;

    @Option(names = "--despite", description = "even if a rehearsal finds answers that would have been different")
    private boolean despite;

    DeployCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        Code chosen = chosen(code, site.folder());
        Deployed deployed = site.work(shell, network -> {
            if (!despite) {
                rehearse(network, chosen);
            }
            return network.deploy(chosen);
        });
        Definition definition = deployed.definition();
        if (shell.json()) {
            shell.print(Json.object()
                    .with("missing", Json.texts(deployed.missing()))
                    .with("name", definition.name())
                    .with("sequence", definition.sequence())
                    .with("version", definition.version())
                    .build());
            return 0;
        }
        String what = definition.name() + " " + definition.version() + ", sequence " + definition.sequence();
        if (deployed.missing().isEmpty()) {
            shell.out().println("the channel has " + what);
        } else {
            shell.out().println("approved here: " + what);
            Site.printMissing(shell, deployed.missing(), "tally network deploy");
        }
        return 0;
    }

    /// An upgrade that would have decided differently is a matter for people.
    private static void rehearse(LocalNetwork network, Code chosen)
            throws IOException, NodeException, LedgerException, CommandFailure, InterruptedException {
        List<Difference> differences = network.rehearse(chosen).differences();
        if (!differences.isEmpty()) {
            throw CommandFailure.refused(
                    differences.size() + " answers would have been different with " + chosen.version() + ", the first: "
                            + RehearseCommand.sentences(differences).getFirst(),
                    "see all: tally network rehearse; deploy it all the same: --despite");
        }
    }

    static Code chosen(@Nullable Path code, NetworkFolder folder) throws IOException, CommandFailure {
        if (code == null) {
            return Code.ofThisProgram(folder.chaincode());
        }
        if (!Files.isDirectory(code)) {
            throw CommandFailure.cannot("there is no folder " + code);
        }
        return Code.copied(code, folder.chaincode());
    }
}
