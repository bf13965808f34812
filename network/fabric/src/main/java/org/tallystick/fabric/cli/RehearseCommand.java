package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Rehearsing.Difference;
import org.tallystick.fabric.network.LocalNetwork.Rehearsed;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rehearse",
        description = {
            "Plays the ledger's transactions again through another version of the chaincode, beside the network, and",
            "names every verdict and settlement that would have been different."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally network rehearse /srv/chaincode-next --folder /tmp/network",
            "",
            "Exit code 0 if nothing would differ, 1 if something would."
        })
final class RehearseCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    @Parameters(
            paramLabel = "CODE",
            arity = "0..1",
            description = "a folder with the jars of the chaincode (default: that of this program)")
    private @Nullable Path code;

    RehearseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        Code chosen = DeployCommand.chosen(code, site.folder());
        Rehearsed rehearsed = site.work(shell, network -> network.rehearse(chosen));
        if (shell.json()) {
            shell.print(Json.object()
                    .with(
                            "differences",
                            Json.array(rehearsed.differences().stream()
                                    .map(RehearseCommand::json)
                                    .toList()))
                    .with("played", rehearsed.played())
                    .with("version", chosen.version())
                    .build());
        } else {
            sentences(rehearsed.differences()).forEach(shell.out()::println);
            shell.out()
                    .println(rehearsed.played() + " transactions played through " + chosen.version() + ": "
                            + (rehearsed.differences().isEmpty()
                                    ? "nothing would differ"
                                    : rehearsed.differences().size() + " answers would differ"));
        }
        return rehearsed.differences().isEmpty() ? 0 : 1;
    }

    static List<String> sentences(List<Difference> differences) {
        return differences.stream()
                .map(difference -> "block " + difference.block() + ", transaction " + difference.transaction()
                        + difference.item().map(item -> ", item " + item).orElse("") + ", " + difference.what()
                        + ": decided " + text(difference.decided()) + ", would be " + text(difference.rehearsed()))
                .toList();
    }

    private static String text(Json json) {
        return json.canonical().utf8().orElseThrow();
    }

    private static Json json(Difference difference) {
        return Json.object()
                .with("block", difference.block())
                .with("decided", difference.decided())
                .with("item", difference.item().map(item -> Json.whole(item)))
                .with("rehearsed", difference.rehearsed())
                .with("transaction", difference.transaction())
                .with("what", difference.what())
                .build();
    }
}
