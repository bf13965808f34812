package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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

/// Gateway and ledger, each in a process of its own, are killed with SIGKILL at random moments while parties report:
/// every acknowledged instruction has one verdict and one effect.
final class KillTest {

    private static final List<AgreementId> AGREEMENTS =
            List.of(Partnership.agreement("one"), Partnership.agreement("two"));
    /// So many are acknowledged after a start before the next kill may come.
    private static final int AT_WORK = 15;
    /// The kill comes at some moment within this.
    private static final Duration MOMENT = Duration.ofMillis(800);

    private static final Duration DOWN = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private enum Victim {
        GATEWAY,
        LEDGER,
        BOTH
    }

    @TempDir
    Path folder = Path.of(".");

    @Tag("slow")
    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_five_times_under_load_each_acknowledged_instruction_has_one_verdict_and_one_effect() throws Exception {
        killed(5, 20_261_126);
    }

    @Tag("long")
    @Test
    @Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_fifty_times_under_load_each_acknowledged_instruction_has_one_verdict_and_one_effect() throws Exception {
        killed(50, 20_261_127);
    }

    private void killed(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        try (Site site = new Site(folder, Partnership.MEMBERS, false)) {
            site.startLedger();
            site.startGateway();
            Partnership partnership = begun(site, seed);
            try (Load load = new Load(partnership, site::address, seed)) {
                load.begin(AGREEMENTS);
                for (Victim victim : victims(kills, random)) {
                    kill(site, victim, load, random, seed);
                }
                load.end();
                awaitNothingHeld(site);
                hold(site, load.all(), partnership.period());
            }
        }
    }

    /// Each kind of victim as often as the others, in an order of the seed.
    private static List<Victim> victims(int kills, Random random) {
        List<Victim> victims = new ArrayList<>();
        for (int n = 0; n < kills; n++) {
            victims.add(Victim.values()[n % Victim.values().length]);
        }
        Collections.shuffle(victims, random);
        return victims;
    }

    private static Partnership begun(Site site, long seed) throws IOException, LedgerException {
        try (Ledger ledger = peer(site, "north", "gateway");
                HttpCourier courier = new HttpCourier(site.address())) {
            Partnership partnership = new Partnership(ledger.id(), seed);
            for (String member : Partnership.MEMBERS) {
                try (Ledger admin = peer(site, member, "admin")) {
                    partnership.registers(member, admin);
                }
            }
            partnership.enrolls(courier);
            for (AgreementId agreement : AGREEMENTS) {
                partnership.agrees(agreement, courier);
            }
            return partnership;
        }
    }

    static Ledger peer(Site site, String member, String identity) throws IOException, LedgerException {
        Path files = site.identity(member);
        String address = Files.readString(files.resolve("address")).strip();
        return FabricLedger.connect(FabricLedger.Settings.of(address, MemberIdentity.read(member, files, identity)));
    }

    private static void kill(Site site, Victim victim, Load load, Random random, long seed)
            throws IOException, InterruptedException {
        int before = load.acknowledged();
        eventually("the load goes on", () -> load.acknowledged() >= before + AT_WORK);
        long moment = random.nextLong(MOMENT.toMillis());
        long down = random.nextLong(DOWN.toMillis());
        Thread.sleep(moment);
        switch (victim) {
            case GATEWAY -> site.gateway().kill();
            case LEDGER -> site.ledger().kill();
            case BOTH -> {
                site.ledger().kill();
                site.gateway().kill();
            }
        }
        System.out.println("seed " + seed + ": killed " + victim + " after " + moment + " ms, down for " + down
                + " ms and a start; " + load.acknowledged() + " acknowledged");
        Thread.sleep(down);
        switch (victim) {
            case GATEWAY -> site.startGateway();
            case LEDGER -> site.startLedger();
            case BOTH -> {
                site.startLedger();
                site.startGateway();
            }
        }
    }

    private interface Holding {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void eventually(String what, Holding holding) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holding.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    static void awaitNothingHeld(Site site) throws IOException, InterruptedException {
        HttpRequest ready =
                HttpRequest.newBuilder(site.address().resolve("/health/ready")).build();
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
    static void hold(Site site, List<Reported> acknowledged, String period) throws IOException, LedgerException {
        assertThat(acknowledged).isNotEmpty();
        try (Ledger ledger = peer(site, "east", "gateway");
                HttpCourier courier = new HttpCourier(site.address())) {
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
