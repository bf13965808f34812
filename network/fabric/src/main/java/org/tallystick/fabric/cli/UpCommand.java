package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Net;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = {
            "Brings up a network, or goes on from where an earlier up stopped.",
            "All members' nodes run on this machine and all their keys lie in one folder: for development and tests."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally network up --folder /tmp/network --profile raft --trial")
final class UpCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private Site site = new Site();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "dev (one orderer, two members), raft (three of each; the default) or bft (four of each)")
    private @Nullable String profile;

    @Option(names = "--topology", paramLabel = "FILE", description = "members and nodes, instead of a profile")
    private @Nullable Path file;

    @Option(names = "--trial", description = "a new ledger is a trial: its clock can be moved forward")
    private boolean trial;

    UpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        Optional<Topology> before = site.topology();
        Topology topology = topology();
        if (before.isPresent()) {
            stopRemoved(before.get(), topology);
        }
        Net net = site.work(shell, topology, network -> network.up(trial));
        if (shell.json()) {
            shell.print(Json.object()
                    .with("channel", topology.channel())
                    .with("ledger", net.ledger().hex())
                    .with("members", Json.texts(topology.memberNames()))
                    .with("trial", net.trial())
                    .build());
            return 0;
        }
        shell.out().println("up: " + String.join(", ", topology.memberNames()) + " on channel " + topology.channel());
        shell.out().println("ledger " + net.ledger() + (net.trial() ? " (trial)" : ""));
        Path members = site.folder().member(topology.memberNames().getFirst()).path();
        shell.out().println("a member's way to it: --identity " + members);
        return 0;
    }

    /// Who is no member any more has its nodes stopped.
    private void stopRemoved(Topology before, Topology now)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        for (Member member : before.members()) {
            if (now.member(member.name()).isEmpty()) {
                int _ = site.work(shell, before, network -> network.stop(member));
            }
        }
    }

    private Topology topology() throws IOException, CommandFailure {
        if (file != null && profile != null) {
            throw CommandFailure.cannot("both a profile and a topology were given", "leave one out");
        }
        if (file != null) {
            return site.found(file.toString(), Files.readString(file));
        }
        Optional<Topology> there = site.topology();
        if (profile == null && there.isPresent()) {
            return there.get();
        }
        String name = profile == null ? TopologyFile.USUAL_PROFILE : profile;
        String yaml = TopologyFile.profile(name)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no profile " + name, "the profiles are " + String.join(", ", TopologyFile.PROFILES)));
        return site.found("the profile " + name, yaml);
    }
}
