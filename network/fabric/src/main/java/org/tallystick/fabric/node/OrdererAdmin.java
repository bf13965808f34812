package org.tallystick.fabric.node;

import java.nio.file.Path;
import org.tallystick.fabric.files.MemberFolder.Pair;
import org.tallystick.fabric.topology.Topology.Orderer;

/// A member's admin at one of its orderers, who speaks through Fabric's own `osnadmin` program.
public final class OrdererAdmin {

    private static final String CREATED = "Status: 201";
    private static final String FOUND = "Status: 200";
    private static final String ABSENT = "Status: 404";

    private final Program program;
    private final Orderer orderer;
    private final String[] options;

    /// @param caller with which the admin shows itself
    /// @param authority that vouches for the orderer
    public OrdererAdmin(Path osnadmin, Orderer orderer, Pair caller, Path authority) {
        this.orderer = orderer;
        this.program = Program.of(osnadmin, "channel");
        this.options = new String[] {
            "-o",
            orderer.host() + ":" + orderer.adminPort(),
            "--ca-file",
            authority.toString(),
            "--client-cert",
            caller.certificate().toString(),
            "--client-key",
            caller.key().toString()
        };
    }

    public boolean joined(String channel) throws NodeException, InterruptedException {
        String said = run("list", "--channelID", channel);
        if (said.contains(FOUND)) {
            return true;
        }
        if (said.contains(ABSENT)) {
            return false;
        }
        throw new NodeException(orderer.name() + " does not say whether it is on channel " + channel + ": " + said);
    }

    public void join(String channel, Path block) throws NodeException, InterruptedException {
        String said = run("join", "--channelID", channel, "--config-block", block.toString());
        if (!said.contains(CREATED)) {
            throw new NodeException(orderer.name() + " did not join channel " + channel + ": " + said);
        }
    }

    private String run(String verb, String... arguments) throws NodeException, InterruptedException {
        Program.Ended ended = program.with(verb).with(arguments).with(options).end();
        return (ended.out() + ended.err()).strip();
    }
}
