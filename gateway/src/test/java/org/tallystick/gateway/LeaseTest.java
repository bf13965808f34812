package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.store.CourierStore.Fenced;
import org.tallystick.gateway.store.CourierStore.Lease;
import org.tallystick.gateway.store.CourierStore.Work;
import org.tallystick.gateway.store.Held;
import org.tallystick.gateway.store.Sending;
import org.tallystick.gateway.store.State;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.Taken;

/// Several gateways over one store: each home is carried by one of them.
@ParameterizedClass(name = "{0}")
@EnumSource(StoreKind.class)
class LeaseTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Json.Obj ANSWER =
            Json.object().with("result", "waiting").build();

    @Parameter
    StoreKind kind = StoreKind.SQLITE;

    @TempDir
    Path folder = Path.of(".");

    private final Partners partners = new Partners(1);
    private final Map<String, Partners.Deal> deals = new HashMap<>();

    private Store open() throws Exception {
        Store store = Store.open(kind.in(folder));
        store.follow(FakeLedger.ID, true);
        return store;
    }

    /// An instruction of this home.
    private Signed instruction(String label, int number) {
        Partners.Deal deal = deals.computeIfAbsent(label, partners::deal);
        return Partners.read(deal.report("s0", number + 1, 1));
    }

    private static String home(String label) {
        return Partners.HUB.text() + "/" + label;
    }

    private static long take(Store store, String owner, Signed signed) throws Exception {
        return store.take(owner, List.of(signed), 1).getFirst().seq();
    }

    private static Map<String, Work> byHome(List<Work> work) {
        Map<String, Work> homes = new TreeMap<>();
        work.forEach(one -> assertThat(homes.put(one.lease().home(), one)).isNull());
        return homes;
    }

    private static List<Long> numbers(Work work) {
        return work.held().stream().map(Held::seq).toList();
    }

    private static Work only(List<Work> work) {
        assertThat(work).hasSize(1);
        return work.getFirst();
    }

    private static Sending sending(String home, String transaction) {
        return new Sending(transaction, home, Bytes.ofUtf8(transaction));
    }

    @Test
    void of_owners_that_race_for_the_same_homes_each_home_has_exactly_one() throws Exception {
        List<Store> stores = List.of(open(), open(), open());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Signed> all = new ArrayList<>();
            for (int home = 0; home < 60; home++) {
                all.add(instruction("h" + home, 0));
                all.add(instruction("h" + home, 1));
            }
            List<Taken> _ = stores.getFirst().take("nobody", all, 1);
            List<Callable<List<Work>>> claims = new ArrayList<>();
            for (int n = 0; n < 60; n++) {
                int owner = n % stores.size();
                claims.add(() -> stores.get(owner).claim("owner" + owner, 7, LONG));
            }

            List<Work> work = new ArrayList<>();
            for (Future<List<Work>> claim : threads.invokeAll(claims)) {
                work.addAll(claim.get());
            }

            assertThat(byHome(work)).hasSize(60).allSatisfy((_, one) -> {
                assertThat(one.lease().fence()).isEqualTo(1);
                assertThat(one.held()).hasSize(2);
            });
        } finally {
            stores.forEach(Store::close);
        }
    }

    @Test
    void a_lease_that_ends_is_taken_over_with_a_higher_fence_and_all_that_is_held() throws Exception {
        try (Store ana = open();
                Store ben = open()) {
            long first = take(ana, "ana", instruction("h", 0));
            long second = take(ana, "ana", instruction("h", 1));
            Lease before = only(ana.claim("ana", 9, SHORT)).lease();
            ana.answer(before, Map.of(second, ANSWER), State.WAITING);
            ana.keep(before, sending(home("h"), "tx1"));
            assertThat(ben.claim("ben", 9, LONG)).isEmpty();

            Thread.sleep(SHORT.multipliedBy(2));
            Work after = only(ben.claim("ben", 9, LONG));

            assertThat(after.lease().fence()).isGreaterThan(before.fence());
            assertThat(numbers(after)).containsExactly(first, second);
            assertThat(after.held()).extracting(Held::state).containsExactly(State.RECEIVED, State.WAITING);
            assertThat(after.sendings()).containsExactly(sending(home("h"), "tx1"));
            assertThat(ana.renew("ana", LONG)).isEmpty();
            assertThat(ana.claim("ana", 9, LONG)).isEmpty();
        }
    }

    /// All that there is of the one home that has something, handed out anew.
    private static Work again(Store store, String owner) throws Exception {
        store.begin(owner);
        return only(store.claim(owner, 9, LONG));
    }

    @Test
    void what_the_holder_before_still_writes_is_refused_and_not_written() throws Exception {
        try (Store ana = open();
                Store ben = open()) {
            long seq = take(ana, "ana", instruction("h", 0));
            Lease before = only(ana.claim("ana", 9, Duration.ZERO)).lease();
            Lease after = only(ben.claim("ben", 9, LONG)).lease();

            assertThatThrownBy(() -> ana.keep(before, sending(home("h"), "tx1")))
                    .isInstanceOf(Fenced.class);
            assertThatThrownBy(() -> ana.answer(before, Map.of(seq, ANSWER), State.REFUSED))
                    .isInstanceOf(Fenced.class);
            ana.release(before);

            assertThat(ben.renew("ben", LONG)).containsExactly(after);
            ben.keep(after, sending(home("h"), "tx2"));
            Work again = again(ben, "ben");
            assertThat(again.sendings()).containsExactly(sending(home("h"), "tx2"));
            assertThat(again.held()).extracting(Held::state).containsExactly(State.RECEIVED);
            ben.answer(again.lease(), Map.of(seq, ANSWER), State.REFUSED);
            assertThat(ben.pending()).isZero();
        }
    }

    /// Nobody took it over, so what its holder writes harms nobody.
    @Test
    void a_lease_that_has_ended_can_be_written_under_as_long_as_nobody_took_it_over() throws Exception {
        try (Store ana = open()) {
            long _ = take(ana, "ana", instruction("h", 0));
            Lease lease = only(ana.claim("ana", 9, Duration.ZERO)).lease();

            ana.keep(lease, sending(home("h"), "tx1"));

            assertThat(ana.renew("ana", LONG)).isEmpty();
            Work again = only(ana.claim("ana", 9, LONG));
            assertThat(again.sendings()).hasSize(1);
            assertThat(again.lease().fence()).isGreaterThan(lease.fence());
        }
    }

    @Test
    void what_another_instance_takes_in_is_handed_to_the_holder_once() throws Exception {
        try (Store ana = open();
                Store ben = open()) {
            long _ = take(ana, "ana", instruction("h", 0));
            Lease lease = only(ana.claim("ana", 9, LONG)).lease();
            Taken own = ana.take("ana", List.of(instruction("h", 1)), 1).getFirst();
            List<Taken> others = ben.take("ben", List.of(instruction("h", 2), instruction("h", 3)), 1);

            List<Work> handed = ana.claim("ana", 9, LONG);

            assertThat(own.lease()).contains(lease);
            assertThat(others).allMatch(taken -> taken.fresh() && taken.lease().isEmpty());
            assertThat(only(handed).lease()).isEqualTo(lease);
            assertThat(numbers(only(handed)))
                    .isEqualTo(others.stream().map(Taken::seq).toList());
            assertThat(ana.claim("ana", 9, LONG)).isEmpty();
            assertThat(ben.claim("ben", 9, LONG)).isEmpty();
        }
    }

    @Test
    void an_instance_that_begins_again_under_its_name_has_everything_again_at_once() throws Exception {
        try (Store killed = open();
                Store again = open()) {
            long seq = take(killed, "ana", instruction("h", 0));
            Lease before = only(killed.claim("ana", 9, LONG)).lease();
            Optional<Lease> upkeep = killed.lease("ana", "upkeep", LONG);
            killed.keep(before, sending(home("h"), "tx1"));

            again.begin("ana");
            Work work = only(again.claim("ana", 9, LONG));

            assertThat(work.lease().fence()).isGreaterThan(before.fence());
            assertThat(numbers(work)).containsExactly(seq);
            assertThat(work.sendings()).hasSize(1);
            assertThat(again.lease("ben", "upkeep", LONG)).isPresent().isNotEqualTo(upkeep);
            assertThatThrownBy(() -> killed.keep(before, sending(home("h"), "tx2")))
                    .isInstanceOf(Fenced.class);
        }
    }

    @Test
    void a_lease_given_back_is_had_by_another_at_once() throws Exception {
        try (Store ana = open();
                Store ben = open()) {
            long seq = take(ana, "ana", instruction("h", 0));
            Lease lease = only(ana.claim("ana", 9, LONG)).lease();

            ana.release(lease);

            assertThat(ana.renew("ana", LONG)).isEmpty();
            assertThat(numbers(only(ben.claim("ben", 9, LONG)))).containsExactly(seq);
            assertThatThrownBy(() -> ana.answer(lease, Map.of(seq, ANSWER), State.WAITING))
                    .isInstanceOf(Fenced.class);
        }
    }

    @Test
    void a_lease_by_name_is_kept_by_its_holder_and_refused_to_others() throws Exception {
        try (Store ana = open();
                Store ben = open()) {
            Optional<Lease> first = ana.lease("ana", "upkeep", LONG);
            Optional<Lease> others = ben.lease("ben", "upkeep", LONG);
            Optional<Lease> kept = ana.lease("ana", "upkeep", Duration.ZERO);
            Optional<Lease> taken = ben.lease("ben", "upkeep", LONG);

            assertThat(first).isPresent().isEqualTo(kept);
            assertThat(others).isEmpty();
            assertThat(taken.orElseThrow().fence())
                    .isGreaterThan(first.orElseThrow().fence());
        }
    }

    @Test
    void only_homes_with_something_to_do_are_claimed_and_a_sending_is_something() throws Exception {
        try (Store ana = open()) {
            long seq = take(ana, "ana", instruction("h", 0));
            Lease lease = only(ana.claim("ana", 9, LONG)).lease();
            ana.answer(lease, Map.of(seq, ANSWER), State.REFUSED);
            ana.release(lease);
            List<Work> idle = ana.claim("ana", 9, LONG);
            ana.keep(lease, sending(home("h"), "tx1"));

            Work work = only(ana.claim("ana", 9, LONG));

            assertThat(idle).isEmpty();
            assertThat(work.held()).isEmpty();
            assertThat(work.sendings()).containsExactly(sending(home("h"), "tx1"));
        }
    }

    @Test
    void of_five_hundred_homes_none_waits_for_ever_although_few_are_claimed_and_all_stay_busy() throws Exception {
        try (Store ana = open()) {
            List<Signed> all = new ArrayList<>();
            for (int home = 0; home < 500; home++) {
                all.add(instruction("h" + home, 0));
            }
            List<Taken> _ = ana.take("ana", all, 1);
            Set<String> seen = new HashSet<>();
            int claims = 0;

            while (seen.size() < 500) {
                List<Work> work = ana.claim("ana", 50, LONG);
                assertThat(work).hasSize(50);
                for (Work one : work) {
                    seen.add(one.lease().home());
                    // Its instruction stays, so that it wants to be carried again at once.
                    ana.release(one.lease());
                }
                assertThat(++claims)
                        .as("%s homes were never claimed", 500 - seen.size())
                        .isLessThan(250);
            }
        }
    }

    @Test
    void a_home_that_is_claimed_has_all_its_instructions_in_their_order() throws Exception {
        try (Store ana = open()) {
            List<Long> numbers = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                List<Signed> all = new ArrayList<>();
                for (int n = 0; n < 450; n++) {
                    all.add(instruction("h", 450 * part + n));
                }
                ana.take("ben", all, 1).forEach(taken -> numbers.add(taken.seq()));
            }

            Work work = only(ana.claim("ana", 9, LONG));

            assertThat(numbers(work)).isEqualTo(numbers).isSorted();
        }
    }

    @Test
    void what_is_there_already_says_when_it_was_taken_in_first() throws Exception {
        try (Store store = open()) {
            Signed signed = Partners.read(partners.enroll(new PartyId("north/first")));
            Taken first = store.take("ana", List.of(signed), 1_000).getFirst();
            Taken held = store.take("ana", List.of(signed), 2_000).getFirst();
            Boolean _ = store.apply(StoreTest.applied(signed, 0)).get();
            Taken answered = store.take("ana", List.of(signed), 3_000).getFirst();

            assertThat(List.of(first, held, answered))
                    .extracting(Taken::receivedMillis)
                    .containsOnly(1_000L);
            assertThat(List.of(first, held, answered)).extracting(Taken::fresh).containsExactly(true, false, false);
        }
    }

    @Test
    void a_block_that_two_instances_follow_is_stored_by_one() throws Exception {
        try (Store ana = open();
                Store ben = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int block = 0; block < 30; block++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + block)));
                long number = block;
                List<Callable<Boolean>> both = List.of(
                        () -> ana.apply(StoreTest.applied(signed, number)).get(),
                        () -> ben.apply(StoreTest.applied(signed, number)).get());

                List<Boolean> stored = new ArrayList<>();
                for (Future<Boolean> one : threads.invokeAll(both)) {
                    stored.add(one.get());
                }

                assertThat(stored).containsExactlyInAnyOrder(true, false);
                assertThat(ben.followed().orElseThrow().block()).isEqualTo(block);
            }
        }
    }

    /// What is taken in while its verdict is being stored is never left over as held.
    @Test
    void an_instruction_taken_in_beside_its_verdict_is_not_left_over() throws Exception {
        try (Store ana = open();
                Store ben = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int block = 0; block < 60; block++) {
                Signed signed = Partners.read(partners.enroll(new PartyId("north/p" + block)));
                long number = block;
                List<Callable<Object>> both = List.of(
                        () -> ana.take("ana", List.of(signed), 1),
                        () -> ben.apply(StoreTest.applied(signed, number)).get());
                for (Future<Object> one : threads.invokeAll(both)) {
                    Object _ = one.get();
                }
            }

            assertThat(ana.pending()).isZero();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    /// Three owners do what they like; a model in memory says what each must see.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void owners_that_do_what_they_like_see_what_a_model_says(long seed) throws Exception {
        RandomGenerator random = new java.util.Random(seed);
        List<String> owners = List.of("ana", "ben", "cem");
        Model model = new Model();
        try (Store ana = open();
                Store ben = open();
                Store cem = open()) {
            List<Store> stores = List.of(ana, ben, cem);
            int taken = 0;
            for (int step = 0; step < 120; step++) {
                int number = random.nextInt(3);
                String owner = owners.get(number);
                Store store = stores.get(number);
                switch (random.nextInt(9)) {
                    case 0, 1, 2 -> {
                        String label = "h" + random.nextInt(6);
                        Signed signed = instruction(label, taken++);
                        Taken one = store.take(owner, List.of(signed), 1).getFirst();
                        assertThat(one.lease().isPresent()).isEqualTo(model.take(owner, home(label), one.seq()));
                    }
                    case 3, 4 -> model.claimed(owner, store.claim(owner, 1 + random.nextInt(3), LONG));
                    case 5 -> {
                        store.begin(owner);
                        model.begin(owner);
                    }
                    case 6 ->
                        assertThat(store.renew(owner, LONG)).containsExactlyInAnyOrderElementsOf(model.living(owner));
                    case 7 -> {
                        for (Lease lease : model.some(random)) {
                            store.release(lease);
                            model.release(lease);
                        }
                    }
                    default -> {
                        for (Lease lease : model.some(random)) {
                            model.written(store, lease, random.nextBoolean(), "tx" + step);
                        }
                    }
                }
            }
            for (String owner : owners) {
                model.claimed(owner, ana.claim(owner, 99, LONG));
            }
            model.nothingIsLeft();
        }
    }

    /// What must be true, as simply as it can be said.
    private static final class Model {
        private final Map<String, Lease> newest = new TreeMap<>();
        private final Map<Lease, String> holders = new HashMap<>();
        private final Set<Lease> living = new HashSet<>();
        private final Map<Long, String> pending = new TreeMap<>();
        private final Map<Long, Long> handed = new HashMap<>();
        private final Map<String, Set<String>> sendings = new TreeMap<>();

        private Optional<Lease> of(String home) {
            return Optional.ofNullable(newest.get(home)).filter(living::contains);
        }

        List<Lease> living(String owner) {
            return living.stream()
                    .filter(lease -> owner.equals(holders.get(lease)))
                    .toList();
        }

        /// Any lease there ever was, mostly not the newest.
        List<Lease> some(RandomGenerator random) {
            List<Lease> all = new ArrayList<>(holders.keySet());
            all.sort(java.util.Comparator.comparing(Lease::toString));
            return all.isEmpty() ? all : List.of(all.get(random.nextInt(all.size())));
        }

        boolean take(String owner, String home, long seq) {
            pending.put(seq, home);
            Optional<Lease> own = of(home).filter(lease -> owner.equals(holders.get(lease)));
            handed.put(seq, own.map(Lease::fence).orElse(0L));
            return own.isPresent();
        }

        void begin(String owner) {
            living.removeAll(living(owner));
        }

        void release(Lease lease) {
            living.remove(lease);
        }

        void claimed(String owner, List<Work> work) {
            Map<String, Work> homes = byHome(work);
            for (Work one : work) {
                Lease lease = one.lease();
                boolean fresh = of(lease.home()).isEmpty();
                if (fresh) {
                    long last = Optional.ofNullable(newest.get(lease.home()))
                            .map(Lease::fence)
                            .orElse(0L);
                    assertThat(lease.fence()).isGreaterThan(last);
                    newest.put(lease.home(), lease);
                    holders.put(lease, owner);
                    living.add(lease);
                }
                assertThat(of(lease.home())).contains(lease);
                assertThat(holders.get(lease)).isEqualTo(owner);
                assertThat(one.sendings().stream().map(Sending::transaction).toList())
                        .containsExactlyInAnyOrderElementsOf(
                                fresh ? sendings.getOrDefault(lease.home(), Set.of()) : Set.of());
            }
            for (Lease lease : living(owner)) {
                List<Long> expected = pending.entrySet().stream()
                        .filter(one -> one.getValue().equals(lease.home()))
                        .map(Map.Entry::getKey)
                        .filter(seq -> handed.getOrDefault(seq, 0L) < lease.fence())
                        .toList();
                List<Long> got = Optional.ofNullable(homes.get(lease.home()))
                        .map(LeaseTest::numbers)
                        .orElse(List.of());
                assertThat(got).isEqualTo(expected);
                expected.forEach(seq -> handed.put(seq, lease.fence()));
            }
        }

        /// Writes under a lease: allowed unless there is a newer one.
        void written(Store store, Lease lease, boolean answer, String transaction) throws Exception {
            boolean allowed = lease.equals(newest.get(lease.home()));
            List<Long> of = pending.entrySet().stream()
                    .filter(one -> one.getValue().equals(lease.home()))
                    .map(Map.Entry::getKey)
                    .limit(1)
                    .toList();
            try {
                if (answer && !of.isEmpty()) {
                    store.answer(lease, Map.of(of.getFirst(), ANSWER), State.REFUSED);
                    pending.remove(of.getFirst());
                } else {
                    store.keep(lease, sending(lease.home(), transaction));
                    sendings.computeIfAbsent(lease.home(), _ -> new TreeSet<>()).add(transaction);
                }
                assertThat(allowed).as("%s is not the newest", lease).isTrue();
            } catch (Fenced _) {
                assertThat(allowed).as("%s is the newest", lease).isFalse();
            }
        }

        void nothingIsLeft() {
            Set<String> busy = new TreeSet<>(pending.values());
            busy.addAll(sendings.keySet());
            assertThat(busy).allMatch(home -> of(home).isPresent());
            pending.forEach((seq, home) ->
                    assertThat(handed.get(seq)).isEqualTo(of(home).orElseThrow().fence()));
            assertThat(Collections.disjoint(living, holders.keySet())).isEqualTo(living.isEmpty());
        }
    }
}
