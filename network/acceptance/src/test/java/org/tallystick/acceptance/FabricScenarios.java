package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.tallystick.fabric.network.Backend;
import org.tallystick.fabric.node.Binaries;

/// The scenarios on Fabric's own programs: one network of three members for all of them, each member's chaincode in a
/// place of its own.
abstract class FabricScenarios extends LifeScenarios {

    private static final String LEAVING = "west";

    private Optional<FabricNetwork> network = Optional.empty();

    /// What the nodes run as.
    abstract Backend backend();

    @Override
    Network start(Path folder) throws IOException {
        Binaries binaries = Binaries.find(System.getenv()).orElseThrow();
        network = Optional.of(FabricNetwork.start(folder, backend(), binaries));
        return network.get();
    }

    /// The last, since the network has a member less from then on. [FabricOnly] says why it is played here alone.
    @Test
    @Order(Integer.MAX_VALUE)
    void a_member_is_removed_and_the_next_period_of_three_agreements_closes_with_the_parties_it_hosted()
            throws Exception {
        FabricNetwork fabric = network.orElseThrow();
        String reporting = LEAVING + "/guest";
        String accepting = LEAVING + "/friend";
        List<ExampleAgreement> agreements = hostedBy(reporting, accepting, "removed");
        agreements.forEach(stand()::agree);
        List<ExampleAgreement> longer = agreements.subList(0, 2);
        longer.forEach(agreement -> settled(agreement, agreement.periods().getFirst()));

        stand().partner(reporting).moves("east");
        stand().partner(accepting).moves("north");
        stand().run(
                        "admin",
                        "network",
                        "member",
                        "remove",
                        LEAVING,
                        "--all-sign",
                        "--folder",
                        fabric.folder().toString());
        fabric.left(LEAVING);
        longer.forEach(agreement -> settled(agreement, agreement.periods().get(1)));
        settled(agreements.getLast(), agreements.getLast().periods().getFirst());

        assertThat(fabric.admitted()).containsExactly("east", "north");
        assertThat(stand().partner(reporting).host()).isEqualTo("east");
        assertThat(stand().partner(accepting).host()).isEqualTo("north");
        verified(agreements, auditor().trusts());
    }
}
