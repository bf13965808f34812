package org.tallystick.fabric.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;

final class SubnetTest {

    private static Topology topology(String yaml) {
        return switch (TopologyFile.read(yaml)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    private static Topology dev() {
        return topology(TopologyFile.profile("dev").orElseThrow());
    }

    @Test
    void every_node_is_given_an_address_of_its_own_and_keeps_its_ports() throws NodeException {
        Topology settled = new Subnet("10.77.9.").settled(dev());

        assertThat(settled.nodes())
                .extracting(Node::address)
                .containsExactly(
                        "10.77.9.2:7050", "10.77.9.3:7051", "10.77.9.4:7052", "10.77.9.5:8051", "10.77.9.6:8052");
        assertThat(Subnet.of(settled)).isEqualTo(new Subnet("10.77.9."));
        assertThat(Subnet.of(settled).cidr()).isEqualTo("10.77.9.0/24");
        assertThat(topology(TopologyFile.text(settled))).isEqualTo(settled);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            10.77.8.5    | peer0.east has the address 10.77.8.5, not one from 10.77.9.2 to 10.77.9.254 as the others
            10.77.9.1    | peer0.east has the address 10.77.9.1, not one from 10.77.9.2 to 10.77.9.254 as the others
            10.77.9.255  | peer0.east has the address 10.77.9.255, not one from 10.77.9.2 to 10.77.9.254 as the others
            10.77.9.3    | peer0.east has the address 10.77.9.3 of peer0.north
            peer0.east   | peer0.east is on host peer0.east, which is no IPv4 address
            """)
    void a_host_at_which_no_container_can_be_is_named(String host, String expected) throws NodeException {
        String yaml = TopologyFile.text(new Subnet("10.77.9.").settled(dev()))
                .replace("peer0.east, host: 10.77.9.5", "peer0.east, host: " + host);

        assertThatThrownBy(() -> Subnet.of(topology(yaml)))
                .isInstanceOf(NodeException.class)
                .hasMessage(expected);
    }

    @Test
    void nodes_that_are_all_at_one_address_are_no_containers() {
        assertThatThrownBy(() -> Subnet.of(dev()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void a_free_subnet_is_none_that_this_machine_is_in() throws Exception {
        String prefix = Subnet.free().prefix();

        assertThat(prefix).matches("10\\.77\\.[0-9]{1,3}\\.");
        assertThat(NetworkInterface.networkInterfaces()
                        .flatMap(one -> one.getInterfaceAddresses().stream())
                        .map(InterfaceAddress::getAddress))
                .noneMatch(address -> address.getHostAddress().startsWith(prefix));
    }
}
