package org.tallystick.agreement.rules;

import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.terms.Period;

/// An instruction under an agreement in force, from a party it binds.
///
/// @param document the newest adopted version
record Engaged(Payload payload, AgreementHead head, Document document) {

    String agreement() {
        return payload.scope().orElseThrow().agreement().text();
    }

    /// The first period neither settled nor closing.
    Period unsettled() {
        return head.untouched();
    }
}
