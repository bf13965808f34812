package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.Json;

/// ECDSA on P-256 and on the wallets' curve against published vectors.
final class Es256VectorsTest {

    private static final String SECRET = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";

    @Test
    void wycheproof_agrees_but_for_the_good_signatures_whose_s_is_the_larger_one() {
        Json.Obj file = vectors("ecdsa_secp256r1_sha256_p1363_test.json");
        Map<String, Integer> counted = new TreeMap<>();

        for (Json item : file.items("testGroups")) {
            Json.Obj group = (Json.Obj) item;
            Key.P256 key = (Key.P256) p256(group.object("publicKey").text("uncompressed"));
            assertThat(Es256.weak(key)).isFalse();
            for (Json test : group.items("tests")) {
                Json.Obj vector = (Json.Obj) test;
                Bytes signature = Bytes.ofHex(vector.text("sig"));
                Optional<Code> fault = SignatureForm.fault(Algorithm.ES256, signature);
                boolean verified = fault.isEmpty() && Es256.verify(key, Bytes.ofHex(vector.text("msg")), signature);

                boolean high = fault.equals(Optional.of(Code.SIGNATURE_HIGH_S));
                assertThat(verified)
                        .as("test %s: %s", vector.get("tcId"), vector.text("comment"))
                        .isEqualTo(vector.text("result").equals("valid") && !high);
                counted.merge(vector.text("result") + (high ? ", high s" : ""), 1, Integer::sum);
            }
        }

        assertThat(counted).hasToString("{invalid=80, invalid, high s=9, valid=103, valid, high s=70}");
    }

    @Test
    void the_address_of_a_wallet_is_recovered_from_good_signatures_only() {
        Json.Obj file = vectors("ecdsa_secp256k1_sha256_p1363_test.json");
        Map<String, Integer> counted = new TreeMap<>();

        for (Json item : file.items("testGroups")) {
            Json.Obj group = (Json.Obj) item;
            Bytes point = Bytes.ofHex(group.object("publicKey").text("uncompressed"));
            String address =
                    "0x" + Secp256k1.keccak256(point.slice(1, 65)).slice(12, 32).toHex();
            for (Json test : group.items("tests")) {
                Json.Obj vector = (Json.Obj) test;
                Bytes digest = Hash.sha256(Bytes.ofHex(vector.text("msg")));
                Bytes signature = Bytes.ofHex(vector.text("sig"));
                boolean high = false;
                boolean recovered = false;
                for (String v : new String[] {"1b", "1c"}) {
                    Bytes whole = Bytes.concat(signature, Bytes.ofHex(v));
                    Optional<Code> fault = SignatureForm.fault(Algorithm.EIP712, whole);
                    high |= fault.equals(Optional.of(Code.SIGNATURE_HIGH_S));
                    recovered |=
                            fault.isEmpty() && Secp256k1.recover(digest, whole).equals(Optional.of(address));
                }

                String outcome = vector.text("result") + (high ? ", high s" : "") + (recovered ? ", recovered" : "");
                counted.merge(outcome, 1, Integer::sum);
            }
        }

        assertThat(counted).hasToString("{invalid=77, invalid, high s=8, valid, high s=72, valid, recovered=95}");
    }

    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource({
        "sample,EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        "test,F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
        // CCTV: the first candidate for the nonce is above the order.
        "wv[vnX,EFD9073B652E76DA1B5A019C0E4A2E3FA529B035A6ABB91EF67F0ED7A1F21234,3DB4706C9D9F4A4FE13BB5E08EF0FAB53A57DBAB2061C83A35FA411C68D2BA33"
    })
    void the_nonce_is_that_of_rfc_6979_and_s_the_smaller_one(String message, String r, String s) {
        BigInteger large = new BigInteger(s, 16);
        BigInteger small = large.min(Es256.ORDER.subtract(large));

        Bytes signature = Es256.sign(new BigInteger(SECRET, 16), Es256.DOMAIN, Hash.sha256(Bytes.ofUtf8(message)));

        assertThat(signature.slice(0, 32)).isEqualTo(Bytes.ofHex(r));
        assertThat(SignatureForm.number(signature, 32)).isEqualTo(small);
        assertThat(Es256.verify(Es256.publicKey(new BigInteger(SECRET, 16)), Bytes.ofUtf8(message), signature))
                .isTrue();
    }

    @ParameterizedTest(name = "x {0}, y {1}")
    @CsvSource(textBlock = """
            # not on the curve; zero; not below the field's characteristic
            60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6,7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D446229A
            0000000000000000000000000000000000000000000000000000000000000000,0000000000000000000000000000000000000000000000000000000000000000
            FFFFFFFF00000001000000000000000000000001000000000000000000000000,66485C780E2F83D72433BD5D84A06BB6541C2AF31DAE871728BF856A174F93F4
            """)
    void a_point_that_is_none_of_the_curve_is_weak(String x, String y) {
        assertThat(Es256.weak(new Key.P256(Bytes.ofHex(x), Bytes.ofHex(y)))).isTrue();
    }

    private static Key p256(String uncompressed) {
        Bytes point = Bytes.ofHex(uncompressed);
        return new Key.P256(point.slice(1, 33), point.slice(33, 65));
    }

    private static Json.Obj vectors(String name) {
        return SharedVectors.json(SharedVectors.path("vectors/wycheproof/testvectors_v1/" + name));
    }
}
