package org.tallystick.fabric.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.lifecycle.PeerAdmin.Committed;
import org.tallystick.fabric.network.NetworkStatus;
import org.tallystick.fabric.network.NodeStatus;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description = "Tells how each node is, which chaincode the channel has, and when certificates end.",
        footerHeading = "%nExample:%n",
        footer = {
            "  tally network status --folder /tmp/network",
            "",
            "Exit code 0 if every node here takes calls, 1 if one does not."
        })
final class StatusCommand implements Callable<Integer> {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
    private static final long KIB_IN_MIB = 1024;

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        NetworkStatus status = site.work(shell, network -> network.status());
        if (shell.json()) {
            shell.print(json(status));
        } else {
            print(status);
        }
        return status.nodes().stream().allMatch(NodeStatus::ready) ? 0 : 1;
    }

    private void print(NetworkStatus status) {
        Table table = new Table("member", "node", "address", ">process", "state", ">height", ">MiB");
        for (NodeStatus node : status.nodes()) {
            table.add(
                    node.member(),
                    node.node().name(),
                    node.node().address(),
                    shown(node.pid()),
                    state(node),
                    shown(node.height()),
                    shown(mib(node.residentKib())));
        }
        table.print(shell.out());
        for (NetworkStatus.Elsewhere node : status.elsewhere()) {
            shell.out()
                    .println("elsewhere: " + node.node().name() + " of " + node.member() + " at "
                            + node.node().address() + (node.answers() ? " answers" : " DOES NOT ANSWER"));
        }
        status.chaincode()
                .ifPresentOrElse(
                        committed -> shell.out().println(chaincode(committed)),
                        () -> shell.out().println("chaincode: unknown, no peer answers or none is deployed"));
        Instant now = Instant.now();
        status.expiries().stream()
                .findFirst()
                .ifPresent(next -> shell.out().println("first certificate to end: " + sentence(next)));
        for (Expiry expiry : status.expiries()) {
            if (expiry.soonAt(now)) {
                shell.note("the certificate of " + sentence(expiry) + (expiry.endedAt(now) ? " ALREADY" : "")
                        + expiry.renewal().map(renewal -> ": " + renewal).orElse(""));
            }
        }
    }

    private static String sentence(Expiry expiry) {
        return expiry.what() + " of " + expiry.member() + " ends on " + DAY.format(expiry.until());
    }

    private static String chaincode(Committed committed) {
        List<String> approved = committed.approvals().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return "chaincode: version " + committed.version() + ", sequence " + committed.sequence() + ", approved by "
                + String.join(", ", approved);
    }

    private static String state(NodeStatus node) {
        if (node.pid().isEmpty()) {
            return node.ready() ? "not ours" : "down";
        }
        if (!node.ready()) {
            return "starting or stuck";
        }
        return node.leads() ? "up, leads" : "up";
    }

    private static OptionalLong mib(OptionalLong kib) {
        return kib.isPresent() ? OptionalLong.of(kib.getAsLong() / KIB_IN_MIB) : kib;
    }

    private static String shown(OptionalLong number) {
        return number.isPresent() ? String.valueOf(number.getAsLong()) : "-";
    }

    private static Json json(NetworkStatus status) {
        return Json.object()
                .with(
                        "nodes",
                        Json.array(
                                status.nodes().stream().map(StatusCommand::json).toList()))
                .with(
                        "elsewhere",
                        Json.array(status.elsewhere().stream()
                                .map(node -> Json.object()
                                        .with("address", node.node().address())
                                        .with("answers", node.answers())
                                        .with("member", node.member())
                                        .with("name", node.node().name())
                                        .build())
                                .toList()))
                .with(
                        "certificates",
                        Json.array(status.expiries().stream()
                                .map(expiry -> Json.object()
                                        .with("member", expiry.member())
                                        .with("of", expiry.what())
                                        .with(
                                                "until",
                                                expiry.until()
                                                        .truncatedTo(ChronoUnit.SECONDS)
                                                        .toString())
                                        .build())
                                .toList()))
                .with("chaincode", status.chaincode().map(StatusCommand::json))
                .build();
    }

    private static Json json(Committed committed) {
        TreeMap<String, Json> approvals = new TreeMap<>();
        committed.approvals().forEach((member, approved) -> approvals.put(member, Json.bool(approved)));
        return Json.object()
                .with("approvals", new Json.Obj(approvals))
                .with("sequence", committed.sequence())
                .with("version", committed.version())
                .build();
    }

    private static Json json(NodeStatus node) {
        String kind = switch (node.node()) {
            case Orderer _ -> "orderer";
            case Peer _ -> "peer";
            case Chaincode _ -> "chaincode";
        };
        return Json.object()
                .with("address", node.node().address())
                .with("height", number(node.height()))
                .with("kind", kind)
                .with("leads", node.leads())
                .with("member", node.member())
                .with("name", node.node().name())
                .with("pid", number(node.pid()))
                .with("ready", node.ready())
                .with("residentKib", number(node.residentKib()))
                .build();
    }

    private static Optional<Json> number(OptionalLong number) {
        return number.isPresent() ? Optional.of(Json.whole(number.getAsLong())) : Optional.empty();
    }
}
