package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.List;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.monthend.Closed;
import org.tallystick.ledger.monthend.Closes;
import org.tallystick.ledger.monthend.Readiness;

/// Closes all that is ready, and tells of each as it is closed.
final class ReadyCloses {

    private final Shell shell;

    ReadyCloses(Shell shell) {
        this.shell = shell;
    }

    int close(Period asked) throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Party party = shell.party(ActKind.CLOSE);
        List<Closed> all = new Closes(party, shell.courier(), shell.desk().time()).ready(asked, watch());
        if (shell.json()) {
            shell.print(Json.array(all.stream().map(ReadyCloses::encode).toList()));
        } else {
            summary(all, party.id(), asked);
        }
        return all.stream().mapToInt(ReadyCloses::exitCode).max().orElse(Tally.DONE);
    }

    /// So that a long run shows how far it is.
    private Closes.Watch watch() {
        return new Closes.Watch() {
            @Override
            public void closed(Closed closed) {
                tell(closed);
            }

            @Override
            public void step(AgreementId agreement, Period period, CloseProgress.UnderWay step) {
                tell(agreement, period, step);
            }
        };
    }

    private synchronized void tell(AgreementId agreement, Period period, CloseProgress.UnderWay step) {
        shell.note(agreement + " " + Answers.of(period, step));
    }

    private synchronized void tell(Closed closed) {
        if (shell.json()) {
            return;
        }
        String which = closed.agreement() + " " + closed.period().text() + ": ";
        switch (closed) {
            case Closed.Answered(var _, var _, var answer) -> shell.out().println(which + text(answer));
            case Closed.Stepwise(var agreement, var period, var progress) ->
                shell.out().println(agreement + " " + Answers.of(period, progress));
            case Closed.Before _, Closed.NotYet _ -> {}
        }
    }

    private static String text(Answer answer) {
        return switch (answer) {
            case Answer.Applied(var effects, var _, var _, var position, var _) ->
                effects.stream().map(Sentences::ofEffect).findFirst().orElse("closed")
                        + position.map(at -> ", at " + at).orElse("");
            case Answer.Refused(var code, var values, var _, var _) ->
                "refused: " + Sentences.of(code, values) + " (" + code + ")";
            case Answer.Waiting(var code, var values) ->
                "no verdict yet: " + Sentences.of(code, values) + " (" + code + ")";
            case Answer.Received() -> "no verdict yet: the gateway holds it";
            case Answer.Unsent() -> "written, not sent";
        };
    }

    private void summary(List<Closed> all, PartyId by, Period asked) {
        long before = all.stream().filter(Closed.Before.class::isInstance).count();
        long now = all.stream().filter(Closed::settled).count() - before;
        long others = all.stream()
                .filter(closed -> closed instanceof Closed.NotYet(var one) && one.state() instanceof Readiness.Ready)
                .count();
        long left = all.size() - now - before;
        shell.out().println(now + " closed, " + before + " settled before, " + left + " not settled");
        if (others > 0) {
            shell.out().println(others + " of them are ready, but not for " + by + " to close yet");
        }
        if (left > 0) {
            shell.out().println("what is missing and who owes it: tally period " + asked.text() + " --open");
        }
    }

    private static Json.Obj encode(Closed closed) {
        Json.Builder encoded = Json.object()
                .with("agreement", closed.agreement().text())
                .with("period", closed.period().text())
                .with("settled", closed.settled());
        return switch (closed) {
            case Closed.Before _ -> encoded.build();
            case Closed.Answered(var _, var _, var answer) ->
                encoded.with("answer", answer.encode().build()).build();
            case Closed.Stepwise(var _, var _, var progress) ->
                encoded.with("close", progress.encode()).build();
            case Closed.NotYet(var readiness) ->
                encoded.with("readiness", readiness.encode()).build();
        };
    }

    /// What others still owe is no failure of a close; an answer that is none is.
    private static int exitCode(Closed closed) {
        if (closed.settled()) {
            return Tally.DONE;
        }
        return switch (closed) {
            case Closed.Answered(var _, var _, var answer) -> Answers.exitCode(answer);
            case Closed.Stepwise _ -> Tally.COULD_NOT_RUN;
            case Closed.Before _, Closed.NotYet _ -> Tally.DONE;
        };
    }
}
