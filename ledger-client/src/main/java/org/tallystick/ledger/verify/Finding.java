package org.tallystick.ledger.verify;

import java.util.Comparator;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// One thing the verifier found.
///
/// @param stated what the pack says
/// @param computed what follows
public record Finding(
        Check check,
        Result result,
        Optional<Place> place,
        Optional<Json> stated,
        Optional<Json> computed,
        String text) {

    public enum Result {
        PASS("PASS"),
        FAIL("FAIL"),
        NOT_CHECKED("NOT CHECKED");

        private final String text;

        Result(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// By check, then place.
    static final Comparator<Finding> ORDER = Comparator.comparing(Finding::check)
            .thenComparing(Finding::place, Comparator.comparing(place -> place.orElse(Place.of(""))));

    Json.Obj encode() {
        return Json.object()
                .with("check", check.text())
                .with("computed", computed)
                .withText("place", place.map(Place::toString))
                .with("result", result.text())
                .with("stated", stated)
                .with("text", text)
                .build();
    }
}
