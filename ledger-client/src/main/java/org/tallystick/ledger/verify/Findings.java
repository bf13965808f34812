package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.verify.Finding.Result;

/// Gathers what is found; a check against which nothing was found passes.
final class Findings {

    /// So many findings of one check are listed; a hostile pack could have millions.
    static final int LISTED = 100;

    private final List<Finding> all = new ArrayList<>();
    private final EnumMap<Check, Integer> counts = new EnumMap<>(Check.class);
    private final EnumMap<Check, Integer> failures = new EnumMap<>(Check.class);

    void fail(Check check, Place place, String text) {
        add(new Finding(check, Result.FAIL, Optional.of(place), Optional.empty(), Optional.empty(), text));
    }

    void fail(Check check, Place place, Json stated, Json computed, String text) {
        add(new Finding(check, Result.FAIL, Optional.of(place), Optional.of(stated), Optional.of(computed), text));
    }

    /// A failure if the two differ.
    void same(Check check, Place place, Json stated, Json computed, String text) {
        if (!stated.equals(computed)) {
            fail(check, place, stated, computed, text);
        }
    }

    void same(Check check, Place place, String stated, String computed, String text) {
        same(check, place, Json.text(stated), Json.text(computed), text);
    }

    /// A failure at the first member in which the two differ.
    void sameValue(Check check, Place place, Json stated, Json computed, String text) {
        Difference.first(stated, computed)
                .ifPresent(difference -> add(new Finding(
                        check,
                        Result.FAIL,
                        Optional.of(place.at(difference.pointer())),
                        difference.stated(),
                        difference.computed(),
                        text)));
    }

    void notChecked(Check check, Place place, String text) {
        add(new Finding(check, Result.NOT_CHECKED, Optional.of(place), Optional.empty(), Optional.empty(), text));
    }

    void notChecked(Check check, String text) {
        add(new Finding(check, Result.NOT_CHECKED, Optional.empty(), Optional.empty(), Optional.empty(), text));
    }

    /// Something for an auditor's eye.
    void attention(Check check, Place place, String text) {
        add(new Finding(check, Result.PASS, Optional.of(place), Optional.empty(), Optional.empty(), text));
    }

    private void add(Finding finding) {
        if (finding.result() == Result.FAIL) {
            failures.merge(finding.check(), 1, Integer::sum);
        }
        if (counts.merge(finding.check(), 1, Integer::sum) <= LISTED) {
            all.add(finding);
        }
    }

    boolean failed(Check check) {
        return failures.containsKey(check);
    }

    boolean has(Check check) {
        return counts.containsKey(check);
    }

    boolean anyFailed() {
        return !failures.isEmpty();
    }

    /// Everything found, by check and place, with a PASS for each check that nothing was found against.
    List<Finding> concluded(Report.Form form) {
        List<Finding> concluded = new ArrayList<>(all);
        for (Check check : Check.values()) {
            int count = counts.getOrDefault(check, 0);
            if (count == 0 && check.isOf(form)) {
                String text = check.isAttention() ? "none: " + check.holds() : check.holds();
                concluded.add(
                        new Finding(check, Result.PASS, Optional.empty(), Optional.empty(), Optional.empty(), text));
            }
            if (count > LISTED) {
                boolean bad = failed(check);
                concluded.add(new Finding(
                        check,
                        bad ? Result.FAIL : check.isAttention() ? Result.PASS : Result.NOT_CHECKED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "and " + (count - LISTED) + " more"));
            }
        }
        concluded.sort(Finding.ORDER);
        return List.copyOf(concluded);
    }
}
