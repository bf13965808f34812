package org.tallystick.fabric.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// A file with gaps, `{{name}}`. Every gap is filled and every filling has a gap, or it is a mistake.
public final class Template {

    private static final Pattern GAP = Pattern.compile("\\{\\{([A-Za-z]+)}}");

    private final String name;
    private final String text;
    private final Map<String, String> fillings = new HashMap<>();

    private Template(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /// A template of this package.
    static Template named(String name) {
        return beside(Template.class, name);
    }

    /// A template of the package of a class.
    public static Template beside(Class<?> neighbor, String name) {
        try (InputStream in = neighbor.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this program lacks its own file " + name);
            }
            return new Template(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("this program cannot read its own file " + name, e);
        }
    }

    /// A text, in quotation marks that JSON and YAML share.
    public Template with(String gap, String value) {
        return lines(gap, Json.text(value).canonical().utf8().orElseThrow());
    }

    public Template with(String gap, Path value) {
        return with(gap, value.toString());
    }

    public Template with(String gap, long value) {
        return lines(gap, String.valueOf(value));
    }

    /// What goes in as it is.
    public Template lines(String gap, String lines) {
        if (fillings.put(gap, lines) != null) {
            throw new IllegalStateException("gap " + gap + " of " + name + " filled twice");
        }
        return this;
    }

    public String filled() {
        Set<String> unused = new HashSet<>(fillings.keySet());
        Matcher gaps = GAP.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (gaps.find()) {
            String filling = fillings.get(gaps.group(1));
            if (filling == null) {
                throw new IllegalStateException("gap " + gaps.group(1) + " of " + name + " is not filled");
            }
            unused.remove(gaps.group(1));
            gaps.appendReplacement(filled, Matcher.quoteReplacement(filling));
        }
        if (!unused.isEmpty()) {
            throw new IllegalStateException(name + " has no gaps " + unused);
        }
        return gaps.appendTail(filled).toString();
    }
}
