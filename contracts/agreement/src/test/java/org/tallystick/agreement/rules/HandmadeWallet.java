package org.tallystick.agreement.rules;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SigningKey;

/// A wallet written from `docs/spec/instruction-1.md` section 7 and EIP-712 alone: it shares no code with ours.
final class HandmadeWallet {

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger ORDER = CURVE.getN();
    private static final BigInteger NONCE = BigInteger.valueOf(7);

    private final BigInteger secret;

    HandmadeWallet(BigInteger secret) {
        this.secret = secret;
    }

    SigningKey key() {
        return SigningKey.ofSecret(Algorithm.EIP712, word(secret)).orElseThrow();
    }

    /// What the wallet shows and signs, by name; bytes in hexadecimal.
    static Map<String, String> typed(Payload payload) {
        TreeMap<String, String> typed = new TreeMap<>();
        typed.put("name", "Tallystick");
        typed.put("version", "1");
        typed.put("salt", payload.ledger().hex());
        typed.put("act", payload.kind().text());
        typed.put(
                "agreement",
                payload.scope().map(scope -> scope.agreement().text()).orElse(""));
        typed.put("party", payload.party().text());
        typed.put("id", payload.id().text());
        typed.put("from", payload.from().text());
        typed.put("until", payload.until().text());
        typed.put(
                "summary",
                payload.body().members().entrySet().stream()
                        .map(member -> member.getKey() + "=" + shown(member.getValue()))
                        .collect(Collectors.joining("; ")));
        typed.put("payload", Hash.of(payload.bytes()).hex());
        return typed;
    }

    private static String shown(Json value) {
        return switch (value) {
            case Json.Text(var text) -> text;
            case Json.Whole(var number) -> Long.toString(number);
            case Json.Arr(var items) -> "[" + items.size() + "]";
            default -> throw new IllegalArgumentException("not shown by hand: " + value);
        };
    }

    Bytes sign(Map<String, String> typed) {
        return signature(digest(typed), secret);
    }

    /// A signature from which the point at infinity is recovered; no secret is needed for it.
    static Bytes infinity(Map<String, String> typed) {
        return signature(digest(typed), BigInteger.ZERO);
    }

    private static Bytes signature(BigInteger digest, BigInteger secret) {
        ECPoint point = CURVE.getG().multiply(NONCE).normalize();
        BigInteger r = point.getAffineXCoord().toBigInteger();
        BigInteger s =
                digest.add(r.multiply(secret)).multiply(NONCE.modInverse(ORDER)).mod(ORDER);
        boolean high = s.compareTo(ORDER.shiftRight(1)) > 0;
        boolean odd = point.getAffineYCoord().testBitZero() != high;
        return Bytes.concat(
                word(r), word(high ? ORDER.subtract(s) : s), Bytes.copyOf(new byte[] {(byte) (odd ? 28 : 27)}));
    }

    private static BigInteger digest(Map<String, String> typed) {
        Bytes domain = keccak(
                keccak(Bytes.ofUtf8("EIP712Domain(string name,string version,bytes32 salt)")),
                text(typed, "name"),
                text(typed, "version"),
                octets(typed, "salt"));
        Bytes struct = keccak(
                keccak(Bytes.ofUtf8("Instruction(string act,string agreement,string party,string id,string from,"
                        + "string until,string summary,bytes32 payload)")),
                text(typed, "act"),
                text(typed, "agreement"),
                text(typed, "party"),
                text(typed, "id"),
                text(typed, "from"),
                text(typed, "until"),
                text(typed, "summary"),
                octets(typed, "payload"));
        return new BigInteger(1, keccak(Bytes.ofHex("1901"), domain, struct).toArray());
    }

    private static Bytes text(Map<String, String> typed, String name) {
        return keccak(Bytes.ofUtf8(typed.getOrDefault(name, "")));
    }

    private static Bytes octets(Map<String, String> typed, String name) {
        return Bytes.ofHex(typed.getOrDefault(name, ""));
    }

    private static Bytes word(BigInteger number) {
        return Bytes.copyOf(BigIntegers.asUnsignedByteArray(32, number));
    }

    private static Bytes keccak(Bytes... parts) {
        KeccakDigest digest = new KeccakDigest(256);
        for (Bytes part : parts) {
            digest.update(part.toArray(), 0, part.size());
        }
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return Bytes.copyOf(out);
    }
}
