package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.Json;

/// Signatures checked together: what a batch proves is what each proves alone, and nothing else.
final class Es256BatchTest {

    private static final BigInteger ORDER = Es256.ORDER;
    private static final BigInteger SECRET =
            BigInteger.valueOf(20_261_126).pow(9).mod(ORDER);
    private static final Key.P256 KEY = Es256.publicKey(SECRET);
    private static final ECPoint BASE = Es256.DOMAIN.getG();

    static LongStream seeds() {
        return Seeds.upTo(200);
    }

    private static Es256Batch.Claim claim(int number) {
        Bytes input = Bytes.ofUtf8("instruction " + number);
        return new Es256Batch.Claim(Hash.sha256(input), Es256.sign(SECRET, input));
    }

    /// Made once: signing takes longer than what is tested.
    private static final List<Es256Batch.Claim> GOOD =
            IntStream.range(0, 200).mapToObj(Es256BatchTest::claim).toList();

    private static List<Es256Batch.Claim> claims(int count) {
        return GOOD.subList(0, count);
    }

    private static Bytes octets(BigInteger number) {
        return Bytes.copyOf(BigIntegers.asUnsignedByteArray(32, number));
    }

    private static Es256Batch.Claim claim(BigInteger e, BigInteger r, BigInteger s) {
        return new Es256Batch.Claim(octets(e), Bytes.concat(octets(r), octets(s)));
    }

    /// A signature with a nonce of our choice, or with its negative, whichever has an even `y`.
    private static Es256Batch.Claim withNonce(BigInteger nonce, BigInteger e) {
        ECPoint point = BASE.multiply(nonce).normalize();
        BigInteger even = point.getAffineYCoord().testBitZero() ? ORDER.subtract(nonce) : nonce;
        BigInteger r = point.getAffineXCoord().toBigInteger().mod(ORDER);
        return claim(
                e, r, e.add(r.multiply(SECRET)).multiply(even.modInverse(ORDER)).mod(ORDER));
    }

    /// Whether it is good by the usual check, done by Bouncy Castle's points; and also whether a batch can know it.
    private record Alone(boolean good, boolean provable) {
        private static final ReadyKeys READY = new ReadyKeys();

        static Alone of(Key.P256 key, Es256Batch.Claim claim) {
            BigInteger inverse = claim.s().modInverse(ORDER);
            ECPoint point = ECAlgorithms.sumOfTwoMultiplies(
                            BASE,
                            claim.e().multiply(inverse).mod(ORDER),
                            READY.of(key).orElseThrow().getQ(),
                            claim.r().multiply(inverse).mod(ORDER))
                    .normalize();
            if (point.isInfinity()) {
                return new Alone(false, false);
            }
            BigInteger x = point.getAffineXCoord().toBigInteger();
            boolean good = x.mod(ORDER).equals(claim.r());
            return new Alone(
                    good,
                    good && x.equals(claim.r()) && !point.getAffineYCoord().testBitZero());
        }
    }

    private static void provesWhatHoldsAlone(Key.P256 key, List<Es256Batch.Claim> claims) {
        boolean proven = Es256.proves(key, claims);

        assertThat(proven)
                .isEqualTo(
                        claims.stream().allMatch(claim -> Alone.of(key, claim).provable()));
        if (proven) {
            assertThat(claims).allMatch(claim -> Alone.of(key, claim).good());
        }
    }

    @ParameterizedTest(name = "{0} signatures")
    @ValueSource(ints = {0, 1, 2, 3, 8, 15, 16, 64, 200})
    void signatures_of_our_own_are_proven_together(int count) {
        assertThat(Es256.proves(KEY, claims(count))).isTrue();
    }

    @Test
    void no_other_key_proves_them() {
        assertThat(Es256.proves(Es256.publicKey(SECRET.add(BigInteger.ONE)), claims(3)))
                .isFalse();
        assertThat(Es256.proves(Es256.publicKey(ORDER.subtract(SECRET)), claims(3)))
                .isFalse();
        assertThat(Es256.proves(new Key.P256(KEY.x(), KEY.x()), claims(3))).isFalse();
        assertThat(Es256.proves(new Key.P256(KEY.x(), KEY.x()), List.of())).isFalse();
    }

    /// What can be wrong with one of many signatures, or two.
    private enum Change {
        BIT_OF_R {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                flip(claims, at, random.nextInt(256));
            }
        },
        BIT_OF_S {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                flip(claims, at, 256 + random.nextInt(256));
            }
        },
        BIT_OF_DIGEST {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Es256Batch.Claim claim = claims.get(at);
                byte[] digest = claim.digest().toArray();
                digest[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
                claims.set(at, new Es256Batch.Claim(Bytes.copyOf(digest), claim.signature()));
            }
        },
        S_NEGATED {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Es256Batch.Claim claim = claims.get(at);
                claims.set(at, claim(claim.e(), claim.r(), ORDER.subtract(claim.s())));
            }
        },
        BOTH_S_NEGATED {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                S_NEGATED.apply(claims, at, other, random);
                S_NEGATED.apply(claims, other, at, random);
            }
        },
        DIGESTS_EXCHANGED {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Es256Batch.Claim one = claims.get(at);
                Es256Batch.Claim two = claims.get(other);
                claims.set(at, new Es256Batch.Claim(two.digest(), one.signature()));
                claims.set(other, new Es256Batch.Claim(one.digest(), two.signature()));
            }
        },
        R_EXCHANGED {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Es256Batch.Claim one = claims.get(at);
                Es256Batch.Claim two = claims.get(other);
                claims.set(at, claim(one.e(), two.r(), one.s()));
                claims.set(other, claim(two.e(), one.r(), two.s()));
            }
        },
        S_EXCHANGED {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Es256Batch.Claim one = claims.get(at);
                Es256Batch.Claim two = claims.get(other);
                claims.set(at, claim(one.e(), one.r(), two.s()));
                claims.set(other, claim(two.e(), two.r(), one.s()));
            }
        },
        ANOTHER_SIGNER {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                Bytes input = Bytes.ofUtf8("instruction " + at);
                claims.set(at, new Es256Batch.Claim(Hash.sha256(input), Es256.sign(BigInteger.TEN, input)));
            }
        },
        /// The sum of all e/s stays the same: without coefficients nobody would notice.
        DIGESTS_THAT_CANCEL {
            @Override
            void apply(List<Es256Batch.Claim> claims, int at, int other, Random random) {
                BigInteger error = new BigInteger(128, random).add(BigInteger.ONE);
                Es256Batch.Claim one = claims.get(at);
                Es256Batch.Claim two = claims.get(other);
                BigInteger sum = sumOfFirst(claims);
                claims.set(at, claim(one.e().add(error.multiply(one.s())).mod(ORDER), one.r(), one.s()));
                claims.set(
                        other, claim(two.e().subtract(error.multiply(two.s())).mod(ORDER), two.r(), two.s()));
                assertThat(sumOfFirst(claims)).isEqualTo(sum);
            }
        };

        abstract void apply(List<Es256Batch.Claim> claims, int at, int other, Random random);

        static void flip(List<Es256Batch.Claim> claims, int at, int bit) {
            byte[] octets = claims.get(at).signature().toArray();
            octets[bit / 8] ^= (byte) (1 << bit % 8);
            claims.set(at, new Es256Batch.Claim(claims.get(at).digest(), Bytes.copyOf(octets)));
        }

        static BigInteger sumOfFirst(List<Es256Batch.Claim> claims) {
            return claims.stream()
                    .map(claim -> claim.e().multiply(claim.s().modInverse(ORDER)))
                    .reduce(BigInteger.ZERO, BigInteger::add)
                    .mod(ORDER);
        }
    }

    private static List<Es256Batch.Claim> changed(Change change, int count, Random random) {
        List<Es256Batch.Claim> claims = new ArrayList<>(claims(count));
        int at = random.nextInt(count);
        int other = (at + 1 + random.nextInt(count - 1)) % count;
        do {
            change.apply(claims, at, other, random);
        } while (claims.stream()
                .anyMatch(claim -> claim.s().signum() == 0
                        || claim.s().compareTo(ORDER) >= 0
                        || claim.r().signum() == 0
                        || claim.r().compareTo(ORDER) >= 0));
        return claims;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void one_change_among_many_and_nothing_is_proven(Change change) {
        for (int count : new int[] {2, 3, 16, 40}) {
            Random random = new Random(count);
            List<Es256Batch.Claim> claims = changed(change, count, random);

            assertThat(Es256.proves(KEY, claims)).isFalse();
            provesWhatHoldsAlone(KEY, claims);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_batch_proves_exactly_what_holds_alone(long seed) {
        Random random = new Random(seed);
        Change change = Change.values()[random.nextInt(Change.values().length)];
        List<Es256Batch.Claim> claims = changed(change, 2 + random.nextInt(12), random);
        Collections.shuffle(claims, random);

        provesWhatHoldsAlone(KEY, claims);
        List<Es256Batch.Claim> without =
                claims.stream().filter(claim -> Alone.of(KEY, claim).provable()).toList();
        assertThat(without).hasSizeLessThan(claims.size());
        assertThat(Es256.proves(KEY, without)).isTrue();
    }

    @Test
    void the_same_signature_many_times_is_proven_unless_it_is_wrong() {
        Es256Batch.Claim good = claim(1);
        Es256Batch.Claim wrong = new Es256Batch.Claim(claim(2).digest(), good.signature());

        assertThat(Es256.proves(KEY, Collections.nCopies(20, good))).isTrue();
        assertThat(Es256.proves(KEY, Collections.nCopies(20, wrong))).isFalse();
    }

    @Test
    void nonces_that_meet_one_another_the_base_point_or_the_key_are_proven() {
        List<Es256Batch.Claim> claims = new ArrayList<>();
        for (BigInteger nonce : List.of(
                BigInteger.ONE,
                ORDER.subtract(BigInteger.ONE),
                BigInteger.TWO,
                SECRET,
                ORDER.subtract(SECRET),
                SECRET.add(BigInteger.ONE),
                BigInteger.TWO.multiply(SECRET).mod(ORDER))) {
            for (int e = 0; e < 3; e++) {
                claims.add(withNonce(nonce, BigInteger.valueOf(e)));
            }
        }

        assertThat(claims).allMatch(claim -> Alone.of(KEY, claim).provable());
        assertThat(Es256.proves(KEY, claims)).isTrue();
        for (Es256Batch.Claim claim : claims) {
            assertThat(Es256.proves(KEY, List.of(claim))).isTrue();
        }
        for (int i = 0; i < claims.size(); i++) {
            List<Es256Batch.Claim> wrong = new ArrayList<>(claims);
            wrong.set(
                    i,
                    claim(
                            claims.get(i).e().add(BigInteger.TEN),
                            claims.get(i).r(),
                            claims.get(i).s()));
            assertThat(Es256.proves(KEY, wrong)).as("claim %d", i).isFalse();
        }
    }

    @Test
    void digests_that_are_all_zero_or_above_the_order_are_as_good_as_others() {
        BigInteger above = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
        List<Es256Batch.Claim> zeros = IntStream.range(5, 25)
                .mapToObj(nonce -> withNonce(BigInteger.valueOf(nonce), BigInteger.ZERO))
                .toList();
        List<Es256Batch.Claim> large = IntStream.range(5, 25)
                .mapToObj(nonce -> withNonce(BigInteger.valueOf(nonce), above))
                .toList();

        assertThat(Es256.proves(KEY, zeros)).isTrue();
        assertThat(Es256.proves(KEY, large)).isTrue();
    }

    /// With e = -r d both sides of the equation are the neutral element, which is the nonce of no signature.
    @Test
    void a_signature_of_the_neutral_element_is_not_proven() {
        BigInteger r = claim(1).r();
        BigInteger e = r.multiply(SECRET).negate().mod(ORDER);

        for (int count : new int[] {1, 2, 20}) {
            List<Es256Batch.Claim> claims = Collections.nCopies(count, claim(e, r, BigInteger.TEN));
            assertThat(Alone.of(KEY, claims.getFirst()).good()).isFalse();
            assertThat(Es256.proves(KEY, claims)).isFalse();
        }
    }

    @Test
    void good_signatures_whose_nonce_has_an_odd_y_are_not_proven() {
        List<Es256Batch.Claim> all = IntStream.range(0, 40)
                .mapToObj(i -> Hash.sha256(Bytes.ofUtf8("instruction " + i)))
                .map(digest -> new Es256Batch.Claim(digest, Es256.sign(SECRET, Es256.DOMAIN, digest)))
                .toList();
        List<Es256Batch.Claim> odd =
                all.stream().filter(claim -> !Alone.of(KEY, claim).provable()).toList();
        List<Es256Batch.Claim> even =
                all.stream().filter(claim -> Alone.of(KEY, claim).provable()).toList();

        assertThat(all).allMatch(claim -> Alone.of(KEY, claim).good());
        assertThat(odd.size()).isBetween(8, 32);
        assertThat(Es256.proves(KEY, odd)).isFalse();
        assertThat(Es256.proves(KEY, all)).isFalse();
        assertThat(Es256.proves(KEY, even)).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void our_signer_takes_the_first_nonce_of_rfc_6979_that_is_even(long seed) {
        BigInteger secret = new BigInteger(250, new Random(seed)).add(BigInteger.ONE);
        Bytes input = Bytes.ofUtf8("input " + seed);
        Es256Batch.Claim first =
                new Es256Batch.Claim(Hash.sha256(input), Es256.sign(secret, Es256.DOMAIN, Hash.sha256(input)));

        Es256Batch.Claim ours = new Es256Batch.Claim(Hash.sha256(input), Es256.sign(secret, input));

        Key.P256 key = Es256.publicKey(secret);
        assertThat(Alone.of(key, ours).provable()).isTrue();
        assertThat(Es256.verify(key, input, ours.signature())).isTrue();
        assertThat(SignatureForm.fault(Algorithm.ES256, ours.signature())).isEmpty();
        assertThat(ours.equals(first)).isEqualTo(Alone.of(key, first).provable());
        assertThat(Es256.sign(secret, input)).isEqualTo(ours.signature());
    }

    @Test
    void wycheproof_holds_for_each_vector_alone_and_among_good_ones() {
        Json.Obj file = SharedVectors.json(
                SharedVectors.path("vectors/wycheproof/testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json"));
        Map<String, Integer> counted = new TreeMap<>();

        for (Json item : file.items("testGroups")) {
            Json.Obj group = (Json.Obj) item;
            Bytes point = Bytes.ofHex(group.object("publicKey").text("uncompressed"));
            Key.P256 key = new Key.P256(point.slice(1, 33), point.slice(33, 65));
            List<Es256Batch.Claim> proven = new ArrayList<>();
            List<Es256Batch.Claim> others = new ArrayList<>();
            for (Json test : group.items("tests")) {
                Json.Obj vector = (Json.Obj) test;
                Bytes signature = Bytes.ofHex(vector.text("sig"));
                Optional<Code> fault = SignatureForm.fault(Algorithm.ES256, signature);
                if (fault.isPresent() && fault.get() != Code.SIGNATURE_HIGH_S) {
                    counted.merge("no form", 1, Integer::sum);
                    continue;
                }
                Es256Batch.Claim claim = new Es256Batch.Claim(Hash.sha256(Bytes.ofHex(vector.text("msg"))), signature);
                Alone alone = Alone.of(key, claim);
                assertThat(alone.good()).isEqualTo(vector.text("result").equals("valid"));
                assertThat(Es256.proves(key, List.of(claim)))
                        .as("test %s: %s", vector.get("tcId"), vector.text("comment"))
                        .isEqualTo(alone.provable());
                (alone.provable() ? proven : others).add(claim);
                counted.merge(vector.text("result") + (alone.provable() ? ", proven" : ""), 1, Integer::sum);
            }
            assertThat(Es256.proves(key, proven)).isTrue();
            for (Es256Batch.Claim other : others) {
                List<Es256Batch.Claim> mixed = new ArrayList<>(proven);
                mixed.add(mixed.size() / 2, other);
                assertThat(Es256.proves(key, mixed)).isFalse();
            }
        }

        assertThat(counted).hasToString("{invalid=18, no form=71, valid=68, valid, proven=105}");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_sum_of_multiples_is_what_it_is_one_by_one(long seed) {
        Random random = new Random(seed);
        List<CurvePoint> points = new ArrayList<>();
        List<int[]> coefficients = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            ECPoint point = BASE.multiply(BigInteger.valueOf(1 + random.nextInt(3)));
            points.add(CurvePointTest.of(random.nextBoolean() ? point : point.negate()));
            int kind = random.nextInt(5);
            coefficients.add(IntStream.range(0, 22)
                    .map(_ -> switch (kind) {
                        case 0 -> -32;
                        case 1 -> 31;
                        case 2 -> 0;
                        default -> random.nextInt(64) - 32;
                    })
                    .toArray());
        }

        ECPoint expected = Es256.DOMAIN.getCurve().getInfinity();
        for (int i = 0; i < points.size(); i++) {
            BigInteger coefficient = Es256Batch.number(coefficients.get(i));
            assertThat(coefficient).isEqualTo(slowly(coefficients.get(i)));
            expected = expected.add(points.get(i).toBouncyCastle().multiply(coefficient.mod(ORDER)));
        }
        assertThat(Es256Batch.sum(points, coefficients)).isEqualTo(expected);
    }

    private static BigInteger slowly(int[] digits) {
        BigInteger number = BigInteger.ZERO;
        for (int i = digits.length - 1; i >= 0; i--) {
            number = number.multiply(BigInteger.valueOf(64)).add(BigInteger.valueOf(digits[i]));
        }
        return number;
    }

    @Test
    void every_coefficient_depends_on_the_key_and_on_all_that_is_claimed_in_its_order() {
        List<Es256Batch.Claim> claims = claims(4);
        List<List<Es256Batch.Claim>> others = new ArrayList<>(List.of(claims.reversed(), claims(5), claims(3)));
        for (Change change : List.of(Change.BIT_OF_R, Change.BIT_OF_S, Change.BIT_OF_DIGEST)) {
            for (int i = 0; i < 4; i++) {
                List<Es256Batch.Claim> changed = new ArrayList<>(claims);
                change.apply(changed, i, 0, new Random(i));
                others.add(changed);
            }
        }
        List<int[]> usual = Es256Batch.coefficients(KEY, claims);

        assertThat(Es256Batch.coefficients(KEY, claims))
                .usingRecursiveComparison()
                .isEqualTo(usual);
        List<List<int[]>> all = new ArrayList<>(List.of(usual));
        others.forEach(other -> all.add(Es256Batch.coefficients(KEY, other)));
        all.add(Es256Batch.coefficients(new Key.P256(KEY.x(), KEY.x()), claims));
        all.add(Es256Batch.coefficients(new Key.P256(KEY.y(), KEY.y()), claims));
        assertThat(all.stream()
                        .flatMap(List::stream)
                        .map(Arrays::toString)
                        .distinct()
                        .count())
                .isEqualTo(all.stream().mapToLong(List::size).sum());
    }

    @Test
    void the_digits_of_coefficients_take_each_of_their_values() {
        List<int[]> coefficients = Es256Batch.coefficients(KEY, claims(64));
        Map<Integer, Integer> counted = new TreeMap<>();

        for (int[] digits : coefficients) {
            assertThat(digits).hasSize(22);
            Arrays.stream(digits).forEach(digit -> counted.merge(digit, 1, Integer::sum));
        }

        assertThat(counted.keySet())
                .containsExactlyElementsOf(IntStream.range(-32, 32).boxed().toList());
        assertThat(counted.values()).allMatch(times -> times > 4 && times < 60);
    }
}
