package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.PartyId;

/// Whatever fails, and whenever the gateway is killed: each acknowledged instruction has one verdict and one effect.
class ChaosTest {

    private static final int ROUNDS = 12;

    @TempDir
    Path folder = Path.of(".");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 2);
    }

    static LongStream manySeeds() {
        return LongStream.rangeClosed(101, 160);
    }

    @Tag("slow")
    @Promise({"P1", "P2"})
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_acknowledged_instruction_has_one_verdict(long seed) throws InterruptedException {
        chaos(seed);
    }

    @Tag("long")
    @Promise({"P1", "P2"})
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("manySeeds")
    void every_acknowledged_instruction_has_one_verdict_under_many_seeds(long seed) throws InterruptedException {
        chaos(seed);
    }

    private void chaos(long seed) throws InterruptedException {
        Random random = new Random(seed);
        try (Stand stand = Stand.at(folder, seed).enrolled()) {
            List<Bytes> instructions = instructions(stand);
            Collections.shuffle(instructions, random);
            List<Bytes> acknowledged = new ArrayList<>();

            stand.ledger.faults.trouble = 0.1;
            int each = instructions.size() / ROUNDS;
            for (int round = 0; round < ROUNDS; round++) {
                List<Bytes> some = instructions.subList(
                        round * each, round == ROUNDS - 1 ? instructions.size() : (round + 1) * each);
                if (stand.postAll(some).status() == 202) {
                    acknowledged.addAll(some);
                }
                misfortune(stand, random);
            }
            stand.ledger.faults.trouble = 0;
            stand.ledger.unmute();
            stand.ledger.release();

            assertThat(acknowledged).hasSameSizeAs(instructions);
            stand.haveOneVerdict(acknowledged.toArray(Bytes[]::new));
            assertThat(acknowledged)
                    .allMatch(instruction -> stand.state(instruction).equals("applied"));
        }
    }

    private static List<Bytes> instructions(Stand stand) {
        List<Bytes> all = new ArrayList<>();
        for (String label : List.of("one", "two")) {
            Partners.Deal deal = stand.agreed(label);
            for (int source = 0; source < 4; source++) {
                for (int n = 0; n < 6; n++) {
                    all.add(deal.report("s" + source, 1 + 2L * n, 2));
                }
            }
        }
        for (int n = 0; n < 12; n++) {
            all.add(stand.partners.enroll(new PartyId("north/party" + n)));
        }
        return all;
    }

    private static void misfortune(Stand stand, Random random) throws InterruptedException {
        FakeLedger.Faults faults = stand.ledger.faults;
        switch (random.nextInt(8)) {
            case 0 -> stand.restart();
            case 1 -> faults.conflicts = random.nextInt(3);
            case 2 -> faults.lostReplies = 1;
            case 3 -> faults.lostBroadcasts = 1;
            case 4 -> stand.ledger.breakStreams();
            case 5 -> faults.held = !faults.held;
            case 6 -> {
                faults.mute = true;
                stand.restart();
            }
            default -> stand.ledger.unmute();
        }
        if (!faults.held) {
            stand.ledger.release();
        }
        Thread.sleep(Duration.ofMillis(random.nextInt(60)));
    }
}
