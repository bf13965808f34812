package org.tallystick.ledger.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Which characters the octets of a file mean. All have ASCII in common, so that lines can be found first.
enum Encoding {
    UTF_8("UTF-8", StandardCharsets.UTF_8),
    ISO_8859_1("ISO-8859-1", StandardCharsets.ISO_8859_1),
    WINDOWS_1252("windows-1252", Charset.forName("windows-1252"));

    private final String text;
    private final Charset charset;

    Encoding(String text, Charset charset) {
        this.text = text;
        this.charset = charset;
    }

    String text() {
        return text;
    }

    static Optional<Encoding> ofText(String text) {
        for (Encoding encoding : values()) {
            if (encoding.text.equals(text)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    /// What decoding came to.
    sealed interface Decoded {
        record Good(String text) implements Decoded {}

        /// @param value what stands before the octet, and it
        record Bad(String value, String sentence) implements Decoded {}
    }

    Decoded decode(byte[] octets) {
        CharBuffer out = CharBuffer.allocate(octets.length);
        ByteBuffer in = ByteBuffer.wrap(octets);
        CoderResult result = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        out.flip();
        String read = out.toString();
        if (result.isError()) {
            String octet = String.format(Locale.ROOT, "0x%02x", octets[in.position()] & 0xff);
            return new Decoded.Bad(
                    read.substring(Math.max(0, read.length() - 20)) + "<" + octet + ">",
                    "octet " + (in.position() + 1) + " of the line is " + octet + ", which is not " + text
                            + " (a mapping names the \"encoding\")");
        }
        int zero = read.indexOf('\0');
        if (zero >= 0) {
            return new Decoded.Bad(
                    read.substring(0, zero), "character " + (zero + 1) + " is NUL: the file is not " + text);
        }
        return new Decoded.Good(read);
    }
}
