package org.tallystick.fabric.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.lifecycle.ChaincodeProcess;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.NodeProcess;
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// Nodes as processes of this machine, which outlive the program that started them.
record Processes(Topology topology, NetworkFolder folder, Binaries binaries) implements Runner {

    private NodeFolder files(Node node) {
        return folder.member(topology.memberOf(node).name()).node(node.name());
    }

    private NodeProcess process(Node node) {
        return new NodeProcess(node.name(), files(node));
    }

    @Override
    public void prepare(Packaged packaged) {
        // A process needs nothing but its files.
    }

    @Override
    public List<Started> start(List<? extends Node> wanted, Packaged packaged) throws IOException, NodeException {
        List<Started> started = new ArrayList<>();
        for (Node node : wanted) {
            NodeProcess process = process(node);
            if (process.running().isEmpty()) {
                checkPorts(node);
                started.add(
                        new Started(node, process.start(command(node, packaged)).pid()));
            }
        }
        return started;
    }

    private static void checkPorts(Node node) throws NodeException {
        for (int port : node.ports()) {
            if (!Operations.free(node, port)) {
                throw new NodeException(
                        "port " + port + " of " + node.name()
                                + " is in use by a program that this network did not start",
                        "end that program, or give the node another port in the topology");
            }
        }
    }

    private List<String> command(Node node, Packaged packaged) throws IOException {
        return switch (node) {
            case Orderer _ -> List.of(binaries.orderer().toString());
            case Peer _ -> List.of(binaries.peer().toString(), "node", "start");
            case Chaincode chaincode -> {
                ChaincodeProcess process = new ChaincodeProcess(chaincode, files(node), packaged.id());
                List<String> command = new ArrayList<>();
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(process.java());
                command.addAll(List.of("-cp", packaged.code().classPath(), Code.MAIN_CLASS));
                command.addAll(process.arguments());
                yield command;
            }
        };
    }

    @Override
    public Map<String, Long> pids() throws IOException {
        Map<String, Long> all = new TreeMap<>();
        for (Node node : topology.nodes()) {
            process(node).running().ifPresent(running -> all.put(node.name(), running.pid()));
        }
        return all;
    }

    @Override
    public boolean alone() {
        return false;
    }

    @Override
    public List<Node> stop(List<? extends Node> unwanted) throws IOException, NodeException, InterruptedException {
        List<Node> stopping = new ArrayList<>();
        for (Node node : unwanted) {
            if (process(node).askToEnd()) {
                stopping.add(node);
            }
        }
        for (Node node : unwanted) {
            process(node).end();
        }
        return stopping;
    }

    @Override
    public void kill(List<? extends Node> victims) throws IOException, InterruptedException {
        for (Node node : victims) {
            process(node).kill();
        }
    }

    @Override
    public List<String> lastLines(Node node, int count) throws IOException {
        return process(node).lastLines(count);
    }

    @Override
    public void clear() {
        // A process that has ended leaves nothing but its files.
    }
}
