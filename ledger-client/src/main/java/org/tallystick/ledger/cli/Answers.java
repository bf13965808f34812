package org.tallystick.ledger.cli;

import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.client.Sentences;

/// Prints what became of instructions, and gives the exit code: 0 if all were applied, 1 if one was refused, 2 if one
/// has no verdict yet.
final class Answers {

    private final Shell shell;

    Answers(Shell shell) {
        this.shell = shell;
    }

    int print(Sent sent) throws CommandFailure {
        return print(List.of(sent));
    }

    /// A refusal ends the command; what came before it is printed.
    int print(List<Sent> all) throws CommandFailure {
        List<Sent> answered = all.stream()
                .filter(sent -> !(sent.answer() instanceof Answer.Unsent))
                .toList();
        if (answered.size() < all.size()) {
            new UnsentText(shell).written();
        }
        return answered.isEmpty() ? Tally.DONE : printAnswered(answered);
    }

    private int printAnswered(List<Sent> all) throws CommandFailure {
        if (shell.json()) {
            List<Json> encoded = all.stream().<Json>map(Sent::encode).toList();
            shell.print(encoded.size() == 1 ? encoded.getFirst() : Json.array(encoded));
            return all.stream().mapToInt(sent -> exitCode(sent.answer())).max().orElse(Tally.DONE);
        }
        for (Sent sent : all) {
            String what = sent.payload().kind().text() + " " + sent.payload().id();
            int _ = print(what, sent.answer());
        }
        return Tally.DONE;
    }

    static int exitCode(Answer answer) {
        return switch (answer) {
            case Answer.Applied _, Answer.Unsent() -> Tally.DONE;
            case Answer.Refused _ -> Tally.REFUSED;
            case Answer.Waiting _, Answer.Received() -> Tally.COULD_NOT_RUN;
        };
    }

    int print(String what, Answer answer) throws CommandFailure {
        return switch (answer) {
            case Answer.Applied(var effects, var _, var repeat, var position, var close) -> {
                String where = position.map(at -> " at " + at).orElse("");
                shell.out().println((repeat ? "applied before: " : "applied: ") + what + where);
                effects.forEach(effect -> shell.out().println("  " + Sentences.ofEffect(effect)));
                close.ifPresent(progress -> shell.out().println("  now " + of(progress)));
                yield Tally.DONE;
            }
            case Answer.Refused(var code, var values, var verdict, var _) ->
                throw CommandFailure.refused(
                        "refused: " + Sentences.of(code, values) + " (" + code + ")",
                        verdict
                                ? "this is final for " + what + "; another try needs a new instruction"
                                : "nothing was held against you; the same instruction may be sent again");
            case Answer.Waiting(var code, var values) ->
                throw CommandFailure.cannot(
                        "no verdict yet: " + Sentences.of(code, values) + " (" + code + ")",
                        shell.throughGateway()
                                ? "the gateway offers it again by itself: tally status " + id(what)
                                : "nobody keeps it here: run the command again later");
            case Answer.Unsent() -> {
                shell.out().println("written, not sent: " + what);
                yield Tally.DONE;
            }
            case Answer.Received() ->
                throw CommandFailure.cannot(
                        "no verdict yet: the gateway holds " + what, "ask again: tally status " + id(what));
        };
    }

    /// How far the close of a period is.
    static String of(Period period, CloseProgress progress) {
        return period + " is " + of(progress);
    }

    private static String of(CloseProgress progress) {
        return switch (progress) {
            case CloseProgress.Settled(var settlement, var lines) -> "settled with " + lines + " lines: " + settlement;
            case CloseProgress.UnderWay(var done, var parts) ->
                "being closed: " + done + " of " + parts + " steps are done";
            case CloseProgress.Open() -> "open again: code of other rules undid its close";
        };
    }

    private static String id(String what) {
        return what.substring(what.lastIndexOf(' ') + 1);
    }
}
