package org.tallystick.agreement.signing;

import java.util.Comparator;
import java.util.List;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// Makes the envelope around a payload: JWS general serialization in its one spelling (`instruction-1` section 3).
public final class Envelope {

    /// A private key, wherever it is, and for whom it signs.
    public record Hand(Owner owner, Signer key) {}

    private Envelope() {}

    /// The payload signed by each of these, in the order the format asks for.
    public static Bytes sign(Payload payload, Hand... hands) {
        return sign(payload, List.of(hands));
    }

    public static Bytes sign(Payload payload, List<Hand> hands) {
        Bytes bytes = payload.bytes();
        Bytes text = Bytes.ofUtf8(Base64Url.encode(bytes));
        List<Signature> signatures = hands.stream()
                .map(hand -> signature(payload, bytes, text, hand))
                .toList();
        return join(text, payload.party(), signatures);
    }

    private static Signature signature(Payload payload, Bytes bytes, Bytes text, Hand hand) {
        Key key = hand.key().key();
        SigningInput input = new SigningInput(payload, bytes, text, key.kid(hand.owner()), key.algorithm());
        return input.with(hand.key().sign(input));
    }

    /// The payload with signatures made apart, in the order the format asks for.
    ///
    /// @param payloadText in base64url, as it was signed
    static Bytes join(Bytes payloadText, Owner party, List<Signature> signatures) {
        if (signatures.size() > Limits.SIGNATURES) {
            throw new IllegalArgumentException("an envelope with " + signatures.size() + " signatures");
        }
        List<Json> ordered =
                ordered(party, signatures).stream().map(Envelope::toJson).toList();
        return spelled(payloadText, ordered);
    }

    /// The signatures of the payload's party first, then in byte order of the `kid`.
    static List<Signature> ordered(Owner party, List<Signature> signatures) {
        Comparator<Signature> partyFirst =
                Comparator.comparing(one -> !one.kid().owner().equals(party));
        return signatures.stream()
                .sorted(partyFirst.thenComparing(Signature::kid))
                .toList();
    }

    /// The protected header in base64url, as octets: what is sent and what is signed.
    static Bytes header(Algorithm algorithm, Kid kid) {
        Bytes header = Json.object()
                .with("alg", algorithm.text())
                .with("kid", kid.text())
                .with("typ", EnvelopeReader.TYPE)
                .build()
                .canonical();
        return Bytes.ofUtf8(Base64Url.encode(header));
    }

    private static Bytes spelled(Bytes payloadText, List<Json> signatures) {
        return Json.object()
                .with("payload", payloadText.utf8().orElseThrow())
                .with("signatures", Json.array(signatures))
                .build()
                .canonical();
    }

    private static Json toJson(Signature signature) {
        return Json.object()
                .with("protected", signature.header().utf8().orElseThrow())
                .with("signature", Base64Url.encode(signature.octets()))
                .build();
    }
}
