package org.tallystick.agreement.settlement;

import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;

public record History(Period next) {
    public static History open(Terms terms, Period opening) {
        throw new IllegalStateException("" + terms + opening);
    }

    public static History decode(Json.Obj json) {
        throw new IllegalStateException(json.toString());
    }

    public Json.Obj encode() {
        throw new IllegalStateException();
    }
}
