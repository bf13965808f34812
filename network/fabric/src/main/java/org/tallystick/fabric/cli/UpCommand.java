package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.docker.Subnet;
import org.tallystick.fabric.founding.NetworkFile;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.network.Here;
import org.tallystick.fabric.network.LocalNetwork.Reached;
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
            "With --network, the part of the members whose keys are here; says what is missing elsewhere, and goes on from",
            "there when it is run again. Without it, all members' nodes run on this machine and all their keys lie in one",
            "folder: a shortcut for development and tests."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally network up --folder /tmp/network --profile raft --trial",
            "  tally network up --folder /srv/north --network agreements.network",
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
            names = "--network",
            paramLabel = "FILE",
            description = "the network that was founded, or its next state, for a folder with the keys of some members")
    private @Nullable Path network;

    @Option(
            names = "--backend",
            paramLabel = "KIND",
            description = "native (processes; the default) or docker (containers); a network keeps what it began as")
    private @Nullable String kind;

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Option(
            names = "--trial",
            description = "a new ledger is a trial: its clock can be moved forward; each host says so for itself")
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
        Reached reached = site.work(shell, topology, backend, whole -> whole.up(trial));
        List<String> here = Here.of(topology, site.folder()).members().stream()
                .map(Member::name)
                .toList();
        if (shell.json()) {
            shell.print(Json.object()
                    .with("channel", topology.channel())
                    .with("here", Json.texts(here))
                    .withText("ledger", reached.net().map(net -> net.ledger().hex()))
                    .with("members", Json.texts(topology.memberNames()))
                    .with("missing", Json.texts(reached.missing()))
                    .with("trial", reached.net().map(net -> Json.bool(net.trial())))
                    .build());
            return 0;
        }
        shell.out().println("up: " + String.join(", ", here) + " on channel " + topology.channel());
        shell.out()
                .println(reached.net()
                        .map(net -> "ledger " + net.ledger() + (net.trial() ? " (trial)" : ""))
                        .orElse("the ledger takes no instructions yet"));
        if (reached.net().isPresent()) {
            shell.out()
                    .println("a member's way to it: --identity "
                            + site.folder().member(here.getFirst()).path());
        }
        if (!reached.missing().isEmpty()) {
            Site.printMissing(shell, reached.missing(), "tally network up");
        }
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

    private Topology unpacked(Path from) throws IOException, CommandFailure {
        try {
            NetworkFile founded = NetworkFile.read(from);
            Optional<Topology> there = site.topology();
            if (there.isPresent()) {
                site.checkSame(there.get(), founded.topology(), from.toString());
            }
            founded.unpack(site.folder());
            return founded.topology();
        } catch (NodeException e) {
            throw Site.failure(e);
        }
    }

    private Subnet subnet() throws IOException, CommandFailure, NodeException {
        Optional<Topology> there = site.topology();
        return there.isPresent() ? Subnet.of(there.get()) : Subnet.free();
    }

    private Topology topology(Backend backend) throws IOException, CommandFailure {
        if (Stream.of(file, profile, network).filter(Objects::nonNull).count() > 1) {
            throw CommandFailure.cannot(
                    "more than one of --network, --topology and --profile was given", "leave the others out");
        }
        if (network != null) {
            return unpacked(network);
        }
        Optional<Topology> there = site.topology();
        if (file == null && profile == null && there.isPresent()) {
            return there.get();
        }
        if (Files.exists(site.folder().here())) {
            throw CommandFailure.cannot(
                    site.folder().path() + " has the keys of members with machines of their own: "
                            + String.join(", ", Files.readAllLines(site.folder().here())),
                    "one admin runs tally network found; then: tally network up --network FILE");
        }
        if (file != null) {
            return found(file.toString(), Files.readString(file), backend);
        }
        String name = profile == null ? TopologyFile.USUAL_PROFILE : profile;
        String yaml = TopologyFile.profile(name)
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no profile " + name, "the profiles are " + String.join(", ", TopologyFile.PROFILES)));
        return found("the profile " + name, yaml, backend);
    }
}
