package org.tallystick.agreement.signing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What opens an encrypted key. Nothing prints it.
public final class Passphrase {

    private final char[] characters;

    public Passphrase(char[] characters) {
        this.characters = characters.clone();
    }

    public int length() {
        return characters.length;
    }

    public boolean isSameAs(Passphrase other) {
        return Arrays.equals(characters, other.characters);
    }

    /// As other programs take it.
    byte[] utf8() {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters));
        byte[] octets = new byte[encoded.remaining()];
        ByteBuffer _ = encoded.get(octets);
        return octets;
    }

    @Override
    public String toString() {
        return "a passphrase";
    }
}
