package org.tallystick.agreement.json;

import java.util.Iterator;
import java.util.Map;

/// The one spelling of a JSON value: RFC 8785, for values whose numbers are all whole.
final class Canonical {

    private static final String HEX = "0123456789abcdef";

    private Canonical() {}

    /// @throws IllegalArgumentException for a number that is not whole: it has no canonical form here
    static String spell(Json value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Json value, StringBuilder out) {
        switch (value) {
            case Json.Obj(var members) -> {
                if (members instanceof Members read && read.copySpelling(out)) {
                    return;
                }
                out.append('{');
                for (Iterator<Map.Entry<String, Json>> all = members.entrySet().iterator(); all.hasNext(); ) {
                    Map.Entry<String, Json> member = all.next();
                    write(member.getKey(), out);
                    out.append(':');
                    write(member.getValue(), out);
                    if (all.hasNext()) {
                        out.append(',');
                    }
                }
                out.append('}');
            }
            case Json.Arr(var items) -> {
                out.append('[');
                for (int i = 0; i < items.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    write(items.get(i), out);
                }
                out.append(']');
            }
            case Json.Text(var text) -> write(text, out);
            case Json.Whole(var number) -> out.append(number);
            case Json.Inexact(var spelling) ->
                throw new IllegalArgumentException("a number without a canonical form: " + spelling);
            case Json.Bool(var truth) -> out.append(truth);
            case Json.Null() -> out.append("null");
        }
    }

    /// To where the characters from the first on stand for themselves: mostly to the end.
    private static int plain(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= 0x20 && text.charAt(i) != '"' && text.charAt(i) != '\\') {
            i++;
        }
        return i;
    }

    private static void write(String text, StringBuilder out) {
        out.append('"');
        int from = 0;
        for (int plain = plain(text, 0); plain < text.length(); plain = plain(text, from)) {
            out.append(text, from, plain);
            escape(text.charAt(plain), out);
            from = plain + 1;
        }
        out.append(text, from, text.length());
        out.append('"');
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
        }
    }
}
