package org.tallystick.agreement.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;

/// The one spelling of a JSON value: RFC 8785, for values whose numbers are all whole.
///
/// What was read in its canonical spelling is copied from there.
final class Canonical {

    private static final String HEX = "0123456789abcdef";

    private byte[] out;
    private int size;

    private Canonical(int room) {
        this.out = new byte[room];
    }

    /// @throws IllegalArgumentException for a number that is not whole: it has no canonical form here
    static Bytes spell(Json value) {
        Bytes spelling = value instanceof Json.Obj object ? Members.of(object).spelling() : null;
        if (spelling != null) {
            return spelling;
        }
        Canonical spelled = new Canonical(room(value));
        spelled.write(value);
        return Bytes.sharing(spelled.out, 0, spelled.size).alone();
    }

    /// How many octets it takes, if none of its texts needs more of them than characters.
    private static int room(Json value) {
        return switch (value) {
            case Json.Obj object -> {
                Members members = Members.of(object);
                Bytes spelling = members.spelling();
                yield spelling != null ? spelling.size() : room(members);
            }
            case Json.Arr(var items) -> {
                int room = 2 + Math.max(0, items.size() - 1);
                for (Json item : items) {
                    room += room(item);
                }
                yield room;
            }
            case Json.Text(var text) -> text.length() + 2;
            case Json.Whole(var number) -> digits(number);
            case Json.Bool _, Json.Null _ -> "false".length();
            case Json.Inexact(var spelling) ->
                throw new IllegalArgumentException("a number without a canonical form: " + spelling);
        };
    }

    private static int room(Members members) {
        int room = 2 + Math.max(0, members.size() - 1);
        for (int i = 0; i < members.size(); i++) {
            room += members.name(i).length() + 3 + room(members.value(i));
        }
        return room;
    }

    private static int digits(long number) {
        int digits = number < 0 ? 2 : 1;
        for (long rest = Math.abs(number); rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private void write(Json value) {
        switch (value) {
            case Json.Obj object -> write(Members.of(object));
            case Json.Arr(var items) -> write(items);
            case Json.Text(var text) -> write(text);
            case Json.Whole(var number) -> write(number);
            case Json.Bool(var truth) -> ascii(truth ? "true" : "false");
            case Json.Null() -> ascii("null");
            case Json.Inexact(var spelling) ->
                throw new IllegalArgumentException("a number without a canonical form: " + spelling);
        }
    }

    private void write(Members members) {
        Bytes spelling = members.spelling();
        if (spelling != null) {
            need(spelling.size());
            spelling.copyTo(out, size);
            size += spelling.size();
            return;
        }
        put('{');
        for (int i = 0; i < members.size(); i++) {
            if (i > 0) {
                put(',');
            }
            write(members.name(i));
            put(':');
            write(members.value(i));
        }
        put('}');
    }

    private void write(List<Json> items) {
        put('[');
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                put(',');
            }
            write(items.get(i));
        }
        put(']');
    }

    private void write(long number) {
        int digits = digits(number);
        need(digits);
        int end = size + digits;
        int at = end;
        long rest = Math.abs(number);
        do {
            out[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        if (number < 0) {
            out[size] = '-';
        }
        size = end;
    }

    private void write(String text) {
        need(text.length() + 2);
        out[size++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                escape(c);
            } else if (c < 0x80) {
                put(c);
            } else {
                int end = Character.isHighSurrogate(c) ? Math.min(i + 2, text.length()) : i + 1;
                byte[] beyond = text.substring(i, end).getBytes(UTF_8);
                need(beyond.length);
                System.arraycopy(beyond, 0, out, size, beyond.length);
                size += beyond.length;
                i = end - 1;
            }
        }
        put('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\b' -> ascii("\\b");
            case '\t' -> ascii("\\t");
            case '\n' -> ascii("\\n");
            case '\f' -> ascii("\\f");
            case '\r' -> ascii("\\r");
            default -> {
                ascii("\\u00");
                put(HEX.charAt(c >> 4));
                put(HEX.charAt(c & 0xf));
            }
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(char ascii) {
        need(1);
        out[size++] = (byte) ascii;
    }

    private void need(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
        }
    }
}
