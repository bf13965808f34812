package org.tallystick.agreement.instruction;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a key record, `owner#thumb`: it carries the owner, so that every signature finds its key by a point
/// read.
///
/// @param thumb the thumbprint of the key, see [Key#thumb]
public record Kid(Owner owner, String thumb) implements Comparable<Kid> {

    static final String THUMB = "[A-Za-z0-9_-]{43}";
    private static final Pattern PATTERN = Pattern.compile(THUMB);

    public Kid {
        Check.form(PATTERN, thumb, "thumbprint");
    }

    public static Optional<Kid> parse(String text) {
        int hash = text.indexOf('#');
        if (hash < 0 || !Check.fits(PATTERN, text.substring(hash + 1))) {
            return Optional.empty();
        }
        return Owner.parse(text.substring(0, hash)).map(owner -> new Kid(owner, text.substring(hash + 1)));
    }

    public String text() {
        return owner.text() + "#" + thumb;
    }

    /// Byte order of the text, which is ASCII.
    @Override
    public int compareTo(Kid other) {
        return text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }
}
