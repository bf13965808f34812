package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What is answered to an envelope, in which order, with which values.
final class SignedTest {

    private static final Envelope.Hand ANA =
            new Envelope.Hand(Instructions.ANA, Instructions.key(Algorithm.ED25519, 1));
    private static final Envelope.Hand NORTH =
            new Envelope.Hand(Instructions.NORTH, Instructions.key(Algorithm.ES256, 2));
    private static final Envelope.Hand BEN =
            new Envelope.Hand(new PartyId("east/ben"), Instructions.key(Algorithm.EIP712, 3));

    @Test
    void a_good_envelope_tells_what_was_signed_by_whom() {
        Payload payload = Instructions.accept();

        Signed signed = Instructions.signed(Envelope.sign(payload, ANA));

        assertThat(signed.payload()).isEqualTo(payload);
        assertThat(signed.payloadBytes()).isEqualTo(payload.bytes());
        assertThat(signed.instruction()).isEqualTo(Hash.of(payload.bytes()));
        assertThat(signed.kids()).containsExactly(ANA.key().kid(ANA.owner()));
    }

    /// A payload is read apart from the rest; where that is not possible, what is wrong is found as if it were not.
    @ParameterizedTest(name = "{3}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"payload":"    | {"payload":"\\u0041  | not_canonical    | an escape
            {"payload":"    | {"payload":"é        | base64_form      | a letter that is none
            {"payload":"    | {"payload":"\\",\\"signatures\\":[ | base64_form | signatures in the payload
            {"payload":"    | {"payload":"","payload":" | duplicate_member | two payloads
            {"payload":"    | {"signatures":[],"payload":" | duplicate_member | signatures before it
            {"payload":"    | { "payload":"        | not_canonical    | a space
            {"payload":"    | {"Payload":"         | envelope_form    | another name
            ","signatures":[ | =","signatures":[   | base64_form      | padding
            ","signatures":[ | ","x":"y","signatures":[ | not_canonical | a member too many
            ","signatures":[ | ","signatures":[[     | not_json       | a bracket too many
            }]}             | }],"x":1}            | envelope_form    | a member behind the signatures
            }]}             | }]}}                 | not_json         | too much
            """)
    void an_envelope_that_is_spelled_otherwise_is_refused_for_what_comes_first(
            String part, String instead, String code, String title) {
        String good = Envelope.sign(Instructions.accept(), ANA).utf8().orElseThrow();
        String changed = good.replace(part, instead);

        assertThat(changed).as(title).isNotEqualTo(good);
        assertThat(Instructions.answer(Bytes.ofUtf8(changed), Instructions.records(ANA)))
                .as(title)
                .isEqualTo(code);
    }

    @Test
    void verified_carries_the_act_the_time_and_the_records_of_its_signers() {
        Signed signed = Instructions.signed(Envelope.sign(Instructions.enroll(ANA.key()), NORTH, ANA));

        Verification verification =
                signed.verify(Instructions.NOW, Instructions.records(NORTH), Instructions::noRecovery);

        assertThat(verification).isInstanceOfSatisfying(Verified.class, verified -> {
            assertThat(verified.act()).isInstanceOf(Act.Enroll.class);
            assertThat(verified.time()).isEqualTo(Instructions.NOW);
            assertThat(verified.instruction()).isEqualTo(signed.instruction());
            assertThat(verified.signers()).extracting(Verified.Signer::kid).isEqualTo(signed.kids());
            assertThat(verified.signers().get(0).record()).isEmpty();
            assertThat(verified.signers().get(1).record().orElseThrow().purposes())
                    .isEmpty();
        });
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is wrong                | the envelope, with P, H and S for good parts       | the answer
            not JSON                       | {                                                  | not_json {"at":1,"part":"envelope"}
            a byte order mark              | \uFEFF{"payload":"P","signatures":[]}              | not_json {"at":0,"part":"envelope"}
            too deep                       | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[          | too_deep {"limit":40}
            a name twice                   | {"payload":"P","payload":"P"}                      | duplicate_member {"at":15,"part":"envelope"}
            white space                    | {"payload": "P"}                                   | not_canonical {"at":11,"part":"envelope"}
            not an object                  | []                                                 | envelope_form {"at":""}
            no signatures                  | {"payload":"P","signatures":[]}                    | envelope_form {"at":"/signatures"}
            one more member                | {"header":{},"payload":"P","signatures":[]}        | envelope_form {"at":"/header"}
            an unprotected header          | {"payload":"P","signatures":[{"header":{},"protected":"H","signature":"S"}]} | envelope_form {"at":"/signatures/0/header"}
            payload not in base64url       | {"payload":"P=","signatures":[{"protected":"H","signature":"S"}]} | base64_form {"part":"payload"}
            header not in base64url        | {"payload":"P","signatures":[{"protected":"H+","signature":"S"}]} | base64_form {"part":"header"}
            signature not in base64url     | {"payload":"P","signatures":[{"protected":"H","signature":"S*"}]} | base64_form {"part":"signature"}
            signature too short            | {"payload":"P","signatures":[{"protected":"H","signature":"AAAA"}]} | signature_form {"index":0}
            """)
    void the_envelope_has_one_form(String what, String envelope, String answer) {
        Json.Obj good = (Json.Obj) parsed(Envelope.sign(Instructions.accept(), ANA));
        Json.Obj signature = (Json.Obj) good.items("signatures").getFirst();

        String spelled = envelope.replace("\"P", "\"" + good.text("payload"))
                .replace("\"H", "\"" + signature.text("protected"))
                .replace("\"S", "\"" + signature.text("signature"));

        assertThat(shown(Signed.read(Bytes.ofUtf8(spelled))))
                .as(what)
                .isEqualTo(answer.replace("15", "" + after(good)));
    }

    private static int after(Json.Obj good) {
        return 14 + good.text("payload").length();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # the header                                                                      | the answer
            {"alg":"Ed25519","kid":"KID","typ":"tallystick-instruction-1"                     | not_json {"at":LENGTH,"part":"header"}
            {"kid":"KID","alg":"Ed25519","typ":"tallystick-instruction-1"}                    | not_canonical {"at":2,"part":"header"}
            {"alg":"Ed25519","kid":"KID"}                                                     | envelope_form {"at":"/signatures/0/protected/typ"}
            {"alg":"Ed25519","crit":[],"kid":"KID","typ":"tallystick-instruction-1"}          | envelope_form {"at":"/signatures/0/protected/crit"}
            {"alg":"none","kid":"nobody","typ":"JWT"}                                         | type_unknown {"stated":"JWT"}
            {"alg":"none","kid":"nobody","typ":"tallystick-instruction-1"}                    | algorithm_unknown {"stated":"none"}
            {"alg":"ES256K","kid":"KID","typ":"tallystick-instruction-1"}                     | algorithm_unknown {"stated":"ES256K"}
            {"alg":"EdDSA","kid":"KID","typ":"tallystick-instruction-1"}                      | algorithm_unknown {"stated":"EdDSA"}
            {"alg":"Ed25519","kid":"nobody","typ":"tallystick-instruction-1"}                 | envelope_form {"at":"/signatures/0/protected/kid"}
            {"alg":"EIP712","kid":"KID","typ":"tallystick-instruction-1"}                     | signature_form {"index":0}
            """)
    void the_header_has_one_form(String header, String answer) {
        String text = header.replace("KID", ANA.key().kid(ANA.owner()).text());
        Bytes envelope = withHeader(Envelope.sign(Instructions.accept(), ANA), text);

        assertThat(shown(Signed.read(envelope))).isEqualTo(answer.replace("LENGTH", "" + text.length()));
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # member    | value                              | the answer
            instruction | -                                  | payload_form {"at":"/instruction"}
            instruction | "2"                                | version_unknown {"stated":"2"}
            instruction | 1                                  | version_unknown {}
            act         | -                                  | payload_form {"at":"/act"}
            act         | 7                                  | payload_form {"at":"/act"}
            act         | "dance"                            | act_unknown {"stated":"dance"}
            act         | "enroll"                           | payload_form {"at":"/agreement"}
            ledger      | "00"                               | payload_form {"at":"/ledger"}
            party       | "north"                            | payload_form {"at":"/party"}
            agreement   | -                                  | payload_form {"at":"/agreement"}
            agreement   | "north/ana"                        | payload_form {"at":"/agreement"}
            version     | -                                  | payload_form {"at":"/version"}
            id          | "01kgbz0000000000000000000a"       | payload_form {"at":"/id"}
            from        | "2026-02-30T00:00:00Z"             | payload_form {"at":"/from"}
            from        | "2026-03-01T12:00:60Z"             | payload_form {"at":"/from"}
            from        | "2026-03-01T12:00:00.0Z"           | payload_form {"at":"/from"}
            body        | -                                  | payload_form {"at":"/body"}
            body        | {"text":null}                      | payload_form {"at":"/body/text"}
            body        | {"a~/b":1}                         | payload_form {"at":"/body/a~0~1b"}
            salt        | "AAAAAAAAAAAAAAAAAAAAAB"           | payload_form {"at":"/salt"}
            more        | 1                                  | payload_form {"at":"/more"}
            until       | "2026-03-01T12:00:00Z"             | window_form {"at":"/until"}
            until       | "2026-03-08T12:00:01Z"             | window_form {"at":"/until"}
            from        | "2026-02-20T12:00:00Z"             | window_form {"at":"/until"}
            id          | "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"       | window_form {"at":"/id"}
            id          | "00000000000000000000000000"       | window_form {"at":"/id"}
            """)
    void the_payload_has_one_form(String member, String value, String answer) {
        TreeMap<String, Json> members =
                new TreeMap<>(Instructions.accept().toJson().members());
        if (value.equals("-")) {
            members.remove(member);
        } else {
            members.put(member, parsed(Bytes.ofUtf8(value)));
        }

        assertThat(shown(Signed.read(around(new Json.Obj(members).canonical()))))
                .isEqualTo(answer);
    }

    @Test
    void a_stated_text_is_cut_to_200_characters() {
        TreeMap<String, Json> members =
                new TreeMap<>(Instructions.accept().toJson().members());
        members.put("act", Json.text("\ud83d\ude80".repeat(300)));

        No no = no(Signed.read(around(new Json.Obj(members).canonical())));

        assertThat(no.values().text("stated")).isEqualTo("\ud83d\ude80".repeat(200));
    }

    @Test
    void each_size_has_a_limit() {
        Bytes envelope = Bytes.copyOf(new byte[Limits.ENVELOPE + 1]);
        Json.Obj large = padded(Instructions.accept(), Limits.PAYLOAD + 1);
        Json.Obj largest = padded(Instructions.accept(), Limits.LARGE_PAYLOAD + 1);

        assertThat(Limits.ENVELOPE).isEqualTo(374_101);
        assertThat(shown(Signed.read(envelope))).isEqualTo("too_large {\"limit\":374101,\"size\":374102}");
        assertThat(shown(Signed.read(around(large.canonical()))))
                .isEqualTo("too_large {\"limit\":16384,\"size\":16385}");
        assertThat(shown(Signed.read(around(largest.canonical()))))
                .isEqualTo("too_large {\"limit\":262144,\"size\":262145}");
        // One octet less is not too large, but still has a member too many.
        assertThat(shown(Signed.read(
                        around(padded(Instructions.accept(), Limits.PAYLOAD).canonical()))))
                .isEqualTo("payload_form {\"at\":\"/more\"}");
    }

    @Test
    void the_partys_signatures_come_first_then_the_others_by_kid() {
        Payload payload = Instructions.enroll(ANA.key());
        List<Signature> right = List.of(Instructions.signature(ANA, payload), Instructions.signature(NORTH, payload));

        assertThat(Envelope.sign(payload, NORTH, ANA)).isEqualTo(Envelope.sign(payload, ANA, NORTH));
        assertThat(shown(Signed.read(spelled(payload, right.reversed())))).isEqualTo("signature_order {\"index\":1}");
        assertThat(shown(Signed.read(spelled(payload, List.of(right.get(0), right.get(0))))))
                .isEqualTo("signature_order {\"index\":1}");
        assertThat(Signed.read(spelled(payload, right))).isInstanceOf(Signed.class);
    }

    @Test
    void one_signer_too_many_or_too_few_is_refused() {
        assertThat(answer(Envelope.sign(Instructions.accept(), ANA, BEN)))
                .isEqualTo("signers_wrong {\"need\":[\"north/ana\"]}");
        assertThat(answer(Envelope.sign(Instructions.accept(), BEN)))
                .isEqualTo("signers_wrong {\"need\":[\"north/ana\"]}");
        assertThat(answer(Envelope.sign(Instructions.enroll(ANA.key()), ANA)))
                .isEqualTo("signers_wrong {\"need\":[\"north/ana\",\"north\"]}");
        assertThat(answer(Envelope.sign(Instructions.enroll(BEN.key()), ANA, NORTH)))
                .isEqualTo("signers_wrong {\"need\":[\"north/ana\",\"north\"]}");
    }

    @Test
    void of_an_act_that_is_not_enforced_the_first_signature_is_checked() {
        Payload answer = new Payload(
                Instructions.LEDGER,
                ActKind.DISPUTE_ANSWER,
                Instructions.ANA,
                Instructions.id(3),
                Instructions.FROM,
                Instructions.UNTIL,
                Instructions.accept().scope(),
                Json.object().with("whatever", new Json.Null()).build());

        assertThat(answer(Envelope.sign(answer, ANA, BEN))).isEqualTo("verified");
        assertThat(answer(Envelope.sign(answer, BEN))).isEqualTo("signers_wrong {\"need\":[\"north/ana\"]}");
    }

    @Test
    void a_key_must_be_on_the_ledger_and_good_at_the_time() {
        Kid kid = ANA.key().kid(ANA.owner());
        KeyRecord good = KeyRecord.of(ANA.key().key(), Instructions.FROM, Purpose.ALL);
        String named = "\"kid\":\"" + kid + "\"";

        assertThat(answerWith(Optional.empty())).isEqualTo("key_unknown {" + named + "}");
        assertThat(answerWith(Optional.of(good))).isEqualTo("verified");
        assertThat(answerWith(Optional.of(good.revoked(Instructions.UNTIL, "lost"))))
                .isEqualTo("key_revoked {\"at\":\"2026-03-03T12:00:00Z\"," + named + "}");
        assertThat(answerWith(Optional.of(between(good, Instructions.FROM, Instructions.NOW))))
                .isEqualTo("key_expired {\"at\":\"2026-03-02T00:00:00Z\"," + named + "}");
        assertThat(answerWith(Optional.of(between(good, Instructions.UNTIL, LedgerTime.of("2027-01-01T00:00:00Z")))))
                .isEqualTo("key_not_yet_valid {\"from\":\"2026-03-03T12:00:00Z\"}");
        assertThat(answerWith(Optional.of(between(good, Instructions.NOW, Instructions.UNTIL))))
                .isEqualTo("verified");
    }

    @Test
    void the_algorithm_is_the_one_of_the_key() {
        Envelope.Hand ana = new Envelope.Hand(Instructions.ANA, NORTH.key());
        Kid kid = ana.key().kid(ana.owner());
        String header = "{\"alg\":\"Ed25519\",\"kid\":\"" + kid + "\",\"typ\":\"tallystick-instruction-1\"}";
        Signed signed = Instructions.signed(withHeader(Envelope.sign(Instructions.accept(), ana), header));

        Verification verification =
                signed.verify(Instructions.NOW, Instructions.records(ana), Instructions::noRecovery);

        assertThat(shown(verification)).isEqualTo("algorithm_wrong {\"kid\":\"" + kid + "\"}");
    }

    @Test
    void a_registrar_that_is_not_there_yet_is_waited_for() {
        Signed signed = Instructions.signed(Envelope.sign(Instructions.enroll(ANA.key()), ANA, NORTH));

        Verification verification = signed.verify(Instructions.NOW, kid -> Optional.empty(), Instructions::noRecovery);

        assertThat(verification).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.no().kind()).isEqualTo(No.Kind.WAITING);
            assertThat(answered.no().code().text()).isEqualTo("registrar_unknown");
        });
    }

    @Test
    void each_record_is_asked_for_once_and_none_for_a_new_key() {
        List<Kid> asked = new ArrayList<>();
        Signed signed = Instructions.signed(Envelope.sign(Instructions.enroll(ANA.key()), ANA, NORTH));

        Verification verification = signed.verify(
                Instructions.NOW,
                kid -> {
                    asked.add(kid);
                    return Instructions.records(NORTH).apply(kid);
                },
                Instructions::noRecovery);

        assertThat(verification).isInstanceOf(Verified.class);
        assertThat(asked).containsExactly(NORTH.key().kid(NORTH.owner()));
    }

    @Test
    void a_record_of_another_key_is_a_mistake_of_ours() {
        Signed signed = Instructions.signed(Envelope.sign(Instructions.accept(), ANA));
        KeyRecord other = KeyRecord.of(BEN.key().key(), Instructions.FROM, Purpose.ALL);

        assertThatIllegalStateException()
                .isThrownBy(() -> signed.verify(Instructions.NOW, kid -> Optional.of(other), Instructions::noRecovery));
    }

    @Test
    void a_new_key_that_anybody_can_sign_for_is_weak() {
        Key neutral = new Key.Ed25519(Bytes.ofHex("01" + "00".repeat(31)));
        Act act = new Act.Enroll(
                neutral, Purpose.ALL, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Payload payload = Payload.of(
                Instructions.LEDGER,
                Instructions.ANA,
                Instructions.id(4),
                Instructions.FROM,
                Instructions.UNTIL,
                Optional.empty(),
                act);
        Kid kid = neutral.kid(Instructions.ANA);
        Signature anybodys = new Signature(
                kid, Algorithm.ED25519, Envelope.header(Algorithm.ED25519, kid), Bytes.copyOf(new byte[64]));

        Bytes envelope = spelled(payload, List.of(anybodys, Instructions.signature(NORTH, payload)));

        assertThat(answer(envelope)).isEqualTo("key_weak {\"kid\":\"" + kid + "\"}");
    }

    @Test
    void the_second_signature_is_verified_as_the_first_is() {
        Payload payload = Instructions.enroll(ANA.key());
        Payload other = Instructions.enroll(BEN.key());
        List<Signature> mixed = List.of(Instructions.signature(ANA, payload), Instructions.signature(NORTH, other));

        assertThat(answer(spelled(payload, mixed))).isEqualTo("signature_wrong {\"index\":1}");
    }

    private static KeyRecord between(KeyRecord record, LedgerTime from, LedgerTime until) {
        return new KeyRecord(
                record.key(),
                record.at(),
                Optional.of(from),
                Optional.of(until),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                record.purposes(),
                Optional.empty(),
                Optional.empty());
    }

    private static String answerWith(Optional<KeyRecord> record) {
        Signed signed = Instructions.signed(Envelope.sign(Instructions.accept(), ANA));
        return shown(signed.verify(Instructions.NOW, kid -> record, Instructions::noRecovery));
    }

    private static String answer(Bytes envelope) {
        return switch (Signed.read(envelope)) {
            case Signed signed ->
                shown(signed.verify(Instructions.NOW, Instructions.records(ANA, BEN, NORTH), Instructions::noRecovery));
            case Answered answered -> shown((Read) answered);
        };
    }

    private static String shown(Verification verification) {
        return switch (verification) {
            case Verified _ -> "verified";
            case Answered(var no) -> shown(no);
        };
    }

    private static String shown(Read read) {
        return shown(no(read));
    }

    private static String shown(No no) {
        return no.code().text() + " " + no.values().canonical().utf8().orElseThrow();
    }

    private static No no(Read read) {
        return switch (read) {
            case Answered(var no) -> no;
            case Signed signed -> throw new AssertionError("well formed: " + signed.payload());
        };
    }

    /// An envelope of this payload, whose signature is of another.
    private static Bytes around(Bytes payload) {
        return Envelope.join(
                Bytes.ofUtf8(Base64Url.encode(payload)),
                Instructions.ANA,
                List.of(Instructions.signature(ANA, Instructions.accept())));
    }

    private static Json.Obj padded(Payload payload, int size) {
        TreeMap<String, Json> members = new TreeMap<>(payload.toJson().members());
        members.put("more", Json.text(""));
        int missing = size - new Json.Obj(members).canonical().size();
        members.put("more", Json.text("x".repeat(missing)));
        return new Json.Obj(members);
    }

    /// In the order given, be it right or wrong.
    private static Bytes spelled(Payload payload, List<Signature> signatures) {
        return Json.object()
                .with("payload", Base64Url.encode(payload.bytes()))
                .with(
                        "signatures",
                        Json.array(signatures.stream()
                                .map(one -> Json.object()
                                        .with("protected", one.header().utf8().orElseThrow())
                                        .with("signature", Base64Url.encode(one.octets()))
                                        .build())
                                .toList()))
                .build()
                .canonical();
    }

    private static Bytes withHeader(Bytes envelope, String header) {
        Json.Obj good = (Json.Obj) parsed(envelope);
        Json.Obj signature = (Json.Obj) good.items("signatures").getFirst();
        return Bytes.ofUtf8(envelope.utf8()
                .orElseThrow()
                .replace(signature.text("protected"), Base64Url.encode(Bytes.ofUtf8(header))));
    }

    private static Json parsed(Bytes text) {
        return switch (JsonReader.read(text, JsonReader.Profile.SIGNED)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new AssertionError(text + ": " + fault);
        };
    }
}
