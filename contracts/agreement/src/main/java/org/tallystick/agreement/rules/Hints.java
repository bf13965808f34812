package org.tallystick.agreement.rules;

import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The courier's word where the report of a proof lies: unsigned and checked, so no part of the proof.
///
/// `docs/spec/ledger-1.md` section 11: `{"hints":[[item, proof, first of run], ...]}`.
final class Hints {

    private static final int MAX = 100_000;
    private static final Form FORM = Form.object(new TreeMap<>(java.util.Map.of(
            "hints", Form.array(Form.array(Form.whole(0, 9_999_999_999L), 3, 3), 0, MAX))));

    private final TreeMap<Long, TreeMap<Long, Long>> runs = new TreeMap<>();

    private Hints() {}

    /// Reads the last argument of a transaction, or nothing if it has another form.
    static Optional<Hints> read(Bytes argument) {
        if (!(JsonReader.readCanonical(argument) instanceof JsonReader.Value(Json.Obj object)) || !FORM.fits(object)) {
            return Optional.empty();
        }
        Hints hints = new Hints();
        for (Json item : object.items("hints")) {
            var numbers = ((Json.Arr) item)
                    .items().stream()
                            .map(number -> ((Json.Whole) number).value())
                            .toList();
            hints.runs.computeIfAbsent(numbers.get(0), _ -> new TreeMap<>()).put(numbers.get(1), numbers.get(2));
        }
        return Optional.of(hints);
    }

    /// First number of the run in which the report of this proof lies; without a hint, the report begins its run.
    long run(int item, int proof, long reportFirst) {
        TreeMap<Long, Long> proofs = runs.get((long) item);
        return proofs == null ? reportFirst : proofs.getOrDefault((long) proof, reportFirst);
    }
}
