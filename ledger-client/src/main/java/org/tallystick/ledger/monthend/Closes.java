package org.tallystick.ledger.monthend;

import java.util.List;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Party;

/// Closes all that is ready at the end of a period.
///
/// It keeps no record of its own: the ledger says what is settled. So it can be ended at any moment and begun again,
/// and closes the rest; a close that was on its way meanwhile is answered `period_settled`, which is as good.
public final class Closes {

    private final Party party;
    private final Courier courier;
    private final LedgerTime now;

    /// @param now ledger time
    public Closes(Party party, Courier courier, LedgerTime now) {
        this.party = party;
        this.courier = courier;
        this.now = now;
    }

    /// Who watches, from whatever thread.
    @FunctionalInterface
    public interface Watch {
        /// What came of one agreement.
        void closed(Closed closed);

        /// How far one is that needs several steps.
        default void step(AgreementId agreement, Period period, CloseProgress.UnderWay step) {}
    }

    /// @return all in the order of the agreements
    public List<Closed> ready(Period period, Watch watch) throws LedgerException {
        List<Readiness> all = new MonthEnd(courier, party.id(), now).of(period);
        return Together.each(all, one -> {
            Closed closed = close(one, watch);
            watch.closed(closed);
            return closed;
        });
    }

    private Closed close(Readiness one, Watch watch) throws LedgerException {
        return switch (one.state()) {
            case Readiness.Settled _ -> new Closed.Before(one.agreement(), one.period());
            case Readiness.Waiting _ -> new Closed.NotYet(one);
            case Readiness.Ready ready ->
                ready.closableBy(party.id(), now) ? closeNow(one, watch) : new Closed.NotYet(one);
        };
    }

    private Closed closeNow(Readiness one, Watch watch) throws LedgerException {
        Answer answer = party.close(one.agreement(), one.period()).answer();
        return isUnderWay(answer)
                ? new Closed.Stepwise(
                        one.agreement(),
                        one.period(),
                        courier.finish(
                                one.agreement(), one.period(), step -> watch.step(one.agreement(), one.period(), step)))
                : new Closed.Answered(one.agreement(), one.period(), answer);
    }

    /// Whether there are steps left, of this close or of one that somebody began before.
    public static boolean isUnderWay(Answer answer) {
        return switch (answer) {
            case Answer.Applied(var effects, var _, var _, var _, var _) ->
                effects.stream().anyMatch(effect -> effect.text("kind").equals("closing"));
            case Answer.Refused(var code, var _, var _, var _) -> code.equals(Code.PERIOD_CLOSING.text());
            case Answer.Waiting _, Answer.Received(), Answer.Unsent() -> false;
        };
    }
}
