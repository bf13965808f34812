package org.tallystick.agreement.rules;

import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.AgreementHead.Stage;

/// Where an agreement in force is in its life on a day: what is stored, and what follows from the clock.
///
/// A client asks this, too. `docs/spec/agreement-1.md` section 4.
///
/// @param document the newest adopted version
/// @param day of ledger time
public record Life(AgreementHead head, Document document, LocalDate day) {

    /// The last day on which something can be sold under it, as far as is known on this day.
    public Optional<LocalDate> lastDay() {
        return Stream.concat(head.ends().stream(), document.term().lastDay(day).stream())
                .min(LocalDate::compareTo);
    }

    /// Whether it has ended, and what it brought is still being settled.
    public boolean isInRunOff() {
        return head.stage() != Stage.CLOSED && lastDay().filter(day::isAfter).isPresent();
    }

    /// Whether nothing new can be sold for now. A pause that nobody ended in time lasts through the run-off: what was
    /// sold
    /// in it would else count just because the agreement is over.
    public boolean isPaused() {
        return head.stage() == Stage.PAUSED;
    }

    /// The day on which it was paused, while it is.
    LocalDate pausedOn() {
        return head.paused().orElseThrow();
    }

    /// In the words of the specification.
    public String text() {
        return isInRunOff() ? "run_off" : head.stage().text();
    }
}
