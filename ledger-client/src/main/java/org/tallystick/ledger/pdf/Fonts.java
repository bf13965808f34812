package org.tallystick.ledger.pdf;

import java.awt.Color;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import org.openpdf.text.Font;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.BaseFont;

/// The two faces of a document, and how texts are spelled in them.
///
/// Every reader of PDF has Helvetica. Where it lacks a character, Liberation Sans is embedded as a whole: a part of it
/// would be given a name by chance, and the same statement would not have the same bytes.
final class Fonts {

    static final float BODY = 8.5f;
    static final float SMALL = 7;
    static final Color INK = Color.BLACK;
    static final Color GRAY = new Color(0x5a, 0x5a, 0x5a);
    static final Color ALERT = new Color(0xb0, 0x10, 0x10);

    private static final Charset HELVETICA = Charset.forName("windows-1252");

    private final BaseFont plain;
    private final BaseFont bold;

    private Fonts(BaseFont plain, BaseFont bold) {
        this.plain = plain;
        this.bold = bold;
    }

    /// @param all every character that the document may have
    static Fonts of(String all) throws IOException {
        return HELVETICA.newEncoder().canEncode(all)
                ? new Fonts(standard(BaseFont.HELVETICA), standard(BaseFont.HELVETICA_BOLD))
                : new Fonts(embedded("Regular"), embedded("Bold"));
    }

    private static BaseFont standard(String name) throws IOException {
        return BaseFont.createFont(name, BaseFont.WINANSI, BaseFont.NOT_EMBEDDED);
    }

    private static BaseFont embedded(String face) throws IOException {
        String file = "/liberation/LiberationSans-" + face + ".ttf";
        try (InputStream in = Optional.ofNullable(Fonts.class.getResourceAsStream(file))
                .orElseThrow(() -> new IllegalStateException(file + " is not on the class path"))) {
            BaseFont font =
                    BaseFont.createFont(file, BaseFont.IDENTITY_H, BaseFont.EMBEDDED, false, in.readAllBytes(), null);
            font.setSubset(false);
            return font;
        }
    }

    Phrase plain(String text, float size, Color color) {
        return new Phrase(spelled(text, plain), new Font(plain, size, Font.NORMAL, color));
    }

    Phrase bold(String text, float size, Color color) {
        return new Phrase(spelled(text, bold), new Font(bold, size, Font.NORMAL, color));
    }

    BaseFont plain() {
        return plain;
    }

    /// A character that the face lacks is shown by its number, rather than not at all.
    private static String spelled(String text, BaseFont font) {
        StringBuilder spelled = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character == ' ' || font.charExists(character)) {
                spelled.appendCodePoint(character);
            } else {
                spelled.append("[U+%04X]".formatted(character).toUpperCase(Locale.ROOT));
            }
        });
        return spelled.toString();
    }
}
