package org.tallystick.agreement.signing;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;

/// Makes the envelope around a payload: JWS general serialization in its one spelling (`instruction-1` section 3).
public final class Envelope {

    /// A private key and for whom it signs.
    public record Hand(Owner owner, SigningKey key) {}

    private Envelope() {}

    /// The payload signed by each of these, in the order the format asks for.
    public static Bytes sign(Payload payload, Hand... hands) {
        return sign(payload, List.of(hands));
    }

    public static Bytes sign(Payload payload, List<Hand> hands) {
        Bytes bytes = payload.bytes();
        return join(
                bytes,
                payload.party(),
                hands.stream()
                        .map(hand -> hand.key().sign(hand.owner(), payload, bytes))
                        .toList());
    }

    /// The payload with signatures made apart, each by [#sign]ing the same payload alone or by the owner's own program.
    static Bytes join(Bytes payload, Owner party, List<Signature> signatures) {
        if (signatures.isEmpty() || signatures.size() > Limits.SIGNATURES) {
            throw new IllegalArgumentException("an envelope with " + signatures.size() + " signatures");
        }
        Comparator<Signature> partyFirst =
                Comparator.comparing(one -> !one.kid().owner().equals(party));
        Stream<Json> ordered = signatures.stream()
                .sorted(partyFirst.thenComparing(Signature::kid))
                .map(Envelope::toJson);
        return spelled(payload, ordered.toList());
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

    private static Bytes spelled(Bytes payload, List<Json> signatures) {
        return Json.object()
                .with("payload", Base64Url.encode(payload))
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
