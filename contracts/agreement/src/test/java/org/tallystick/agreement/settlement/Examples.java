package org.tallystick.agreement.settlement;

import java.util.List;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;

/// The public examples of terms/1, in the repository or beside it.
public final class Examples {

    public static final List<String> NAMES =
            List.of("01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes");

    private Examples() {}

    /// The case of this name.
    public static Json.Obj read(String name) {
        return SharedVectors.json(
                SharedVectors.path("docs/spec/examples/" + name + ".json", "spec/examples/" + name + ".json"));
    }

    public static String rendered(String name) {
        return SharedVectors.bytes(
                        SharedVectors.path("docs/spec/examples/" + name + ".txt", "spec/examples/" + name + ".txt"))
                .utf8()
                .orElseThrow();
    }
}
