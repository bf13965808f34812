package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.instruction.AgreementId;

/// Gateway and ledger, each in a process of its own, are killed with SIGKILL at random moments while parties report:
/// every acknowledged instruction has one verdict and one effect, and the gateway's log takes nothing back.
final class KillTest {

    private static final List<AgreementId> AGREEMENTS =
            List.of(Partnership.agreement("one"), Partnership.agreement("two"));
    /// So many are acknowledged after a start before the next kill may come.
    private static final int AT_WORK = 15;
    /// The kill comes at some moment within this.
    private static final Duration MOMENT = Duration.ofMillis(800);

    private static final Duration DOWN = Duration.ofMillis(300);

    private enum Victim {
        GATEWAY,
        LEDGER,
        BOTH
    }

    @TempDir
    Path folder = Path.of(".");

    @Tag("slow")
    @Promise({"P1", "P2"})
    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_five_times_under_load_each_acknowledged_instruction_has_one_verdict_and_one_effect() throws Exception {
        killed(5, 20_261_126);
    }

    @Tag("long")
    @Promise({"P1", "P2"})
    @Test
    @Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void killed_fifty_times_under_load_each_acknowledged_instruction_has_one_verdict_and_one_effect() throws Exception {
        killed(50, 20_261_127);
    }

    private void killed(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        try (Servers servers = new Servers(folder, Partnership.MEMBERS, false)) {
            servers.startLedger();
            LogWatch log = LogWatch.withKeys(folder.resolve("log-keys"));
            startGateway(servers, log);
            Partnership partnership = Scene.begun(servers, AGREEMENTS, seed);
            try (LogWatch watching = log.begin(servers, partnership);
                    Load load = new Load(partnership, servers::address, seed)) {
                load.begin(AGREEMENTS);
                for (Victim victim : victims(kills, random)) {
                    kill(servers, victim, load, log, random, seed);
                }
                load.end();
                Scene.awaitNothingHeld(servers);
                Scene.hold(servers, load.all(), partnership.period());
                watching.end(servers);
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

    private static void startGateway(Servers servers, LogWatch log) throws IOException {
        servers.startGateway("--log-keys", log.keys().toString(), "--log-pace", "1s");
    }

    private static void kill(Servers servers, Victim victim, Load load, LogWatch log, Random random, long seed)
            throws IOException, InterruptedException {
        int before = load.acknowledged();
        Scene.eventually("the load goes on", () -> load.acknowledged() >= before + AT_WORK);
        long moment = random.nextLong(MOMENT.toMillis());
        long down = random.nextLong(DOWN.toMillis());
        Thread.sleep(moment);
        switch (victim) {
            case GATEWAY -> servers.gateway().kill();
            case LEDGER -> servers.ledger().kill();
            case BOTH -> {
                servers.ledger().kill();
                servers.gateway().kill();
            }
        }
        System.out.println("seed " + seed + ": killed " + victim + " after " + moment + " ms, down for " + down
                + " ms and a start; " + load.acknowledged() + " acknowledged");
        Thread.sleep(down);
        switch (victim) {
            case GATEWAY -> startGateway(servers, log);
            case LEDGER -> servers.startLedger();
            case BOTH -> {
                servers.startLedger();
                startGateway(servers, log);
            }
        }
    }
}
