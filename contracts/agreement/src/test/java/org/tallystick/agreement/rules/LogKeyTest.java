package org.tallystick.agreement.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

/// Members' keys of the log.
final class LogKeyTest {

    private final Story story = Story.withParties();
    private final String origin = "tallystick/" + story.ledger.json("net").text("ledger");

    private static VerifierKey key(String name, VerifierKey.Type type, long seed) {
        byte[] octets = new byte[32];
        new Random(seed).nextBytes(octets);
        SeedKey made = SeedKey.ofSeed(type.kind(), Bytes.copyOf(octets)).orElseThrow();
        return new VerifierKey(name, type, made.publicKey());
    }

    private String registers(String member, String role, String vkey) {
        return registers(member, role, vkey, Optional.empty());
    }

    private String registers(String member, String role, String vkey, Optional<LedgerTime> until) {
        return story.told(story.sign(story.registry(new MemberId(member), new Act.LogKey(role, vkey, until)), member));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "log, ED25519, ",
        "witness, ED25519_COSIGNATURE, north/witness",
        "witness, ML_DSA_44_COSIGNATURE, north/witness",
        "head, ED25519, north/head",
        "receipt, ED25519, north/receipt"
    })
    void a_member_registers_a_key_of_each_kind(String role, VerifierKey.Type type, String name) {
        VerifierKey key = key(name == null ? origin : name, type, 1);

        assertThat(registers("north", role, key.text())).isEqualTo("applied");
        Json.Obj kept =
                (Json.Obj) story.ledger.json("log/north/" + role).items("vkeys").getFirst();
        assertThat(kept.text("vkey")).isEqualTo(key.text());
        assertThat(kept.has("until")).isFalse();
        assertThat(story.ledger.json("kid/" + key.thumb()).text("owner")).isEqualTo("north");
    }

    @Test
    void the_next_key_of_a_kind_ends_the_one_before() {
        VerifierKey first = key("north/head", VerifierKey.Type.ED25519, 1);
        VerifierKey second = key("north/head", VerifierKey.Type.ED25519, 2);
        LedgerTime until = LedgerTime.of("2026-03-01T00:00:00Z");

        assertThat(registers("north", "head", first.text(), Optional.of(until))).isEqualTo("applied");
        story.moveTo("2025-12-24T10:00:00Z");
        assertThat(registers("north", "head", second.text())).isEqualTo("applied");

        var keys = story.ledger.json("log/north/head").items("vkeys");
        assertThat(((Json.Obj) keys.get(0)).text("until")).isEqualTo("2025-12-24T10:00:00Z");
        assertThat(((Json.Obj) keys.get(1)).text("vkey")).isEqualTo(second.text());
    }

    @Test
    void what_a_key_of_the_log_must_not_be_is_refused() {
        VerifierKey good = key("north/head", VerifierKey.Type.ED25519, 1);
        String weak = "A".repeat(43) + "=";

        assertThat(registers(
                        "north",
                        "head",
                        key("east/head", VerifierKey.Type.ED25519, 1).text()))
                .isEqualTo("vkey_form");
        assertThat(registers(
                        "north",
                        "head",
                        key("north/witness", VerifierKey.Type.ED25519, 1).text()))
                .isEqualTo("vkey_form");
        assertThat(registers("north", "log", good.text())).isEqualTo("vkey_form");
        assertThat(registers(
                        "north",
                        "log",
                        key("tallystick/" + "0".repeat(64), VerifierKey.Type.ED25519, 1)
                                .text()))
                .isEqualTo("vkey_form");
        assertThat(registers(
                        "north",
                        "witness",
                        key("north/witness", VerifierKey.Type.ED25519, 1).text()))
                .isEqualTo("vkey_form");
        assertThat(registers(
                        "north",
                        "head",
                        key("north/head", VerifierKey.Type.ED25519_COSIGNATURE, 1)
                                .text()))
                .isEqualTo("vkey_form");
        assertThat(registers(
                        "north", "head", good.text().replace("+" + good.id().toHex(), "+00000000")))
                .isEqualTo("vkey_form");
        assertThat(registers("north", "head", "north/head+00000000+" + weak)).isEqualTo("vkey_form");
        assertThat(story.ledger.state).doesNotContainKey("log/north/head");
    }

    @Test
    void a_key_is_registered_once_whoever_has_it_and_for_whatever() {
        VerifierKey head = key("north/head", VerifierKey.Type.ED25519, 1);
        VerifierKey other = key("east/head", VerifierKey.Type.ED25519, 1);
        VerifierKey witness = key("north/witness", VerifierKey.Type.ED25519_COSIGNATURE, 1);

        assertThat(registers("north", "head", head.text())).isEqualTo("applied");
        assertThat(registers("north", "head", head.text())).isEqualTo("key_known");
        assertThat(registers("east", "head", other.text())).isEqualTo("key_known");
        assertThat(registers("north", "witness", witness.text())).isEqualTo("key_known");
    }

    @Test
    void only_a_registrar_of_the_member_registers() {
        Act act = new Act.LogKey(
                "head", key("north/head", VerifierKey.Type.ED25519, 1).text(), Optional.empty());

        assertThat(story.told(story.sign(story.registry(new MemberId("north"), act), "east")))
                .isEqualTo("signers_wrong");
    }

    @Test
    void no_more_than_sixteen_are_kept_of_a_kind() {
        for (int n = 0; n < 18; n++) {
            assertThat(registers(
                            "north",
                            "head",
                            key("north/head", VerifierKey.Type.ED25519, n).text()))
                    .isEqualTo("applied");
        }

        var keys = story.ledger.json("log/north/head").items("vkeys");
        assertThat(keys).hasSize(16);
        assertThat(((Json.Obj) keys.getLast()).text("vkey"))
                .isEqualTo(key("north/head", VerifierKey.Type.ED25519, 17).text());
    }
}
