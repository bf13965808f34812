package org.tallystick.agreement.settlement;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.numbers.Rational;

public record Event(String type, LocalDate date, Optional<String> currency, Optional<String> refOf) {
    public List<Rational> numbers() {
        throw new IllegalStateException();
    }
}
