package org.tallystick.ledger.monthend;

import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;

/// What came of closing one agreement.
public sealed interface Closed {

    AgreementId agreement();

    Period period();

    /// It was settled before: nothing was sent.
    record Before(AgreementId agreement, Period period) implements Closed {}

    /// The ledger answered.
    record Answered(AgreementId agreement, Period period, Answer answer) implements Closed {}

    /// The ledger closes it in several steps, which were waited for.
    record Stepwise(AgreementId agreement, Period period, CloseProgress progress) implements Closed {}

    /// It is not ready, or this party may not close it yet: nothing was sent.
    record NotYet(Readiness readiness) implements Closed {
        @Override
        public AgreementId agreement() {
            return readiness.agreement();
        }

        @Override
        public Period period() {
            return readiness.period();
        }
    }

    /// Whether the period is settled now, by whomever.
    default boolean settled() {
        return switch (this) {
            case Before _ -> true;
            case Answered(var _, var _, var answer) ->
                switch (answer) {
                    case Answer.Applied _ -> true;
                    case Answer.Refused(var code, var _, var _, var _) -> code.equals(Code.PERIOD_SETTLED.text());
                    case Answer.Waiting _, Answer.Received(), Answer.Unsent() -> false;
                };
            case Stepwise(var _, var _, var progress) -> progress instanceof CloseProgress.Settled;
            case NotYet _ -> false;
        };
    }
}
