package org.tallystick.gateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.FakeLedger;
import org.tallystick.gateway.store.Standing;
import org.tallystick.gateway.store.State;
import org.tallystick.ledger.LedgerBlock;

/// Clients, gateways, a network and what befalls them, for three quarters of a minute; then nothing goes wrong
/// any more, and all that was acknowledged must come to its answer.
final class SeededRun {

    private static final Duration TROUBLES = Duration.ofSeconds(45);
    private static final int CLIENTS = 3;
    /// For which all may take to its end: a window, and some attempts.
    private static final Duration LONGEST = Supply.WINDOW.plusMinutes(10);

    private final Supply supply;
    private final World world;
    private final Random random;
    private final World.Program stage;
    private final FakeLedger ledger;
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<Supply.Instruction> instructions;
    private final Map<MemoryStore, Set<Hash>> acknowledged = new HashMap<>();
    private final Map<String, Standing> seen = new HashMap<>();
    private int clients = CLIENTS;
    private boolean calm;
    private boolean over;

    SeededRun(Supply supply, long seed) {
        this.supply = supply;
        this.world = new World(seed, Supply.BEGIN.toEpochMilli());
        this.random = world.random();
        this.stage = world.program();
        this.ledger = new FakeLedger(supply.ledger(), seed, stage);
        this.instructions = supply.some(random);
        // One member has two instances that share a store.
        MemoryStore shared = store();
        gateways.add(new SimulatedGateway(world, ledger, "north", "a", shared));
        gateways.add(new SimulatedGateway(world, ledger, "north", "b", shared));
        gateways.add(new SimulatedGateway(world, ledger, "south", "a", store()));
        gateways.forEach(gateway -> acknowledged.putIfAbsent(gateway.store(), new HashSet<>()));
    }

    private Set<Hash> acknowledged(SimulatedGateway gateway) {
        return acknowledged.getOrDefault(gateway.store(), Set.of());
    }

    private MemoryStore store() {
        return new MemoryStore(supply.ledger().height() - 1, supply.ends());
    }

    void run() throws InterruptedException {
        world.run(() -> {
            try {
                play();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// At which writes gateways were killed.
    Set<String> crashes() {
        Set<String> crashes = new TreeSet<>();
        gateways.forEach(gateway -> crashes.addAll(gateway.store().crashes()));
        return crashes;
    }

    /// How often an instance was told that another carries on.
    int fenced() {
        return gateways.stream().mapToInt(gateway -> gateway.store().fenced()).sum();
    }

    /// The ids of all transactions in blocks, in their order.
    List<String> transactions() {
        return ledger.blocks().stream()
                .flatMap(block -> block.transactions().stream())
                .map(LedgerBlock.Transaction::id)
                .toList();
    }

    long steps() {
        return world.steps();
    }

    private interface Part {
        void play() throws InterruptedException;
    }

    private void cast(String name, Part part) {
        var _ = stage.start(name, () -> {
            try {
                part.play();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void play() throws InterruptedException {
        troubled();
        gateways.forEach(SimulatedGateway::start);
        cast("orderer", this::order);
        cast("supervisor", this::supervise);
        cast("observer", this::observe);
        cast("nemesis", this::trouble);
        for (int n = 0; n < CLIENTS; n++) {
            int first = n;
            cast("client " + n, () -> send(first));
        }
        stage.sleep(TROUBLES);
        calm();
        long end = stage.nanos() + LONGEST.toNanos();
        while (!allAnswered() && stage.nanos() < end) {
            stage.sleep(Duration.ofSeconds(1));
        }
        over = true;
        judge();
    }

    private void troubled() {
        ledger.faults.held = true;
        ledger.faults.latency = Duration.ofMillis(1 + random.nextInt(80));
        ledger.faults.failing = supply.poison();
        ledger.faults.maySend = transaction ->
                gateways.stream().anyMatch(gateway -> gateway.store().wasKept(transaction));
        ledger.faults.trouble = random.nextInt(3) == 0 ? random.nextDouble() / 5 : 0;
        ledger.faults.conflictRate = random.nextInt(4) == 0 ? 0.5 : 0;
        for (SimulatedGateway gateway : gateways) {
            gateway.store().faults.crash = random.nextInt(2) == 0 ? 0.01 : 0;
            gateway.store().faults.trouble = random.nextInt(4) == 0 ? 0.05 : 0;
            gateway.store().faults.doubt = random.nextInt(4) == 0 ? 0.02 : 0;
        }
    }

    /// Nothing goes wrong any more.
    private void calm() {
        calm = true;
        FakeLedger.Faults faults = ledger.faults;
        faults.trouble = 0;
        faults.conflictRate = 0;
        faults.conflicts = 0;
        faults.lostReplies = 0;
        faults.lostBroadcasts = 0;
        faults.refusedBroadcasts = 0;
        faults.unavailable = false;
        ledger.unmute();
        for (SimulatedGateway gateway : gateways) {
            gateway.store().faults.crash = 0;
            gateway.store().faults.trouble = 0;
            gateway.store().faults.doubt = 0;
        }
    }

    /// Cuts blocks.
    private void order() throws InterruptedException {
        while (!over) {
            stage.sleep(Duration.ofMillis((calm ? 500 : 50) + random.nextInt(400)));
            if (!calm && random.nextInt(100) == 0) {
                // No leader for a while.
                stage.sleep(Duration.ofSeconds(random.nextInt(30)));
            }
            ledger.cutNow();
        }
    }

    /// Starts what is dead.
    private void supervise() throws InterruptedException {
        while (!over) {
            stage.sleep(Duration.ofMillis(500));
            for (SimulatedGateway gateway : gateways) {
                if (gateway.isDead()) {
                    stage.sleep(Duration.ofMillis(random.nextInt(3_000)));
                    gateway.start();
                }
            }
        }
    }

    private void trouble() throws InterruptedException {
        while (!calm) {
            stage.sleep(Duration.ofMillis(random.nextInt(3_000)));
            if (!calm) {
                trouble(random.nextInt(12), gateways.get(random.nextInt(gateways.size())));
            }
        }
    }

    private void trouble(int which, SimulatedGateway gateway) throws InterruptedException {
        FakeLedger.Faults faults = ledger.faults;
        switch (which) {
            case 0 -> gateway.kill();
            case 1 -> gateway.stop();
            case 2 -> faults.conflicts = 1 + random.nextInt(4);
            case 3 -> faults.lostReplies = 1 + random.nextInt(3);
            case 4 -> faults.lostBroadcasts = 1 + random.nextInt(3);
            case 5 -> faults.refusedBroadcasts = 1 + random.nextInt(2);
            case 6 -> ledger.breakStreams();
            case 7 -> {
                faults.mute = true;
                stage.sleep(Duration.ofMillis(random.nextInt(10_000)));
                ledger.unmute();
            }
            case 8 -> {
                faults.unavailable = true;
                stage.sleep(Duration.ofMillis(random.nextInt(10_000)));
                faults.unavailable = false;
            }
            case 9, 10 -> gateway.freeze(Duration.ofMillis(random.nextInt(25_000)));
            default -> {
                faults.mute = true;
                gateway.kill();
                stage.sleep(Duration.ofMillis(random.nextInt(10_000)));
                ledger.unmute();
            }
        }
    }

    /// Sends its share, and again until it is acknowledged; then some once more, by whatever gateway.
    private void send(int first) throws InterruptedException {
        for (int n = first; n < instructions.size(); ) {
            List<Signed> some = new ArrayList<>();
            int size = 1 + random.nextInt(4);
            for (; n < instructions.size() && some.size() < size; n += CLIENTS) {
                some.add(instructions.get(n).signed());
            }
            do {
                stage.sleep(Duration.ofMillis(random.nextInt(4_000)));
            } while (!heard(some));
            if (random.nextInt(4) == 0) {
                boolean _ = heard(some);
            }
        }
        clients--;
    }

    private boolean heard(List<Signed> some) throws InterruptedException {
        SimulatedGateway gateway = gateways.get(random.nextInt(gateways.size()));
        boolean taken = gateway.send(some) == SimulatedGateway.Heard.ACKNOWLEDGED;
        if (taken) {
            some.forEach(signed -> acknowledged(gateway).add(signed.instruction()));
        }
        return taken;
    }

    /// Looks at what the gateways say, again and again: what was final stays as it was.
    private void observe() throws InterruptedException {
        while (!over) {
            stage.sleep(Duration.ofSeconds(2));
            look();
        }
    }

    private void look() {
        for (int g = 0; g < gateways.size(); g++) {
            for (Supply.Instruction one : instructions) {
                Hash hash = one.signed().instruction();
                Optional<Standing> now = gateways.get(g).store().standing(hash);
                String key = g + " " + hash.hex();
                Standing before = seen.get(key);
                boolean kept = before == null
                        || (before.position().isPresent() ? now.equals(Optional.of(before)) : now.isPresent());
                if (!kept) {
                    throw new AssertionError(
                            "what was there stays, and what was final is the same: " + before + ", then " + now);
                }
                now.ifPresent(standing -> seen.put(key, standing));
            }
        }
    }

    private boolean allAnswered() {
        return clients == 0
                && gateways.stream()
                        .allMatch(gateway -> acknowledged(gateway).stream()
                                .allMatch(hash -> gateway.store()
                                        .standing(hash)
                                        .filter(standing -> standing.state().isFinal())
                                        .isPresent()));
    }

    private void judge() {
        look();
        assertThat(clients).as("clients that still try to hand over").isZero();
        Map<String, List<Json.Obj>> verdicts = ledger.verdicts();
        verdicts.forEach(
                (hash, all) -> assertThat(all).as("verdicts on " + hash).hasSize(1));
        for (SimulatedGateway gateway : gateways) {
            for (Supply.Instruction one : instructions) {
                if (acknowledged(gateway).contains(one.signed().instruction())) {
                    judge(gateway, one, verdicts);
                }
            }
        }
    }

    private void judge(SimulatedGateway gateway, Supply.Instruction one, Map<String, List<Json.Obj>> verdicts) {
        Hash hash = one.signed().instruction();
        Standing standing = gateway.store().standing(hash).orElseThrow();
        List<Json.Obj> verdict = verdicts.getOrDefault(hash.hex(), List.of());
        String what = one.expected() + " " + standing;
        assertThat(standing.state().isFinal()).as(what).isTrue();
        if (!verdict.isEmpty()) {
            assertThat(standing.answer()).as(what).contains(verdict.getFirst());
            assertThat(standing.position()).as(what).isPresent();
        }
        switch (one.expected()) {
            case APPLIED -> assertThat(standing.state()).as(what).isEqualTo(State.APPLIED);
            case FORGED, POISON -> {
                assertThat(standing.state()).as(what).isEqualTo(State.REFUSED);
                assertThat(verdict).as(what).isEmpty();
            }
            case DECIDED -> {}
        }
    }
}
