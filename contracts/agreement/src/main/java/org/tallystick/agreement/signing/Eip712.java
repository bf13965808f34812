package org.tallystick.agreement.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// What a wallet signs: one flat struct for all acts (`instruction-1` section 7).
final class Eip712 {

    private static final Bytes PREFIX = Bytes.ofHex("1901");
    private static final Bytes DOMAIN_TYPE = word("EIP712Domain(string name,string version,bytes32 salt)");
    private static final Bytes NAME = word("Tallystick");
    private static final Bytes VERSION = word("1");
    private static final Bytes TYPE = word("Instruction(string act,string agreement,string party,string id,"
            + "string from,string until,string summary,bytes32 payload)");

    private static final int DIGITS = 16;

    private Eip712() {}

    static boolean verify(Key.Wallet key, Payload payload, Hash instruction, Bytes signature) {
        return Secp256k1.recover(digest(payload, instruction), signature)
                .filter(key.address()::equals)
                .isPresent();
    }

    static boolean weak(Key.Wallet key) {
        return key.address().equals("0x" + "0".repeat(40));
    }

    static Bytes digest(Payload payload, Hash instruction) {
        Bytes domain =
                Secp256k1.keccak256(DOMAIN_TYPE, NAME, VERSION, payload.ledger().bytes());
        Bytes struct = Secp256k1.keccak256(
                TYPE,
                word(payload.kind().text()),
                word(agreement(payload)),
                word(payload.party().text()),
                word(payload.id().text()),
                word(payload.from().text()),
                word(payload.until().text()),
                word(summary(payload.body())),
                instruction.bytes());
        return digest(domain, struct);
    }

    /// The same struct as wallets are asked for it: `eth_signTypedData_v4`.
    static Json.Obj typedData(Payload payload, Hash instruction) {
        return Json.object()
                .with(
                        "domain",
                        Json.object()
                                .with("name", "Tallystick")
                                .with("salt", "0x" + payload.ledger().hex())
                                .with("version", "1")
                                .build())
                .with(
                        "message",
                        Json.object()
                                .with("act", payload.kind().text())
                                .with("agreement", agreement(payload))
                                .with("from", payload.from().text())
                                .with("id", payload.id().text())
                                .with("party", payload.party().text())
                                .with("payload", "0x" + instruction.hex())
                                .with("summary", summary(payload.body()))
                                .with("until", payload.until().text())
                                .build())
                .with("primaryType", "Instruction")
                .with(
                        "types",
                        Json.object()
                                .with("EIP712Domain", members("name string", "version string", "salt bytes32"))
                                .with(
                                        "Instruction",
                                        members(
                                                "act string",
                                                "agreement string",
                                                "party string",
                                                "id string",
                                                "from string",
                                                "until string",
                                                "summary string",
                                                "payload bytes32"))
                                .build())
                .build();
    }

    private static Json members(String... namesAndTypes) {
        List<Json> members = new ArrayList<>();
        for (String member : namesAndTypes) {
            int space = member.indexOf(' ');
            members.add(Json.object()
                    .with("name", member.substring(0, space))
                    .with("type", member.substring(space + 1))
                    .build());
        }
        return Json.array(members);
    }

    private static String agreement(Payload payload) {
        return payload.scope().map(scope -> scope.agreement().text()).orElse("");
    }

    static Bytes digest(Bytes domain, Bytes struct) {
        return Secp256k1.keccak256(PREFIX, domain, struct);
    }

    /// The body in one line. It is derived, so it has no wording that members would have to agree on.
    static String summary(Json.Obj body) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Json> member : body.members().entrySet()) {
            parts.add(member.getKey() + "=" + shown(member.getValue()));
        }
        return Texts.cut(String.join("; ", parts), Limits.SUMMARY);
    }

    private static String shown(Json value) {
        return switch (value) {
            case Json.Text(var text) -> text;
            case Json.Whole(var number) -> Long.toString(number);
            case Json.Bool(var truth) -> Boolean.toString(truth);
            case Json.Arr(var items) -> "[" + items.size() + "]";
            case Json.Obj _, Json.Null _ ->
                "{" + Hash.of(value.canonical()).hex().substring(0, DIGITS) + "}";
            case Json.Inexact(var spelling) -> throw new IllegalArgumentException("not a signed number: " + spelling);
        };
    }

    /// A text as it stands in a struct: by its hash.
    static Bytes word(String text) {
        return Secp256k1.keccak256(Bytes.ofUtf8(text));
    }
}
