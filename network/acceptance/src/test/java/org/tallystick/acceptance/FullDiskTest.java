package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.instruction.AgreementId;

/// A full disk loses no acknowledged instruction and applies none twice: neither the gateway's nor the ledger's.
@Tag("slow")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FullDiskTest {

    private static final List<AgreementId> AGREEMENTS = List.of(Partnership.agreement("full"));
    private static final int MEBIBYTES = 16;
    /// Some reports still fit.
    private static final long ALMOST_FULL = 100 * 1024;

    private static final int SOME = 20;
    private static final int EXIT_CODE_OF_HALT = 3;
    private static final Duration LONGEST_END = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of(".");

    @Test
    void a_gateway_whose_disk_is_full_takes_nothing_and_goes_on_when_there_is_room_again() throws Exception {
        Servers servers = new Servers(folder, Partnership.MEMBERS, false);
        try (SmallDisk disk = SmallDisk.mount(servers.gatewayFolder(), MEBIBYTES);
                servers) {
            servers.startLedger();
            servers.startGateway();
            Partnership partnership = Scene.begun(servers, AGREEMENTS, 1);
            try (Load load = new Load(partnership, servers::address, 1)) {
                load.begin(AGREEMENTS);
                Scene.eventually("reports are acknowledged", () -> load.acknowledged() >= SOME);

                disk.fill(ALMOST_FULL);

                Scene.eventually("the gateway takes nothing more", () -> load.sentAway() >= SOME);
                assertThat(readiness(servers)).contains("\"ready\":false", "\"store\":false");
                int before = load.acknowledged();
                disk.free();
                Scene.eventually("reports are acknowledged again", () -> load.acknowledged() >= before + SOME);
                load.end();
                Scene.awaitNothingHeld(servers);
                Scene.hold(servers, load.all(), partnership.period());
            }
        }
    }

    @Test
    void a_ledger_whose_disk_is_full_ends_and_says_why_and_goes_on_after_a_start_with_room() throws Exception {
        Servers servers = new Servers(folder, Partnership.MEMBERS, false);
        try (SmallDisk disk = SmallDisk.mount(servers.ledgerFolder(), MEBIBYTES);
                servers) {
            servers.startLedger();
            servers.startGateway();
            Partnership partnership = Scene.begun(servers, AGREEMENTS, 2);
            try (Load load = new Load(partnership, servers::address, 2)) {
                load.begin(AGREEMENTS);
                Scene.eventually("reports are acknowledged", () -> load.acknowledged() >= SOME);

                disk.fill(ALMOST_FULL);

                assertThat(servers.ledger().end(LONGEST_END)).hasValue(EXIT_CODE_OF_HALT);
                assertThat(Files.readString(servers.ledgerLog()))
                        .contains("tallystick: error: the ledger cannot write its block file", "No space left");
                // The gateway's own disk has room: it goes on taking, and keeps it.
                int before = load.acknowledged();
                Scene.eventually("the gateway takes reports", () -> load.acknowledged() >= before + SOME);
                disk.free();
                servers.startLedger();
                load.end();
                Scene.awaitNothingHeld(servers);
                Scene.hold(servers, load.all(), partnership.period());
            }
        }
    }

    private static String readiness(Servers servers) throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(servers.address().resolve("/health/ready"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(ready, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
