package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

final class Eip712Test {

    /// ethers gives the encoding of each struct and its digest; the domain and the rest are computed here.
    @Test
    void the_130_digests_of_ethers_are_made_by_the_same_hash_over_the_same_layout() {
        List<Json> cases = ethers();

        for (Json item : cases) {
            Json.Obj vector = (Json.Obj) item;
            Bytes struct = Secp256k1.keccak256(hex(vector.text("encoded")));

            assertThat(Eip712.digest(domain(vector.object("domain")), struct))
                    .as(vector.text("name"))
                    .isEqualTo(hex(vector.text("digest")));
        }

        assertThat(cases).hasSize(130);
    }

    @Test
    void flat_structs_of_strings_and_words_are_encoded_as_ethers_does() {
        int compared = 0;

        for (Json item : ethers()) {
            Json.Obj vector = (Json.Obj) item;
            String type = vector.text("primaryType");
            List<Json.Obj> members = vector.object("types").items(type).stream()
                    .map(member -> (Json.Obj) member)
                    .toList();
            if (members.stream().allMatch(member -> List.of("string", "bytes32").contains(member.text("type")))) {
                String declared = members.stream()
                        .map(member -> member.text("type") + " " + member.text("name"))
                        .collect(Collectors.joining(",", type + "(", ")"));
                List<Bytes> words = new ArrayList<>(List.of(Eip712.word(declared)));
                for (Json.Obj member : members) {
                    String value = vector.object("data").text(member.text("name"));
                    words.add(member.text("type").equals("string") ? Eip712.word(value) : hex(value));
                }

                assertThat(Bytes.concat(words.toArray(new Bytes[0]))).isEqualTo(hex(vector.text("encoded")));
                compared++;
            }
        }

        assertThat(compared).isPositive();
    }

    @Test
    void the_signature_of_ethers_is_recovered_to_its_address() {
        Json.Obj vector = ethers().stream()
                .map(item -> (Json.Obj) item)
                .filter(one -> one.has("signature"))
                .findFirst()
                .orElseThrow();
        BigInteger secret = new BigInteger(1, hex(vector.text("privateKey")).toArray());

        Optional<String> address = Secp256k1.recover(hex(vector.text("digest")), hex(vector.text("signature")));

        assertThat(address).contains(Secp256k1.address(secret));
        assertThat(Secp256k1.sign(secret, hex(vector.text("digest")))).isEqualTo(hex(vector.text("signature")));
    }

    /// A wallet hashes the JSON that it is given by its own means; here those that agree with ethers above.
    @Test
    void what_a_wallet_is_shown_has_the_hash_that_the_ledger_verifies() {
        for (Payload payload :
                List.of(Instructions.accept(), Instructions.enroll(Instructions.key(Algorithm.EIP712, 3)))) {
            Hash instruction = Hash.of(payload.bytes());
            Json.Obj typed = Eip712.typedData(payload, instruction);
            Json.Obj message = typed.object("message");

            assertThat(Eip712.digest(domain(typed.object("domain")), struct(typed, message)))
                    .isEqualTo(Eip712.digest(payload, instruction));
            assertThat(types(typed, "EIP712Domain")).containsExactly("string name", "string version", "bytes32 salt");
            assertThat(message.text("summary")).isEqualTo(Eip712.summary(payload.body()));
        }
    }

    private static List<String> types(Json.Obj typed, String type) {
        return typed.object("types").items(type).stream()
                .map(member -> (Json.Obj) member)
                .map(member -> member.text("type") + " " + member.text("name"))
                .toList();
    }

    private static Bytes struct(Json.Obj typed, Json.Obj message) {
        List<String> types = types(typed, typed.text("primaryType"));
        List<Bytes> words = new ArrayList<>();
        words.add(Eip712.word(typed.text("primaryType") + "(" + String.join(",", types) + ")"));
        for (String member : types) {
            String value = message.text(member.substring(member.indexOf(' ') + 1));
            words.add(member.startsWith("string ") ? Eip712.word(value) : hex(value));
        }
        return Secp256k1.keccak256(words.toArray(new Bytes[0]));
    }

    @ParameterizedTest(name = "keccak256(\"{0}\")")
    @CsvSource({
        "'',c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        "abc,4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    })
    void keccak_is_the_one_before_sha3(String text, String hash) {
        assertThat(Secp256k1.keccak256(Bytes.ofUtf8(text))).isEqualTo(Bytes.ofHex(hash));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                               | ``
            {"period":"2026-01"}                             | period=2026-01
            {"count":3,"held":0,"last":3,"period":"2026-01","source":"sales","totals":[1,2]} | count=3; held=0; last=3; period=2026-01; source=sales; totals=[2]
            {"a":true,"b":false,"c":-7}                      | a=true; b=false; c=-7
            {"document":{}}                                  | document={44136fa355b3678a}
            """)
    void the_summary_is_derived_from_the_body(String body, String summary) {
        assertThat(Eip712.summary(object(body))).isEqualTo(summary);
    }

    @Test
    void the_summary_is_cut_to_300_characters_and_none_in_half() {
        Json.Obj body =
                Json.object().with("text", "x" + "\ud83d\ude80".repeat(400)).build();

        String summary = Eip712.summary(body);

        assertThat(summary).isEqualTo("text=x" + "\ud83d\ude80".repeat(294));
        assertThat(summary.codePointCount(0, summary.length())).isEqualTo(300);
    }

    @Test
    void the_address_zero_is_weak() {
        assertThat(Eip712.weak(new Key.Wallet("0x" + "0".repeat(40)))).isTrue();
        assertThat(Eip712.weak(new Key.Wallet("0x" + "0".repeat(39) + "1"))).isFalse();
    }

    private static Bytes domain(Json.Obj domain) {
        List<String> types = new ArrayList<>();
        List<Bytes> words = new ArrayList<>();
        domain.findText("name").ifPresent(name -> {
            types.add("string name");
            words.add(Eip712.word(name));
        });
        domain.findText("version").ifPresent(version -> {
            types.add("string version");
            words.add(Eip712.word(version));
        });
        domain.find("chainId").ifPresent(chain -> {
            types.add("uint256 chainId");
            words.add(number(chain));
        });
        domain.findText("verifyingContract").ifPresent(contract -> {
            types.add("address verifyingContract");
            words.add(Bytes.concat(Bytes.copyOf(new byte[12]), hex(contract)));
        });
        domain.findText("salt").ifPresent(salt -> {
            types.add("bytes32 salt");
            words.add(hex(salt));
        });
        words.addFirst(Eip712.word("EIP712Domain(" + String.join(",", types) + ")"));
        return Secp256k1.keccak256(words.toArray(new Bytes[0]));
    }

    private static Bytes number(Json chain) {
        BigInteger number = switch (chain) {
            case Json.Whole(var whole) -> BigInteger.valueOf(whole);
            case Json.Text(var text) ->
                text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
            default -> throw new IllegalArgumentException("chain " + chain);
        };
        return Bytes.ofHex(String.format("%064x", number));
    }

    private static List<Json> ethers() {
        return ((Json.Arr)
                        SharedVectors.parsed(SharedVectors.path("vectors/eip712-ethers/testcases/typed-data.json.gz")))
                .items();
    }

    private static Json.Obj object(String text) {
        return switch (JsonReader.readCanonical(Bytes.ofUtf8(text))) {
            case JsonReader.Value(Json.Obj json) -> json;
            case JsonReader.Reading other -> throw new IllegalArgumentException(text + ": " + other);
        };
    }

    private static Bytes hex(String text) {
        return Bytes.ofHex(text.substring(2));
    }
}
