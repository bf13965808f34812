package org.tallystick.fabric.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tallystick.fabric.docker.ComposeFile;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.docker.Engine.Container;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;

/// Nodes as containers, made by compose from one file and known by their labels, whoever started them.
///
/// A container that ends by itself is started again by the engine, also after the machine was.
record Containers(Topology topology, NetworkFolder folder, Backend.Docker docker, Engine engine, Progress progress)
        implements Runner {

    private static final long NO_PROCESS = 0;

    @Override
    public void prepare(Packaged packaged) throws IOException, NodeException, InterruptedException {
        if (docker.images().complete(engine, packaged.code(), OwnerFiles.folder(folder.work()))) {
            progress.says("built the image " + docker.images().of(packaged.code()));
        }
        new ComposeFile(topology, folder, docker.images(), docker.network()).write(packaged);
    }

    private List<Container> containers() throws NodeException, InterruptedException {
        return engine.containers(docker.network());
    }

    private static List<Container> of(List<? extends Node> nodes, List<Container> all) {
        List<String> names = nodes.stream().map(Node::name).toList();
        return all.stream()
                .filter(container -> names.contains(container.node()))
                .toList();
    }

    private static boolean runs(Node node, List<Container> all) {
        return of(List.of(node), all).stream().anyMatch(Container::running);
    }

    @Override
    public List<Started> start(List<? extends Node> wanted, Packaged packaged)
            throws NodeException, InterruptedException {
        List<Container> before = containers();
        List<? extends Node> missing =
                wanted.stream().filter(node -> !runs(node, before)).toList();
        if (missing.isEmpty()) {
            return List.of();
        }
        // Somebody may have started them by hand, as another project.
        String project = before.stream().map(Container::project).findFirst().orElse(docker.network());
        engine.up(folder.compose(), project, missing.stream().map(Node::name).toList());
        Map<String, Long> after = pids();
        List<Started> started = new ArrayList<>();
        for (Node node : missing) {
            started.add(new Started(node, after.getOrDefault(node.name(), NO_PROCESS)));
        }
        return started;
    }

    @Override
    public Map<String, Long> pids() throws NodeException, InterruptedException {
        return containers().stream()
                .filter(Container::running)
                .collect(Collectors.toMap(Container::node, Container::pid, Math::max));
    }

    @Override
    public boolean alone() {
        return true;
    }

    @Override
    public List<Node> stop(List<? extends Node> unwanted) throws NodeException, InterruptedException {
        List<Container> all = containers();
        List<Container> ours = of(unwanted, all);
        engine.stop(ours.stream().filter(Container::running).toList());
        engine.remove(ours);
        return unwanted.stream()
                .<Node>map(node -> node)
                .filter(node -> runs(node, all))
                .toList();
    }

    @Override
    public void kill(List<? extends Node> victims) throws NodeException, InterruptedException {
        engine.kill(
                of(victims, containers()).stream().filter(Container::running).toList());
    }

    @Override
    public List<String> lastLines(Node node, int count) throws NodeException, InterruptedException {
        List<Container> found = of(List.of(node), containers());
        return found.isEmpty() ? List.of() : engine.lastLines(found.getFirst(), count);
    }

    @Override
    public void clear() throws NodeException, InterruptedException {
        if (containers().isEmpty()) {
            engine.removeBridge(docker.network());
        }
    }
}
