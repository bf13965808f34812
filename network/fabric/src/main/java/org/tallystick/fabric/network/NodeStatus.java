package org.tallystick.fabric.network;

import java.util.OptionalLong;
import org.tallystick.fabric.topology.Topology.Node;

/// How a node is.
///
/// @param pid absent if it does not run
/// @param height how many blocks it has, if it says so
/// @param leads whether it is the orderer that leads
/// @param residentKib memory that the process holds, if the system tells
public record NodeStatus(
        Node node,
        String member,
        OptionalLong pid,
        boolean ready,
        OptionalLong height,
        boolean leads,
        OptionalLong residentKib) {}
