package org.tallystick.acceptance;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.tallystick.embedded.ChaincodeDefinition;
import org.tallystick.embedded.CollectionDefinition;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.embedded.Endorsers;
import org.tallystick.embedded.tally.TallyLedger;

/// Private homes on the embedded ledger.
@Tag("slow")
final class PrivateHomesOnEmbeddedTest extends PrivateHomes {

    private Path folder = Path.of("");
    private Optional<EmbeddedLedger> started = Optional.empty();

    @Override
    void start(Path in) throws Exception {
        folder = in;
        var home = new CollectionDefinition(HOME, TWO, 1, 1, 0, true, true, Optional.of(Endorsers.eachOf(TWO)));
        var definition = new ChaincodeDefinition(
                chaincode(),
                "1",
                genesis -> new PrivateHomeChaincode("tallystick:1", TallyLedger.charter(genesis, true)),
                List.of(home));
        started = Optional.of(EmbeddedLedger.start(EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(definition))));
    }

    @Override
    ManagedChannel channel(String member) {
        return started.orElseThrow().channel(member);
    }

    @Override
    String chaincode() {
        return "tallystick";
    }

    @Override
    Path identities(String member) {
        return folder.resolve("members").resolve(member);
    }

    @Override
    String where() {
        return "members/(north|east)/(private|transient)";
    }

    @Override
    void stop() {
        started.ifPresent(EmbeddedLedger::close);
    }
}
