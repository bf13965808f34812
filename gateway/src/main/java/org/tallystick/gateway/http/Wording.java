package org.tallystick.gateway.http;

import org.tallystick.agreement.json.Json;

/// A sentence for a code and its values.
final class Wording {

    private Wording() {}

    static String sentence(String code, Json.Obj values) {
        String words = code.replace('_', ' ');
        return values.members().isEmpty()
                ? words
                : words + ": " + values.canonical().utf8().orElse("");
    }
}
