package org.tallystick.agreement.terms;

import java.util.List;

/// All that can be said about a document before anybody signs it.
///
/// @param faults for which it is refused, as [TermsReader] lists them
/// @param warnings of what is allowed but seldom meant (terms/1 section 15), by code and then by place; none as long as
///     the form is at fault
public record TermsReview(List<Finding> faults, List<Finding> warnings) {

    public TermsReview {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    public boolean holds() {
        return faults.isEmpty();
    }
}
