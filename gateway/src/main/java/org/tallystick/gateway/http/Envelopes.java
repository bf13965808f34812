package org.tallystick.gateway.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The forms in which instructions are sent, and what they hold.
enum Envelopes {
    /// One, as it is.
    ONE("application/jose+json"),
    /// An array of strings.
    ARRAY("application/json"),
    /// A line for each, as it is.
    LINES("application/x-ndjson");

    private final String type;

    Envelopes(String type) {
        this.type = type;
    }

    static Optional<Envelopes> ofType(String type) {
        return Arrays.stream(values())
                .filter(one -> one.type.equals(type.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /// The envelopes in a body, each of them as it was signed; nothing in the place of what is no text.
    List<Optional<Bytes>> in(Bytes body) throws Refusal {
        List<Optional<Bytes>> all = switch (this) {
            case ONE -> List.of(Optional.of(body));
            case ARRAY -> array(body);
            case LINES -> lines(body);
        };
        if (all.isEmpty() || all.size() > HttpLimits.ENVELOPES) {
            throw wrong();
        }
        return all;
    }

    private static List<Optional<Bytes>> array(Bytes body) throws Refusal {
        if (!(JsonReader.read(body, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Arr(var texts)))) {
            throw wrong();
        }
        List<Optional<Bytes>> all = new ArrayList<>();
        for (Json text : texts) {
            all.add(text instanceof Json.Text(var envelope) ? Optional.of(Bytes.ofUtf8(envelope)) : Optional.empty());
        }
        return all;
    }

    /// The last line may have its end or not.
    private static List<Optional<Bytes>> lines(Bytes body) throws Refusal {
        byte[] octets = body.toArray();
        List<Optional<Bytes>> all = new ArrayList<>();
        for (int from = 0; from < octets.length; ) {
            int end = from;
            while (end < octets.length && octets[end] != '\n') {
                end++;
            }
            if (all.size() == HttpLimits.ENVELOPES) {
                throw wrong();
            }
            all.add(Optional.of(body.slice(from, end)));
            from = end + 1;
        }
        return all;
    }

    private static Refusal wrong() {
        return new Refusal(Problem.of(Trouble.BODY_FORM));
    }
}
