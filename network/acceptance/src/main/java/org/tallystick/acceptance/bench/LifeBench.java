package org.tallystick.acceptance.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tallystick.acceptance.FabricNetwork;
import org.tallystick.acceptance.Network;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Net;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// What each act costs: how many of them a ledger applies in a second, each in a transaction of its own, and the CPU of
/// the chaincode for one.
///
/// Many agreements live together, act by act. First some that are not measured, then those that are.
final class LifeBench {

    private static final int WARM_UP = 20;
    private static final int MEASURED = 100;
    private static final int CALLERS = 32;
    /// How often each instruction of the first agreements is endorsed before it is sent. A process of Java compiles
    /// what
    /// it has run some thousand times, and a member's runs for months.
    private static final int WARMING_UP = 60;
    /// How often each of those that are measured is endorsed before, and while, the CPU is counted.
    private static final int WARMING = 3;

    private static final int COUNTED = 2;
    /// Sent one after the other, since every transaction reads the clock.
    private static final int CLOCKS = 20;

    private static final int ENDORSERS = 2;
    private static final double NANOS_IN_A_SECOND = 1e9;
    private static final double NANOS_IN_A_MILLI = 1e6;
    private static final double MOST_MILLIS = 3;
    private static final Set<ActKind> WITHOUT_GOAL = EnumSet.of(ActKind.CLOSE);
    private static final String CHAINCODE = "chaincode";
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    private static final Duration LOCK = Duration.ofHours(2);
    /// Of the month after the opening one: what is declared may still be taken back, then its grace is over.
    private static final int DECLARED = 3;

    private static final int SEALED = 10;

    /// A part of a life.
    private sealed interface Part {}

    /// An act that has figures.
    private record Measured(ActKind kind, Function<LivedAgreement, Signed> act) implements Part {}

    /// An act that must come before others.
    private record Before(Function<LivedAgreement, Signed> act) implements Part {}

    /// The clock is moved by seconds, with figures.
    private record Clocks() implements Part {}

    /// The clock is moved until a motion may be executed.
    private record AfterLock() implements Part {}

    /// The clock is moved to a day of the month after the opening one.
    private record NextMonth(int day) implements Part {}

    private static final List<Part> LIFE = List.of(
            new Measured(ActKind.REGISTER_REGISTRAR, LivedAgreement::registrar),
            new Measured(ActKind.LOG_KEY, LivedAgreement::logKey),
            new Measured(ActKind.ENROLL, LivedAgreement::enroll),
            new Measured(ActKind.RECOVERY_SET, LivedAgreement::recoverySet),
            new Measured(ActKind.REHOST, LivedAgreement::rehost),
            new Measured(ActKind.KEY_ADD, one -> one.keyAdd("phone")),
            new Before(one -> one.keyAdd("laptop")),
            new Measured(ActKind.KEY_ROTATE, one -> one.keyRotate("phone", "new phone")),
            new Measured(ActKind.KEY_REVOKE, one -> one.keyRevoke("new phone")),
            new Measured(ActKind.KEY_COMPROMISED, one -> one.keyCompromised("laptop")),
            new Measured(ActKind.KEY_RECOVER, one -> one.keyRecover("recovered")),
            new Measured(ActKind.OFFER, LivedAgreement::offer),
            new Measured(ActKind.WITHDRAW, LivedAgreement::withdraw),
            new Before(LivedAgreement::offer),
            new Measured(ActKind.DECLINE, LivedAgreement::decline),
            new Before(LivedAgreement::offer),
            new Measured(ActKind.COUNTER, LivedAgreement::counter),
            new Before(one -> one.accept(LivedAgreement.PLATFORM)),
            new Measured(ActKind.ACCEPT, one -> one.accept(LivedAgreement.MAKER)),
            new Measured(ActKind.AMEND, LivedAgreement::amend),
            new Measured(ActKind.REPORT, LivedAgreement::reportSale),
            new Before(LivedAgreement::reportUse),
            new Measured(ActKind.CONTRADICT, LivedAgreement::contradict),
            new Measured(ActKind.ATTEST, LivedAgreement::attest),
            new Measured(ActKind.CLAIM, LivedAgreement::claim),
            new Measured(ActKind.CLAIM_ANSWER, LivedAgreement::claimAnswer),
            new Measured(ActKind.MOTION, LivedAgreement::suspend),
            new Before(LivedAgreement::pause),
            new Before(one -> one.vote(LivedAgreement.SHOP)),
            new Measured(ActKind.VOTE, one -> one.vote(LivedAgreement.COUNSEL)),
            new AfterLock(),
            new Measured(ActKind.EXECUTE, LivedAgreement::execute),
            new Measured(ActKind.NOTICE, LivedAgreement::leave),
            new Clocks(),
            new NextMonth(DECLARED),
            new Measured(ActKind.DECLARE, LivedAgreement::declare),
            new Measured(ActKind.TAKE_BACK, LivedAgreement::takeBack),
            new NextMonth(SEALED),
            new Measured(ActKind.SEAL, LivedAgreement::sealSales),
            new Before(LivedAgreement::sealUse),
            new Measured(ActKind.CLOSE, LivedAgreement::close),
            new Measured(ActKind.ADJUST, LivedAgreement::adjust));

    private final Network network;
    private final List<ProcessHandle> chaincode;
    private final Ledger ledger;
    private final Ledger admin;
    private final LifeParties parties;
    private final CopiedLedger copy;
    private final Map<ActKind, Figures> figures = new EnumMap<>(ActKind.class);

    private int warming = WARMING;
    private Duration compiled = Duration.ZERO;
    private long endorsed;

    private record Figures(double rate, double millis) {}

    private LifeBench(Network network, Ledger ledger, Ledger admin) throws IOException, LedgerException {
        this.network = network;
        this.chaincode = network instanceof FabricNetwork fabric
                ? Objects.requireNonNull(LedgerBench.nodes(fabric).get(CHAINCODE))
                : List.of();
        this.ledger = ledger;
        this.admin = admin;
        Net net = ledger.net();
        this.parties = new LifeParties(net);
        this.copy = new CopiedLedger(network.members().getFirst(), net);
    }

    /// The acts that have figures.
    static Set<ActKind> acts() {
        EnumSet<ActKind> acts = EnumSet.of(ActKind.TRIAL_CLOCK);
        for (Part part : LIFE) {
            if (part instanceof Measured(var kind, var _)) {
                acts.add(kind);
            }
        }
        return acts;
    }

    /// On a network on which nothing was done yet; it is closed in the end.
    static List<Measurement> run(Network network)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        String first = network.members().getFirst();
        try (network;
                Ledger ledger = network.connect(first);
                Ledger admin = network.connect(first, MemberKeys.ADMIN)) {
            LifeBench bench = new LifeBench(network, ledger, admin);
            bench.begin();
            bench.warming = WARMING_UP;
            bench.live("warm", WARM_UP, false);
            bench.warming = WARMING;
            bench.compiled = Duration.ZERO;
            bench.endorsed = 0;
            bench.live("lived", MEASURED, true);
            return bench.measurements();
        }
    }

    private List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        for (ActKind kind : ActKind.values()) {
            if (!kind.enforced()) {
                continue;
            }
            Figures of = figures.get(kind);
            if (of == null) {
                throw new IllegalStateException("the act " + kind.text() + " is enforced and has no figure");
            }
            String name = "life." + network.kind() + "." + kind.text();
            all.add(Measurement.of(name + ".rate", of.rate(), "instructions/s"));
            all.add(
                    WITHOUT_GOAL.contains(kind)
                            ? Measurement.of(name + ".cpu", of.millis(), "ms/instruction")
                            : Measurement.atMost(name + ".cpu", of.millis(), "ms/instruction", MOST_MILLIS));
        }
        if (endorsed > 0) {
            double compiling = compiled.toNanos() / NANOS_IN_A_MILLI / endorsed;
            all.add(Measurement.of("life." + network.kind() + ".compiling", compiling, "ms/instruction"));
        }
        return List.copyOf(all);
    }

    /// Registers a key of each member and enrolls who has a part in every agreement.
    private void begin() throws IOException, LedgerException, InterruptedException, ExecutionException {
        for (String member : network.members()) {
            Act act = new Act.RegisterRegistrar(
                    parties.key(member).key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            Signed signed = parties.registry(0, member, act, member);
            try (Ledger own = network.connect(member, MemberKeys.ADMIN)) {
                carry(own, signed);
            }
            copy.applies(member, List.of(signed));
        }
        List<String> all = List.of(
                LivedAgreement.PLATFORM,
                LivedAgreement.SHOP,
                LivedAgreement.MAKER,
                LivedAgreement.COUNSEL,
                LivedAgreement.ADVISER);
        applied(
                ledger,
                all.stream()
                        .map(party -> LivedAgreement.enroll(parties, 0, party))
                        .toList());
    }

    /// Agreements live from their first act to their last, each act of all before the next.
    private void live(String label, int count, boolean measured)
            throws IOException, LedgerException, InterruptedException, ExecutionException {
        YearMonth opening = YearMonth.from(parties.now().day());
        List<LivedAgreement> lives = IntStream.range(0, count)
                .mapToObj(place -> new LivedAgreement(parties, place, label + place))
                .toList();
        for (Part part : LIFE) {
            switch (part) {
                case Measured(var kind, var act) -> {
                    List<Signed> signed = lives.stream().map(act).toList();
                    Figures of = figures(kind == ActKind.REGISTER_REGISTRAR ? admin : ledger, signed);
                    if (measured) {
                        Figures _ = figures.put(kind, of);
                    }
                }
                case Before(var act) -> applied(ledger, lives.stream().map(act).toList());
                case Clocks() -> {
                    Figures of = clocks(count);
                    if (measured) {
                        Figures _ = figures.put(ActKind.TRIAL_CLOCK, of);
                    }
                }
                case AfterLock() -> moveTo(parties.now().plus(LOCK));
                case NextMonth(var day) -> moveTo(noon(opening.plusMonths(1).atDay(day)));
            }
        }
    }

    private static LedgerTime noon(LocalDate day) {
        return LedgerTime.startOf(day).plus(Duration.ofHours(12));
    }

    private void moveTo(LedgerTime time) throws LedgerException, InterruptedException, ExecutionException {
        long ahead = time.seconds() - parties.now().seconds();
        applied(ledger, List.of(clock(parties.net().offset().toSeconds() + ahead)));
        parties.at(ledger.net());
    }

    private Signed clock(long offset) {
        return parties.registry(0, "north", new Act.TrialClock(offset), "north");
    }

    private Figures clocks(int count) throws IOException, LedgerException, InterruptedException, ExecutionException {
        long offset = parties.net().offset().toSeconds();
        List<Signed> signed = IntStream.rangeClosed(1, count)
                .mapToObj(step -> clock(offset + step))
                .toList();
        List<Signed> some = signed.subList(0, CLOCKS);
        double millis = millis(ledger, signed);
        long begin = System.nanoTime();
        for (Signed one : some) {
            carry(ledger, one);
        }
        long took = System.nanoTime() - begin;
        copy.applies(some);
        parties.at(ledger.net());
        return new Figures(some.size() * NANOS_IN_A_SECOND / took, millis);
    }

    /// Sends these, several at a time, and tells what that came to.
    private Figures figures(Ledger by, List<Signed> signed)
            throws IOException, InterruptedException, ExecutionException {
        double millis = millis(by, signed);
        long took = together(signed, one -> carry(by, one));
        copy.applies(signed);
        return new Figures(signed.size() * NANOS_IN_A_SECOND / took, millis);
    }

    /// CPU of the chaincode for one of these and one endorsement, on the state as it is. The ledger endorses each
    /// several times, and so is warm when they are sent.
    private double millis(Ledger by, List<Signed> signed) throws IOException, InterruptedException, ExecutionException {
        endorse(by, signed, warming);
        if (chaincode.isEmpty()) {
            return copy.millis(signed);
        }
        Duration compiling = compiling();
        Duration before = used();
        endorse(by, signed, COUNTED);
        Duration all = used().minus(before);
        Duration compilers = compiling().minus(compiling);
        long count = (long) signed.size() * COUNTED * ENDORSERS;
        compiled = compiled.plus(compilers);
        endorsed += count;
        return all.toNanos() / NANOS_IN_A_MILLI / count;
    }

    private static void endorse(Ledger by, List<Signed> signed, int times)
            throws InterruptedException, ExecutionException {
        for (int round = 0; round < times; round++) {
            long _ = together(signed, one -> {
                Ledger.Endorsed _ = by.endorse(call(one));
            });
        }
    }

    private void applied(Ledger by, List<Signed> signed) throws InterruptedException, ExecutionException {
        long _ = together(signed, one -> carry(by, one));
        copy.applies(signed);
    }

    /// What is done with an instruction.
    private interface Deed {
        void with(Signed one) throws LedgerException;
    }

    /// @return nanoseconds until it is done with all
    private static long together(List<Signed> signed, Deed deed) throws InterruptedException, ExecutionException {
        List<Callable<Boolean>> calls = signed.stream()
                .<Callable<Boolean>>map(one -> () -> {
                    deed.with(one);
                    return true;
                })
                .toList();
        try (ExecutorService callers =
                Executors.newFixedThreadPool(CALLERS, Thread.ofVirtual().factory())) {
            long begin = System.nanoTime();
            for (Future<Boolean> one : callers.invokeAll(calls)) {
                boolean _ = one.get();
            }
            return System.nanoTime() - begin;
        }
    }

    private static Ledger.Call call(Signed signed) {
        return new Ledger.Call("submit", List.of(signed.envelope(), NO_HINTS));
    }

    private static void carry(Ledger by, Signed signed) throws LedgerException {
        Ledger.Endorsed endorsed = Submission.carry(by, call(signed));
        Submission.applied(endorsed.response(), 1);
    }

    private Duration compiling() throws IOException {
        Duration used = Duration.ZERO;
        for (ProcessHandle process : chaincode) {
            used = used.plus(Usage.compiling(process));
        }
        return used;
    }

    /// CPU that the chaincode's processes have used so far, where it has any.
    private Duration used() throws IOException {
        Duration used = Duration.ZERO;
        for (ProcessHandle process : chaincode) {
            used = used.plus(Usage.of(process).cpu());
        }
        return used;
    }
}
