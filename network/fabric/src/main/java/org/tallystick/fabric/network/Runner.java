package org.tallystick.fabric.network;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.tallystick.fabric.lifecycle.Packaged;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology.Node;

/// Starts nodes, finds them again and stops them: a backend at work. What it did not start, it does not touch.
sealed interface Runner permits Processes, Containers {

    /// A node and the process that it is.
    record Started(Node node, long pid) {}

    /// Makes ready what nodes are started from.
    ///
    /// @param packaged what chaincode processes run
    void prepare(Packaged packaged) throws IOException, NodeException, InterruptedException;

    /// Starts those that do not run, without waiting until they take calls.
    List<Started> start(List<? extends Node> wanted, Packaged packaged)
            throws IOException, NodeException, InterruptedException;

    /// The processes of all nodes that run, by the names of the nodes. They are asked for at once, since an engine
    /// takes
    /// its time for each question.
    Map<String, Long> pids() throws IOException, NodeException, InterruptedException;

    /// Whether nobody else can run a node at its address. To ask there in vain would take seconds.
    boolean alone();

    /// Stops those that run, all at once, and waits until they have ended.
    ///
    /// @return those that ran
    List<Node> stop(List<? extends Node> unwanted) throws IOException, NodeException, InterruptedException;

    /// Ends them without a goodbye.
    void kill(List<? extends Node> victims) throws IOException, NodeException, InterruptedException;

    /// What a node wrote last.
    List<String> lastLines(Node node, int count) throws IOException, NodeException, InterruptedException;

    /// Takes away what is of no use to a network of which nothing runs.
    void clear() throws NodeException, InterruptedException;
}
