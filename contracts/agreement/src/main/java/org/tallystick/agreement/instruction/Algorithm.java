package org.tallystick.agreement.instruction;

import java.util.Optional;

/// How a key signs: each kind of key has one algorithm.
public enum Algorithm {
    ES256("ES256"),
    ED25519("Ed25519"),
    EIP712("EIP712");

    private final String text;

    Algorithm(String text) {
        this.text = text;
    }

    /// As it stands in headers and key records.
    public String text() {
        return text;
    }

    public static Optional<Algorithm> ofText(String text) {
        for (Algorithm algorithm : values()) {
            if (algorithm.text.equals(text)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
