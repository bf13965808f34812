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
import java.util.Optional;
import org.tallystick.acceptance.Load.Reported;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// How scenarios on such servers begin and end: a partnership with its agreements, and the reckoning of what was
/// acknowledged.
final class Scene {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Scene() {}

    /// The parties are enrolled and have agreed.
    static Partnership begun(Servers servers, List<AgreementId> agreements, long seed)
            throws IOException, LedgerException {
        try (Ledger ledger = peer(servers, "north", "gateway");
                HttpCourier courier = new HttpCourier(servers.address())) {
            Partnership partnership = new Partnership(ledger.id(), seed);
            for (String member : Partnership.MEMBERS) {
                try (Ledger admin = peer(servers, member, "admin")) {
                    partnership.registers(member, admin);
                }
            }
            partnership.enrolls(courier);
            for (AgreementId agreement : agreements) {
                partnership.agrees(agreement, courier);
            }
            return partnership;
        }
    }

    static Ledger peer(Servers servers, String member, String identity) throws IOException, LedgerException {
        Path files = servers.identity(member);
        String address = Files.readString(files.resolve("address")).strip();
        return FabricLedger.connect(FabricLedger.Settings.of(address, MemberIdentity.read(member, files, identity)));
    }

    interface Holding {
        boolean holds() throws IOException, InterruptedException;
    }

    static void eventually(String what, Holding holding) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holding.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    static void awaitNothingHeld(Servers servers) throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(servers.address().resolve("/health/ready"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            eventually("everything has its verdict", () -> {
                String body =
                        http.send(ready, HttpResponse.BodyHandlers.ofString()).body();
                return JsonReader.readCanonical(Bytes.ofUtf8(body)) instanceof JsonReader.Value(Json.Obj said)
                        && said.bool("ready")
                        && said.whole("held") == 0;
            });
        }
    }

    /// On the ledger, and as the gateway tells it.
    static void hold(Servers servers, List<Reported> acknowledged, String period) throws IOException, LedgerException {
        assertThat(acknowledged).isNotEmpty();
        try (Ledger ledger = peer(servers, "east", "gateway");
                HttpCourier courier = new HttpCourier(servers.address())) {
            Effects effects = Effects.of(ledger);
            effects.eachIsAppliedOnce(acknowledged);
            effects.everySourceHasItsReportsOnce(acknowledged, period);
            for (Reported one : acknowledged) {
                Optional<Answer> told = courier.status(
                        one.signed().payload().party(),
                        Optional.of(one.agreement()),
                        one.signed().payload().id(),
                        Duration.ZERO);
                assertThat(told)
                        .hasValueSatisfying(answer -> assertThat(answer)
                                .isInstanceOfSatisfying(
                                        Answer.Applied.class,
                                        applied -> assertThat(applied.position())
                                                .contains(effects.position(
                                                        one.signed().instruction()))));
            }
        }
    }
}
