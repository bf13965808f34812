package org.tallystick.ledger.cli;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.EventDraft;
import org.tallystick.ledger.client.FileReport;
import org.tallystick.ledger.client.Journal;
import org.tallystick.ledger.client.LineFault;
import org.tallystick.ledger.client.Review;
import org.tallystick.ledger.client.Sentences;

/// What `tally report` says about a file, before and after it was sent.
final class ReviewText {

    private static final List<String> COLUMNS = List.of("type", "date", "currency", "quantity", "kpi", "value");

    private final Shell shell;
    private final Path file;
    private final Review review;

    ReviewText(Shell shell, Path file, Review review) {
        this.shell = shell;
        this.file = file;
        this.review = review;
    }

    int preview() {
        if (shell.json()) {
            shell.print(review.encode().with("good", review.good()).build());
        } else {
            shell.out().println(file + ": " + Words.counted(review.events(), "event"));
            sums();
            first();
            list(review.faults(), review.faultCount(), "wrong");
            list(review.warnings(), review.warningCount(), "worth a look");
            shell.out()
                    .println(
                            review.good()
                                    ? "nothing is wrong; nothing was sent"
                                    : "with these nothing would be reported; nothing was sent");
        }
        return review.good() ? Tally.DONE : Tally.REFUSED;
    }

    /// Lines are wrong: nothing was sent.
    int refused() throws CommandFailure {
        if (shell.json()) {
            return preview();
        }
        list(review.faults(), review.faultCount(), "wrong");
        throw CommandFailure.refused(
                Words.counted(review.faultCount(), "fault") + " in " + file + "; nothing was sent",
                "mend the lines above"
                        + (review.faultCount() > review.faults().size() ? ", then run it again for the others" : "")
                        + "; --preview also shows what the file comes to");
    }

    int reportedBefore(Journal.Done done) {
        if (shell.json()) {
            shell.print(Json.object()
                    .with("events", done.events())
                    .with("last", done.last())
                    .with("state", "reported_before")
                    .build());
        } else {
            shell.out()
                    .println("reported before: all " + done.events() + " events of " + file + ", last number "
                            + done.last() + "; nothing was sent");
            shell.note("if they happened twice, say --again");
        }
        return Tally.DONE;
    }

    void warnings() {
        if (!shell.json()) {
            review.warnings().stream().limit(Review.MOST_FIRST).forEach(warning -> shell.note(warning.text()));
            if (review.warningCount() > Review.MOST_FIRST) {
                shell.note(review.warningCount() + " lines are worth a look: --preview shows them");
            }
        }
    }

    int outcome(FileReport.Outcome outcome) throws CommandFailure {
        return switch (outcome) {
            case FileReport.Outcome.Reported reported -> reported(reported);
            case FileReport.Outcome.Stopped stopped -> stopped(stopped);
            case FileReport.Outcome.Undecided still -> throw undecided(still);
        };
    }

    static CommandFailure undecided(FileReport.Outcome.Undecided still) {
        return CommandFailure.cannot(
                still.unknown() + " reports that were signed before the interruption have no verdict yet; "
                        + still.reported() + " events are on the ledger",
                "run the command again; after " + still.until().text() + " they can no longer be applied");
    }

    private int reported(FileReport.Outcome.Reported reported) {
        if (shell.json()) {
            shell.print(Json.object()
                    .with("events", reported.events())
                    .with("first", reported.first())
                    .with("last", reported.last())
                    .with("resumed", reported.resumed())
                    .with("state", "reported")
                    .with(
                            "warnings",
                            Json.array(review.warnings().stream()
                                    .map(LineFault::encode)
                                    .toList()))
                    .build());
            return Tally.DONE;
        }
        String resumed = reported.resumed() == 0 ? "" : ", " + reported.resumed() + " of them before an interruption";
        shell.out()
                .println("reported: " + Words.counted(reported.events(), "event")
                        + (reported.first() == reported.last() ? ", number " : ", numbers " + reported.first() + " to ")
                        + reported.last() + resumed);
        return Tally.DONE;
    }

    private int stopped(FileReport.Outcome.Stopped stopped) throws CommandFailure {
        Answer answer = stopped.at().answer();
        if (shell.json()) {
            shell.print(Json.object()
                    .with("answer", stopped.at().encode())
                    .with("reported", stopped.reported())
                    .with("state", "stopped")
                    .with("unknown", stopped.unknown())
                    .with("until", stopped.until().text())
                    .build());
            return Answers.exitCode(answer);
        }
        String so = stopped.reported() + " events of " + file + " are on the ledger; the next report ";
        String hint = "run the command again; it goes on where it stopped";
        throw switch (answer) {
            case Answer.Refused(var code, var values, var _, var _) ->
                CommandFailure.refused(so + "was refused: " + Sentences.of(code, values) + " (" + code + ")", hint);
            case Answer.Waiting(var code, var values) ->
                CommandFailure.cannot(so + "waits: " + Sentences.of(code, values) + " (" + code + ")", hint);
            case Answer.Received(), Answer.Unsent(), Answer.Applied _ ->
                CommandFailure.cannot(so + "has no verdict yet", hint);
        };
    }

    private void sums() {
        Table table = new Table("type", "currency", ">events", ">amount");
        review.sums()
                .forEach((kind, sum) -> table.add(
                        kind.type(),
                        kind.currency(),
                        String.valueOf(sum.count()),
                        sum.amount().signum() == 0 && kind.currency().isEmpty()
                                ? ""
                                : money(sum.amount(), kind.currency())));
        table.print(shell.out());
    }

    private void first() {
        Table table = new Table("type", "date", "currency", "quantity", "kpi", "value", ">amount", "id", "refOf");
        for (EventDraft draft : review.first()) {
            List<String> cells = new ArrayList<>();
            for (String column : COLUMNS) {
                cells.add(draft.json().find(column).map(ReviewText::shown).orElse(""));
            }
            cells.add(amount(draft.json()));
            cells.add(draft.reference().orElse(""));
            cells.add(draft.refOf().orElse(""));
            table.add(cells.toArray(String[]::new));
        }
        table.print(shell.out());
    }

    private static String amount(Json.Obj event) {
        String currency = event.findText("currency").orElse("");
        return event.find("amount")
                .flatMap(Amounts::read)
                .map(amount -> money(amount, currency))
                .orElse("");
    }

    /// Where an event says no currency, that of the event it names counts, or that of the terms.
    private static String money(BigInteger units, String currency) {
        return currency.isEmpty() ? units + " minor units" : MoneyText.of(units, currency);
    }

    private static String shown(Json value) {
        return value instanceof Json.Text(var text)
                ? text
                : value.canonical().utf8().orElse("");
    }

    private void list(List<LineFault> faults, long count, String what) {
        if (count > 0) {
            shell.out()
                    .println(count + " " + what + (count > faults.size() ? ", the first " + faults.size() : "") + ":");
            faults.forEach(fault -> shell.out().println("  " + fault.text() + " (" + fault.code() + ")"));
            if (count > faults.size()) {
                shell.out().println("  and " + (count - faults.size()) + " more, of any lines, which are not listed");
            }
        }
    }
}
