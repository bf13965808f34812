package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Net;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.docker.Subnet;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.NodeException;
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
        footer = {
            "  tally network up --folder /tmp/network --profile raft --trial",
            "  tally network up --folder /tmp/network --backend docker"
        })
final class UpCommand implements Callable<Integer> {

    private static final String LOOPBACK = "127.";
    private static final String DOCKER = "docker";
    private static final List<String> BACKENDS = List.of("native", DOCKER);

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

    @Option(
            names = "--backend",
            paramLabel = "KIND",
            description = "native (processes; the default) or docker (containers); a network keeps what it began as")
    private @Nullable String kind;

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Option(names = "--trial", description = "a new ledger is a trial: its clock can be moved forward")
    private boolean trial;

    UpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, LedgerException, CommandFailure, InterruptedException {
        Optional<Topology> before = site.topology();
        Backend backend = backend();
        Topology topology = topology(backend);
        if (before.isPresent()) {
            stopRemoved(before.get(), topology);
        }
        Net net = site.work(shell, topology, backend, network -> network.up(trial));
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

    private Backend backend() throws IOException, CommandFailure {
        Optional<Backend> there = Backend.of(site.folder());
        Backend usual = there.orElse(new Backend.Native());
        String word = Optional.ofNullable(kind).orElse(usual.word());
        if (!BACKENDS.contains(word)) {
            throw CommandFailure.cannot(
                    "there is no backend " + word, "the backends are " + String.join(", ", BACKENDS));
        }
        if (there.isPresent() && !usual.word().equals(word)) {
            throw CommandFailure.cannot(
                    "the network in " + site.folder().path() + " began as " + usual.word() + ", not as " + word,
                    "choose another folder with --folder");
        }
        if (usual instanceof Backend.Docker(var network, var before)) {
            return new Backend.Docker(network, images.over(before));
        }
        if (word.equals(DOCKER)) {
            return Backend.Docker.of(images.over(Images.USUAL));
        }
        if (images.any()) {
            throw CommandFailure.cannot("processes are made from no image", "add --backend docker");
        }
        return usual;
    }

    /// Makes the folder a network's. Nodes that are all on loopback are given addresses of their own as containers.
    private Topology found(String name, String yaml, Backend backend) throws IOException, CommandFailure {
        Topology wanted = Site.read(name, yaml);
        boolean loopback = wanted.nodes().stream().allMatch(node -> node.host().startsWith(LOOPBACK));
        try {
            String settled = switch (backend) {
                case Backend.Docker _ when loopback -> TopologyFile.text(subnet().settled(wanted));
                case Backend.Docker _, Backend.Native _ -> yaml;
            };
            backend.check(Site.read(name, settled));
            backend.write(site.folder());
            return site.found(name, settled);
        } catch (NodeException e) {
            throw Site.failure(e);
        }
    }

    private Subnet subnet() throws IOException, CommandFailure, NodeException {
        Optional<Topology> there = site.topology();
        return there.isPresent() ? Subnet.of(there.get()) : Subnet.free();
    }

    private Topology topology(Backend backend) throws IOException, CommandFailure {
        if (file != null && profile != null) {
            throw CommandFailure.cannot("both a profile and a topology were given", "leave one out");
        }
        if (file != null) {
            return found(file.toString(), Files.readString(file), backend);
        }
        Optional<Topology> there = site.topology();
        if (profile == null && there.isPresent()) {
            return there.get();
        }
        String name = profile == null ? TopologyFile.USUAL_PROFILE : profile;
        String yaml = TopologyFile.profile(name)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no profile " + name, "the profiles are " + String.join(", ", TopologyFile.PROFILES)));
        return found("the profile " + name, yaml, backend);
    }
}
