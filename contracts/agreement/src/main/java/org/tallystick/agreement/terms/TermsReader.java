package org.tallystick.agreement.terms;

import org.tallystick.agreement.json.Json;

public final class TermsReader {
    private TermsReader() {}

    public static TermsReading read(Json document) {
        throw new IllegalStateException(document.toString());
    }
}
