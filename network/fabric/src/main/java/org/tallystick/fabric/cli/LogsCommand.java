package org.tallystick.fabric.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "logs",
        description = "Shows the last lines that a node wrote.",
        footerHeading = "%nExample:%n",
        footer = "  tally network logs peer0.north --lines 50 --folder /tmp/network")
final class LogsCommand implements Callable<Integer> {

    private static final int MAX_LINES = 100_000;

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    @Parameters(paramLabel = "NODE", description = "such as peer0.north")
    private String node = "";

    @Option(names = "--lines", paramLabel = "N", defaultValue = "20", description = "how many (default: 20)")
    private int lines;

    LogsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        if (lines < 1 || lines > MAX_LINES) {
            throw CommandFailure.cannot(lines + " lines are not from 1 to " + MAX_LINES);
        }
        List<String> last = site.work(shell, network -> {
            Node found = find(network.topology(), node);
            network.here().require(network.topology().memberOf(found));
            return network.lastLines(found, lines);
        });
        last.forEach(shell.out()::println);
        return 0;
    }

    static Node find(Topology topology, String name) throws CommandFailure {
        return topology.node(name)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no node " + name,
                        "the nodes are "
                                + topology.nodes().stream().map(Node::name).collect(Collectors.joining(", "))));
    }
}
