package org.tallystick.agreement.instruction;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// JSON as tests write it.
final class Texts {

    private Texts() {}

    static Json json(String text) {
        return switch (JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.SIGNED)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalArgumentException(text + ": " + fault);
        };
    }
}
