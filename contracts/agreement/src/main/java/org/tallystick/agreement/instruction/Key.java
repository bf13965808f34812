package org.tallystick.agreement.instruction;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// A public key as the ledger writes it. Its form says nothing about its strength: see step 4 of the checks.
public sealed interface Key {

    /// Octets of a coordinate.
    int SIZE = 32;

    Form FORM = Form.tagged(
            "kty",
            Map.of(
                    "EC",
                    Form.object(Map.of(
                            "crv",
                            Form.oneOf("P-256"),
                            "kty",
                            Form.oneOf("EC"),
                            "x",
                            Forms.b64u(SIZE),
                            "y",
                            Forms.b64u(SIZE))),
                    "OKP",
                    Form.object(Map.of("crv", Form.oneOf("Ed25519"), "kty", Form.oneOf("OKP"), "x", Forms.b64u(SIZE))),
                    "EIP712",
                    Form.object(Map.of("address", Forms.ADDRESS, "kty", Form.oneOf("EIP712")))));

    /// A point on P-256 by its coordinates, first octet highest.
    record P256(Bytes x, Bytes y) implements Key {
        public P256 {
            need(x.size() == SIZE && y.size() == SIZE);
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.ES256;
        }

        @Override
        public Json.Obj toJson() {
            return Json.object()
                    .with("crv", "P-256")
                    .with("kty", "EC")
                    .with("x", Base64Url.encode(x))
                    .with("y", Base64Url.encode(y))
                    .build();
        }
    }

    /// A point on edwards25519 in the encoding of RFC 8032.
    record Ed25519(Bytes x) implements Key {
        public Ed25519 {
            need(x.size() == SIZE);
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.ED25519;
        }

        @Override
        public Json.Obj toJson() {
            return Json.object()
                    .with("crv", "Ed25519")
                    .with("kty", "OKP")
                    .with("x", Base64Url.encode(x))
                    .build();
        }
    }

    /// A wallet by its address, `0x` and 40 lower-case digits.
    record Wallet(String address) implements Key {
        private static final Pattern PATTERN = Pattern.compile(Forms.ADDRESS_FORM);

        public Wallet {
            need(PATTERN.matcher(address).matches());
        }

        @Override
        public Algorithm algorithm() {
            return Algorithm.EIP712;
        }

        @Override
        public Json.Obj toJson() {
            return Json.object().with("address", address).with("kty", "EIP712").build();
        }
    }

    Algorithm algorithm();

    Json.Obj toJson();

    /// SHA-256 of the canonical form, in base64url; for P-256 and Ed25519 the thumbprint of RFC 7638.
    default String thumb() {
        return Base64Url.encode(Hash.sha256(toJson().canonical()));
    }

    default Kid kid(Owner owner) {
        return new Kid(owner, thumb());
    }

    static Optional<Key> parse(Json json) {
        return FORM.fits(json) ? Optional.of(of((Json.Obj) json)) : Optional.empty();
    }

    /// The key in an object that has [#FORM].
    static Key of(Json.Obj json) {
        return switch (json.text("kty")) {
            case "EC" -> new P256(Forms.octets(json, "x"), Forms.octets(json, "y"));
            case "OKP" -> new Ed25519(Forms.octets(json, "x"));
            case "EIP712" -> new Wallet(json.text("address"));
            default -> throw new IllegalArgumentException("not a key: " + json);
        };
    }

    private static void need(boolean form) {
        if (!form) {
            throw new IllegalArgumentException("not a key of this form");
        }
    }
}
