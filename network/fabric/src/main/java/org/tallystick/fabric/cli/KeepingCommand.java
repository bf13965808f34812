package org.tallystick.fabric.cli;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.channel.History.Deed;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.network.LocalNetwork.Snapshot;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// What keeps a network in good order, as commands beside the larger ones.
class KeepingCommand {

    private final Shell shell;

    KeepingCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "snapshot",
            description = {
                "Lets every peer write a snapshot of its state and compares them: a cheap check that no two members",
                "have different ledgers."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally network snapshot --folder /tmp/network",
                "",
                "Exit code 0 if all snapshots of the same block are equal, 1 if not."
            })
    int snapshot(@Mixin Site site) throws IOException, LedgerException, CommandFailure, InterruptedException {
        List<Snapshot> all = site.work(shell, network -> {
            if (!network.here().all()) {
                shell.note(Site.names(network.here().elsewhere())
                        + " compare theirs on their own machines: the digests of the same block must be equal");
            }
            return network.snapshot();
        });
        boolean equal = all.stream()
                .collect(Collectors.groupingBy(
                        Snapshot::block, Collectors.mapping(Snapshot::digest, Collectors.toSet())))
                .values()
                .stream()
                .mapToInt(Set::size)
                .allMatch(different -> different == 1);
        if (shell.json()) {
            shell.print(Json.object()
                    .with("equal", equal)
                    .with(
                            "snapshots",
                            Json.array(all.stream()
                                    .map(one -> Json.object()
                                            .with("block", one.block())
                                            .with("digest", one.digest().hex())
                                            .with("folder", one.folder().toString())
                                            .with("peer", one.peer().name())
                                            .build())
                                    .toList()))
                    .build());
            return equal ? 0 : 1;
        }
        Table table = new Table("peer", ">block", "digest", "folder");
        all.forEach(one -> table.add(
                one.peer().name(),
                String.valueOf(one.block()),
                one.digest().hex().substring(0, 16),
                one.folder().toString()));
        table.print(shell.out());
        shell.out()
                .println(
                        equal
                                ? "snapshots of the same block are equal"
                                : "SNAPSHOTS OF THE SAME BLOCK DIFFER: some members have different ledgers");
        return equal ? 0 : 1;
    }

    @Command(
            name = "rotate",
            description = {
                "Gives a node new certificates for the keys it has; it is away for some seconds.",
                "A peer and its chaincode process are rotated together. Nobody else has to do anything."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally network rotate orderer0.north --folder /tmp/network")
    int rotate(@Mixin Site site, @Parameters(paramLabel = "NODE") String name)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        List<String> rotated =
                site.work(shell, network -> network.rotate(LogsCommand.find(network.topology(), name))).stream()
                        .map(Node::name)
                        .toList();
        if (shell.json()) {
            shell.print(Json.object().with("rotated", Json.texts(rotated)).build());
        } else {
            shell.out().println("rotated: " + String.join(", ", rotated));
        }
        return 0;
    }

    @Command(
            name = "history",
            description = "Tells who admitted, removed, revoked, approved or changed policy, block by block.",
            footerHeading = "%nExample:%n",
            footer = "  tally network history --folder /tmp/network")
    int history(@Mixin Site site) throws IOException, LedgerException, CommandFailure, InterruptedException {
        List<Deed> deeds = site.work(shell, LocalNetwork::history);
        if (shell.json()) {
            shell.print(Json.array(deeds.stream().map(KeepingCommand::json).toList()));
            return 0;
        }
        Table table = new Table(">block", "time", "signed by", "what");
        deeds.forEach(deed -> table.add(
                String.valueOf(deed.block()),
                deed.time().toString(),
                deed.by().isEmpty() ? "-" : String.join(", ", deed.by()),
                deed.valid() ? deed.what() : deed.what() + " (without effect)"));
        table.print(shell.out());
        return 0;
    }

    private static Json json(Deed deed) {
        return Json.object()
                .with("block", deed.block())
                .with("by", Json.texts(deed.by()))
                .with("time", deed.time().toString())
                .with("transaction", deed.transaction())
                .with("valid", deed.valid())
                .with("what", deed.what())
                .build();
    }
}
