package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.gateway.PostgresServer;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.KeyFolderException;

/// Gateways and ledger, each in a process of its own, are killed with SIGKILL at random moments while parties report
/// and
/// look: what they saw can be true beside the blocks ([History]), every acknowledged instruction has one verdict and
/// one
/// effect, and the gateway's log takes nothing back.
///
/// The seed decides who is killed, when, and what is sent; what the processes do by themselves it does not.
final class KillTest {

    private static final List<AgreementId> AGREEMENTS =
            List.of(Partnership.agreement("one"), Partnership.agreement("two"));
    /// So many are acknowledged after a start before the next kill may come.
    private static final int AT_WORK = 6;
    /// The kill comes at some moment within this.
    private static final int MOMENT_MILLIS = 500;
    /// A gateway that is killed while it starts is killed within this.
    private static final int START_MILLIS = 1_500;

    private static final int DOWN_MILLIS = 100;
    private static final int FEW = 5;
    private static final int MANY = 50;

    private enum Victim {
        GATEWAY,
        /// And again while it starts.
        GATEWAY_TWICE,
        LEDGER,
        ALL
    }

    /// Mostly gateways: what they hold is what could be lost.
    private static final List<Victim> VICTIMS = List.of(
            Victim.GATEWAY,
            Victim.LEDGER,
            Victim.GATEWAY,
            Victim.GATEWAY_TWICE,
            Victim.GATEWAY,
            Victim.GATEWAY,
            Victim.ALL,
            Victim.GATEWAY,
            Victim.GATEWAY_TWICE,
            Victim.GATEWAY);

    @TempDir
    Path folder = Path.of(".");

    static LongStream seeds() {
        return Seeds.ofRun(8);
    }

    static LongStream seedsOfPairs() {
        return Seeds.ofRun(2);
    }

    @Tag("slow")
    @Promise({"P1", "P2", "P4"})
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 20_261_126)
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_gateway_and_its_ledger_killed_five_times_lose_nothing_and_do_nothing_twice(long seed) throws Exception {
        killed(FEW, seed);
    }

    @Tag("long")
    @Promise({"P1", "P2", "P4"})
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(value = 1_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_gateway_and_its_ledger_killed_fifty_times_lose_nothing_and_do_nothing_twice(long seed) throws Exception {
        killed(MANY, seed);
    }

    @Tag("long")
    @Promise({"P1", "P2", "P4"})
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seedsOfPairs")
    @Timeout(value = 1_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void two_gateways_over_one_database_killed_fifty_times_lose_nothing_and_do_nothing_twice(long seed)
            throws Exception {
        pairKilled(MANY, seed);
    }

    private void killed(int kills, long seed) throws Exception {
        try (Servers servers = new Servers(folder, Partnership.MEMBERS, false)) {
            new Killing(servers, List.of(Servers.FIRST), seed).run(kills);
        }
    }

    private void pairKilled(int kills, long seed) throws Exception {
        try (PostgresServer postgres = PostgresServer.start("fsync=off", "full_page_writes=off");
                Servers servers = new Servers(folder, Partnership.MEMBERS, false)) {
            String store = postgres.address(postgres.database()).text();
            new Killing(
                            servers.over(store, Map.of("PGPASSWORD", PostgresServer.PASSWORD)),
                            List.of(Servers.FIRST, "second"),
                            seed)
                    .run(kills);
        } catch (PostgresServer.Missing e) {
            abort(e.getMessage());
        }
    }

    /// One ledger, its gateways, and who kills them.
    private final class Killing {
        private final Servers servers;
        private final List<String> instances;
        private final long seed;
        private final Random random;
        private final LogWatch log;

        Killing(Servers servers, List<String> instances, long seed) throws IOException, KeyFolderException {
            this.servers = servers;
            this.instances = instances;
            this.seed = seed;
            this.random = new Random(seed);
            this.log = LogWatch.withKeys(folder.resolve("log-keys"));
        }

        void run(int kills) throws Exception {
            servers.startLedger();
            for (String instance : instances) {
                start(instance);
            }
            Partnership partnership = Scene.begun(servers, AGREEMENTS, seed);
            Random choice = new Random(~seed);
            try (LogWatch watching = log.begin(servers, partnership);
                    Load load = new Load(partnership, () -> servers.address(one(choice)), seed)) {
                onLedger(effects -> effects.verdicts().keySet().forEach(load.history()::sends));
                load.checking(log::gave);
                load.gently();
                load.begin(AGREEMENTS);
                int killed = 0;
                for (int n = 0; killed < kills; n++) {
                    killed += kill(VICTIMS.get(n % VICTIMS.size()), load);
                    System.out.println("seed " + seed + ": " + killed + " of " + kills + " kills, "
                            + load.acknowledged() + " acknowledged");
                }
                load.end();
                Scene.awaitNothingHeld(servers);
                load.lookAtAll();
                onLedger(effects -> {
                    assertThat(load.history().lies(effects.verdicts())).isEmpty();
                    effects.eachIsAppliedOnce(load.all());
                    effects.everySourceHasItsReportsOnce(load.all(), partnership.period());
                });
                assertThat(load.receipts()).isPositive();
                watching.end(servers);
                System.out.println("seed " + seed + ": " + killed + " kills, " + load.acknowledged() + " acknowledged, "
                        + load.receipts() + " receipts, " + load.history().size() + " looks");
            }
        }

        private String one(Random choice) {
            return instances.get(choice.nextInt(instances.size()));
        }

        private void start(String instance) throws IOException {
            servers.startGateway(instance, options());
        }

        private String[] options() {
            return new String[] {"--log-keys", log.keys().toString(), "--log-pace", "1s"};
        }

        private interface Question {
            void of(Effects effects) throws LedgerException;
        }

        /// As another member's peer has it.
        private void onLedger(Question question) throws IOException, LedgerException {
            try (Ledger ledger = Scene.peer(servers, "east", "gateway")) {
                question.of(Effects.of(ledger));
            }
        }

        /// @return how many processes were killed
        private int kill(Victim victim, Load load) throws IOException, InterruptedException {
            int before = load.acknowledged();
            Scene.eventually("the load goes on", () -> load.acknowledged() >= before + AT_WORK);
            String instance = one(random);
            Thread.sleep(random.nextInt(MOMENT_MILLIS));
            int down = random.nextInt(DOWN_MILLIS);
            return switch (victim) {
                case GATEWAY -> {
                    servers.gateway(instance).kill();
                    Thread.sleep(down);
                    start(instance);
                    yield 1;
                }
                case GATEWAY_TWICE -> {
                    servers.gateway(instance).kill();
                    Thread.sleep(down);
                    servers.startAndKillGateway(Duration.ofMillis(random.nextInt(START_MILLIS)), instance, options());
                    start(instance);
                    yield 2;
                }
                case LEDGER -> {
                    servers.ledger().kill();
                    Thread.sleep(down);
                    servers.startLedger();
                    yield 1;
                }
                case ALL -> {
                    servers.ledger().kill();
                    for (String each : instances) {
                        servers.gateway(each).kill();
                    }
                    Thread.sleep(down);
                    servers.startLedger();
                    for (String each : instances) {
                        start(each);
                    }
                    yield instances.size() + 1;
                }
            };
        }
    }
}
