package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Keys;

/// Every suite of signatures as the ledger itself meets it: a party enrolls with such a key and lives by it, and each
/// signature that a laxer check would let pass has its code, and leaves nothing.
final class SuitesTest {

    private static final String PLATFORM = "north/platform";
    private static final BigInteger P256_ORDER =
            CustomNamedCurves.getByName("P-256").getN();
    private static final BigInteger K256_ORDER =
            CustomNamedCurves.getByName("secp256k1").getN();
    /// Of Ed25519's base point.
    private static final BigInteger ED_ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private Story story;

    @BeforeEach
    void parties() {
        story = Story.withParties();
    }

    /// A party whose key is of the suite, in place of the one it enrolled with.
    private String rotates(String party, Algorithm algorithm) {
        String label = party + " " + algorithm.text();
        story.has(label, story.generated(algorithm));
        Act act = new Act.KeyRotate(
                story.key(party).key().thumb(), story.key(label).key());
        story.applies(story.sign(story.registry(new PartyId(party), act), party, label));
        return label;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void a_party_enrolls_agrees_reports_and_closes_with_keys_of_the_suite(Algorithm algorithm) {
        story.has("north/hub", story.generated(algorithm));
        story.applies(story.enrollment("north/hub"));
        String hub = rotates(PLATFORM, algorithm);
        Json.Obj document = story.document();
        story.version = Hash.of(document.canonical());
        story.applies(story.sign(
                story.payload(PLATFORM, new Act.Offer(document, story.now().plus(Duration.ofDays(1)))), hub));
        for (String party : List.of("east/ana", "east/ben", "west/cleo")) {
            String key = rotates(party, algorithm);
            story.applies(story.sign(story.payload(party, new Act.Accept(Optional.empty())), key));
        }
        story.moveTo("2026-02-01T08:00:00Z");

        story.applies(reSigned(story.report(1, 3, "2026-01-15"), hub));
        story.applies(reSigned(story.declare("2026-01", 3, 3, 300), hub));
        story.applies(reSigned(story.close("2026-01"), hub));

        assertThat(story.ledger.json("agr/" + Story.AGREEMENT).text("settled")).isEqualTo("2026-01");
    }

    /// The same payload with the signature of another key.
    private Bytes reSigned(Bytes envelope, String key) {
        return story.sign(payload(envelope), key);
    }

    private static Payload payload(Bytes envelope) {
        return ((Signed) Signed.read(envelope)).payload();
    }

    /// The envelope with its first signature changed.
    private static Bytes with(Bytes envelope, UnaryOperator<Bytes> change) {
        Json.Obj json = object(envelope);
        List<Json> signatures = new ArrayList<>(json.items("signatures"));
        Json.Obj first = (Json.Obj) signatures.getFirst();
        Bytes octets = Base64Url.decode(first.text("signature")).orElseThrow();
        signatures.set(
                0,
                Json.object()
                        .with("protected", first.text("protected"))
                        .with("signature", Base64Url.encode(change.apply(octets)))
                        .build());
        return Json.object()
                .with("payload", json.text("payload"))
                .with("signatures", Json.array(signatures))
                .build()
                .canonical();
    }

    private static Json.Obj object(Bytes bytes) {
        if (JsonReader.readCanonical(bytes) instanceof JsonReader.Value(Json.Obj json)) {
            return json;
        }
        throw new IllegalArgumentException(bytes.toString());
    }

    private static BigInteger number(Bytes octets, int from) {
        return new BigInteger(1, octets.slice(from, from + 32).toArray());
    }

    private static Bytes octets(BigInteger number) {
        return Bytes.copyOf(BigIntegers.asUnsignedByteArray(32, number));
    }

    /// Ed25519's numbers have their lowest octet first.
    private static Bytes turned(Bytes octets) {
        byte[] turned = octets.toArray();
        for (int i = 0; i < turned.length / 2; i++) {
            byte octet = turned[i];
            turned[i] = turned[turned.length - 1 - i];
            turned[turned.length - 1 - i] = octet;
        }
        return Bytes.copyOf(turned);
    }

    private static Bytes withR(Bytes signature, BigInteger r) {
        return Bytes.concat(octets(r), signature.slice(32, signature.size()));
    }

    private static Bytes withS(Bytes signature, BigInteger s) {
        return Bytes.concat(signature.slice(0, 32), octets(s), signature.slice(64, signature.size()));
    }

    private static Bytes ending(Bytes signature, int last) {
        return Bytes.concat(signature.slice(0, signature.size() - 1), Bytes.copyOf(new byte[] {(byte) last}));
    }

    private static Bytes otherV(Bytes signature) {
        return ending(signature, 55 - signature.at(64));
    }

    private static Arguments of(Algorithm algorithm, String what, String code, UnaryOperator<Bytes> change) {
        return Arguments.of(algorithm, what, code, change);
    }

    static Stream<Arguments> refusals() {
        Algorithm es = Algorithm.ES256;
        Algorithm ed = Algorithm.ED25519;
        Algorithm wallet = Algorithm.EIP712;
        Bytes small = Bytes.concat(Bytes.copyOf(new byte[] {1}), Bytes.copyOf(new byte[31]));
        return Stream.of(
                of(es, "the other s", "signature_high_s", s -> withS(s, P256_ORDER.subtract(number(s, 32)))),
                of(es, "s = 0", "signature_form", s -> withS(s, BigInteger.ZERO)),
                of(es, "r = 0", "signature_form", s -> withR(s, BigInteger.ZERO)),
                of(es, "s = n", "signature_form", s -> withS(s, P256_ORDER)),
                of(es, "r = n", "signature_form", s -> withR(s, P256_ORDER)),
                of(es, "both 0", "signature_form", s -> Bytes.copyOf(new byte[64])),
                of(es, "r and s = 1", "signature_wrong", s -> withS(withR(s, BigInteger.ONE), BigInteger.ONE)),
                of(es, "a short one", "signature_form", s -> s.slice(0, 63)),
                of(es, "a long one", "signature_form", s -> Bytes.concat(s, Bytes.copyOf(new byte[1]))),
                of(es, "none", "signature_form", s -> Bytes.EMPTY),
                of(
                        ed,
                        "S + L",
                        "signature_wrong",
                        s -> Bytes.concat(
                                s.slice(0, 32),
                                turned(octets(number(turned(s), 0).add(ED_ORDER))))),
                of(ed, "S = 0", "signature_wrong", s -> withS(s, BigInteger.ZERO)),
                of(ed, "R of small order", "signature_wrong", s -> Bytes.concat(small, s.slice(32, 64))),
                of(
                        ed,
                        "R of small order and S = 0",
                        "signature_wrong",
                        s -> Bytes.concat(small, Bytes.copyOf(new byte[32]))),
                of(ed, "R that is no point", "signature_wrong", s -> withR(s, BigInteger.TWO.shiftLeft(247))),
                of(ed, "a short one", "signature_form", s -> s.slice(0, 63)),
                of(ed, "one with a v", "signature_form", s -> Bytes.concat(s, Bytes.copyOf(new byte[] {27}))),
                of(
                        wallet,
                        "the other s, with its v",
                        "signature_high_s",
                        s -> otherV(withS(s, K256_ORDER.subtract(number(s, 32))))),
                of(wallet, "s = 0", "signature_form", s -> withS(s, BigInteger.ZERO)),
                of(wallet, "r = 0", "signature_form", s -> withR(s, BigInteger.ZERO)),
                of(wallet, "s = n", "signature_form", s -> withS(s, K256_ORDER)),
                of(wallet, "r = n", "signature_form", s -> withR(s, K256_ORDER)),
                of(wallet, "an r that is no x of the curve", "signature_wrong", s -> withR(s, BigInteger.valueOf(5))),
                of(wallet, "the other v", "signature_wrong", SuitesTest::otherV),
                of(wallet, "v = 0", "signature_form", s -> ending(s, 0)),
                of(wallet, "v = 1", "signature_form", s -> ending(s, 1)),
                of(wallet, "v = 29", "signature_form", s -> ending(s, 29)),
                of(wallet, "v = 31", "signature_form", s -> ending(s, 31)),
                of(wallet, "no v", "signature_form", s -> s.slice(0, 64)),
                of(
                        wallet,
                        "of Ethereum's 64 bytes and a chain",
                        "signature_form",
                        s -> Bytes.concat(s, Bytes.copyOf(new byte[] {1}))));
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @MethodSource("refusals")
    void a_signature_that_a_laxer_check_would_let_pass_has_its_code_and_leaves_nothing(
            Algorithm algorithm, String what, String code, UnaryOperator<Bytes> change) {
        String label = rotates(PLATFORM, algorithm);
        Bytes good = story.sign(
                story.registry(new PartyId(PLATFORM), new Act.RecoverySet(KeyStory.recovery(1, "east/ana"))), label);
        TreeMap<String, Bytes> before = new TreeMap<>(story.ledger.state);

        assertThat(story.told(with(good, change))).as(what).isEqualTo(code);

        assertThat(story.ledger.state).isEqualTo(before);
        assertThat(story.told(good)).isEqualTo("applied");
    }

    /// Signatures of one key in one transaction are checked together; the bad one among them is found all the same.
    @ParameterizedTest(name = "{0}: {1} is {2}")
    @MethodSource("refusals")
    void a_bad_signature_among_good_ones_of_its_key_harms_none_of_them(
            Algorithm algorithm, String what, String code, UnaryOperator<Bytes> change) {
        String label = rotates(PLATFORM, algorithm);
        Bytes[] batch = new Bytes[6];
        for (int i = 0; i < batch.length; i++) {
            Act act = new Act.RecoverySet(KeyStory.recovery(1, "east/ana"));
            Bytes good = story.sign(story.registry(new PartyId(PLATFORM), act), label);
            batch[i] = i == 3 ? with(good, change) : good;
        }

        assertThat(story.submitTogether(batch))
                .as(what)
                .containsExactly("applied", "applied", "applied", code, "applied", "applied");
    }

    @Test
    void a_signature_of_p256_that_leads_to_infinity_signs_for_nobody() {
        BigInteger secret = BigInteger.valueOf(4711);
        story.has(
                "north/hub",
                SigningKey.ofSecret(Algorithm.ES256, octets(secret)).orElseThrow());
        story.applies(story.enrollment("north/hub"));
        Bytes good = story.sign(
                story.registry(new PartyId("north/hub"), new Act.RecoverySet(KeyStory.recovery(1, "east/ana"))),
                "north/hub");
        Json.Obj json = object(good);
        String input = ((Json.Obj) json.items("signatures").getFirst()).text("protected") + "." + json.text("payload");
        BigInteger digest = number(Hash.sha256(Bytes.ofUtf8(input)), 0);
        BigInteger r = digest.negate().multiply(secret.modInverse(P256_ORDER)).mod(P256_ORDER);

        assertThat(story.told(with(good, s -> withS(withR(s, r), BigInteger.ONE))))
                .isEqualTo("signature_wrong");
        assertThat(story.told(good)).isEqualTo("applied");
    }

    private HandmadeWallet wallet() {
        HandmadeWallet wallet = new HandmadeWallet(BigInteger.valueOf(4711));
        story.has("north/hub", wallet.key());
        story.applies(story.enrollment("north/hub"));
        return wallet;
    }

    private Bytes signedByWallet() {
        return story.sign(
                story.registry(new PartyId("north/hub"), new Act.RecoverySet(KeyStory.recovery(1, "east/ana"))),
                "north/hub");
    }

    /// Whoever knows what is to be signed makes such a signature without any secret: the point that is recovered is
    /// infinity, whose "address" some libraries give as one fixed value.
    @Test
    void a_signature_from_which_infinity_is_recovered_signs_for_nobody() {
        HandmadeWallet _ = wallet();
        Bytes good = signedByWallet();

        assertThat(story.told(with(good, _ -> HandmadeWallet.infinity(HandmadeWallet.typed(payload(good))))))
                .isEqualTo("signature_wrong");
        assertThat(story.told(good)).isEqualTo("applied");
    }

    @Test
    void what_a_wallet_by_another_hand_signs_is_what_the_ledger_asks_for() {
        HandmadeWallet wallet = wallet();
        Bytes envelope = signedByWallet();

        assertThat(story.told(with(envelope, _ -> wallet.sign(HandmadeWallet.typed(payload(envelope))))))
                .isEqualTo("applied");
    }

    static Stream<Arguments> otherStructs() {
        return Stream.of(
                struct("another name of the domain", typed -> typed.put("name", "tallystick")),
                struct("another version of the domain", typed -> typed.put("version", "2")),
                struct("another ledger", typed -> typed.put("salt", "00".repeat(32))),
                struct("another act", typed -> typed.put("act", "rehost")),
                struct("an agreement", typed -> typed.put("agreement", Story.AGREEMENT)),
                struct("another party", typed -> typed.put("party", PLATFORM)),
                struct("another id", typed -> typed.put("id", "01KD0000000000000000000000")),
                struct("another beginning", typed -> typed.put("from", "2025-12-20T10:00:01Z")),
                struct("another end", typed -> typed.put("until", "2025-12-22T10:00:01Z")),
                struct("another line shown", typed -> typed.put("summary", "parties=[1]; threshold=2")),
                struct("no line shown", typed -> typed.put("summary", "")),
                struct("another payload", typed -> typed.put("payload", "00".repeat(32))));
    }

    private static Arguments struct(String title, Consumer<Map<String, String>> change) {
        return Arguments.of(title, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherStructs")
    void a_wallet_that_was_shown_something_else_has_not_signed(String title, Consumer<Map<String, String>> change) {
        HandmadeWallet wallet = wallet();
        Bytes envelope = signedByWallet();
        Map<String, String> typed = HandmadeWallet.typed(payload(envelope));
        assertThat(typed).as(title).containsEntry("summary", "parties=[1]; threshold=1");

        change.accept(typed);

        assertThat(story.told(with(envelope, _ -> wallet.sign(typed)))).isEqualTo("signature_wrong");
    }

    static Stream<Key> weakKeys() {
        Bytes zero = Bytes.copyOf(new byte[32]);
        Bytes one = Bytes.concat(Bytes.copyOf(new byte[] {1}), Bytes.copyOf(new byte[31]));
        return Stream.of(
                new Key.Wallet("0x" + "0".repeat(40)),
                new Key.P256(zero, zero),
                new Key.P256(one, one),
                new Key.Ed25519(zero),
                new Key.Ed25519(one),
                new Key.Ed25519(Bytes.ofHex("ff".repeat(32))));
    }

    /// A key that anybody can sign for is not registered by any act that registers one.
    @ParameterizedTest(name = "{0}")
    @MethodSource("weakKeys")
    void a_weak_key_is_not_registered(Key weak) {
        PartyId hub = new PartyId(PLATFORM);
        story.applies(story.sign(story.registry(hub, new Act.RecoverySet(KeyStory.recovery(1, "east/ana"))), PLATFORM));
        List<Bytes> attempts = List.of(
                forged(
                        weak,
                        new Act.KeyAdd(
                                weak,
                                Purpose.ALL,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        PLATFORM),
                forged(weak, new Act.KeyRotate(story.key(PLATFORM).key().thumb(), weak), PLATFORM),
                forged(weak, new Act.KeyRecover(weak, List.of()), "east/ana"));

        for (Bytes attempt : attempts) {
            assertThat(story.told(attempt)).isEqualTo("key_weak");
        }
        assertThat(story.ledger.state).doesNotContainKey(Keys.keyOwner(weak.thumb()));
    }

    /// Signed by one good key, and by the weak one with a signature that has the form of one.
    private Bytes forged(Key weak, Act act, String by) {
        Payload payload = story.registry(new PartyId(PLATFORM), act);
        Json.Obj json = object(story.sign(payload, by));
        Json good = json.items("signatures").getFirst();
        String kid = weak.kid(new PartyId(PLATFORM)).text();
        int size = weak.algorithm() == Algorithm.EIP712 ? 65 : 64;
        byte[] octets = new byte[size];
        octets[31] = 1;
        octets[63] = 1;
        octets[size - 1] = (byte) (size == 65 ? 27 : 1);
        Json forged = Json.object()
                .with(
                        "protected",
                        Base64Url.encode(Json.object()
                                .with("alg", weak.algorithm().text())
                                .with("kid", kid)
                                .with("typ", "tallystick-instruction-1")
                                .build()
                                .canonical()))
                .with("signature", Base64Url.encode(Bytes.copyOf(octets)))
                .build();
        String others = story.key(by).kid(Owner.parse(by).orElseThrow()).text();
        boolean first = !by.equals(PLATFORM) || kid.compareTo(others) < 0;
        return Json.object()
                .with("payload", json.text("payload"))
                .with("signatures", Json.array(first ? List.of(forged, good) : List.of(good, forged)))
                .build()
                .canonical();
    }
}
