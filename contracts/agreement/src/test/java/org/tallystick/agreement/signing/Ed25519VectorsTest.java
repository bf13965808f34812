package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.Json;

/// The rule for Ed25519 against published vectors. It is that of ed25519-dalek's `verify_strict`.
final class Ed25519VectorsTest {

    /// A part of small order that cancels does no harm; anything else these vectors try is refused.
    private static final Set<String> HARMLESS = Set.of("low_order_component_A", "low_order_component_R");

    @Test
    void of_the_914_edge_cases_of_cctv_those_pass_that_the_strict_rule_lets_pass() {
        List<Json> cases = ((Json.Arr)
                        SharedVectors.parsed(SharedVectors.path("vectors/cctv/ed25519/ed25519vectors.json")))
                .items();
        int good = 0;

        for (Json one : cases) {
            Json.Obj vector = (Json.Obj) one;
            boolean harmless = !(vector.get("flags") instanceof Json.Arr(var flags))
                    || flags.stream().allMatch(flag -> HARMLESS.contains(((Json.Text) flag).value()));
            boolean verified = verifies(hex(vector, "key"), Bytes.ofUtf8(vector.text("msg")), hex(vector, "sig"));

            assertThat(verified).as("vector %s", vector.get("number")).isEqualTo(harmless);
            good += verified ? 1 : 0;
        }

        assertThat(cases).hasSize(914);
        assertThat(good).isEqualTo(43);
    }

    @Test
    void wycheproof_agrees_on_every_case() {
        Json.Obj file = SharedVectors.json(SharedVectors.path("vectors/wycheproof/testvectors_v1/ed25519_test.json"));
        var counted = new TreeMap<String, Integer>();

        for (Json item : file.items("testGroups")) {
            Json.Obj group = (Json.Obj) item;
            Bytes key = hex(group.object("publicKey"), "pk");
            for (Json test : group.items("tests")) {
                Json.Obj vector = (Json.Obj) test;
                Bytes signature = hex(vector, "sig");
                boolean verified = signature.size() == 64 && verifies(key, hex(vector, "msg"), signature);

                assertThat(verified ? "valid" : "invalid")
                        .as("test %s: %s", vector.get("tcId"), vector.text("comment"))
                        .isEqualTo(vector.text("result"));
                counted.merge(vector.text("result"), 1, Integer::sum);
            }
        }

        assertThat(counted).hasToString("{invalid=63, valid=88}");
    }

    private static boolean verifies(Bytes key, Bytes message, Bytes signature) {
        return StrictEd25519.verify(new Key.Ed25519(key), message, signature);
    }

    private static Bytes hex(Json.Obj object, String member) {
        return Bytes.ofHex(object.text(member));
    }
}
