package org.tallystick.ledger.cli;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.monthend.Due;
import org.tallystick.ledger.monthend.Dues;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists what falls due in the agreements of a party.
@Command(
        name = "due",
        description = {
            "Lists what falls due in all agreements of a party, in order of day.",
            "",
            "That is: declarations, closes, answers to claims, payments, the end of the time for claims,",
            "offers that end, votes, decisions to execute, breaches to cure, the last day to stop a renewal,",
            "and agreements that expire. What is late comes first. Days are those of the ledger, in UTC."
        },
        footerHeading = "%nExample:%n",
        footer = {"  tally due --within 30d", "  tally due --within 90d --owing north/vendor"})
final class DueCommand implements Callable<Integer> {

    private static final long FARTHEST_DAYS = 3_650;

    private final Shell shell;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "how far to look, such as 30d (default: ${DEFAULT-VALUE})",
            defaultValue = "30d")
    Duration within = Duration.ofDays(30);

    @Option(names = "--owing", paramLabel = "PARTY", description = "only what this party has to do, or may")
    @Nullable
    PartyId owing;

    DueCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        if (within.toDays() > FARTHEST_DAYS) {
            throw CommandFailure.cannot(
                    "--within " + within.toDays() + "d looks farther than " + FARTHEST_DAYS + " days",
                    "ask for less, such as --within 90d");
        }
        Courier courier = shell.courier();
        LedgerTime now = Desk.at(courier).time();
        LocalDate today = now.day();
        List<Due> all = new Dues(courier, shell.partyId(), now, Math.toIntExact(within.toDays()))
                .all().stream()
                        .filter(due -> owing == null || due.owing().contains(owing))
                        .toList();
        if (shell.json()) {
            shell.print(Json.array(all.stream().map(Due::encode).toList()));
        } else if (all.isEmpty()) {
            shell.out().println("nothing falls due until " + today.plusDays(within.toDays()));
        } else {
            print(all, today);
        }
        return Tally.DONE;
    }

    private static String when(Due due, LocalDate today) {
        if (due.day().equals(today)) {
            return "today";
        }
        if (due.day().isAfter(today)) {
            return "";
        }
        return due.kind() == Due.Kind.CLOSE_BY_ANYBODY || due.kind() == Due.Kind.EXECUTE ? "since" : "late";
    }

    /// Hundreds may have signed an agreement; what is up to all of them names none.
    private static String who(Due due) {
        return switch (due.kind()) {
            case CLOSE_BY_ANYBODY, CLAIMS_END, EXECUTE, RENEWAL -> "any side";
            case EXPIRY -> "all sides";
            case DECLARATION, CLOSE, ANSWER, PAYMENT, OFFER_ENDS, VOTE, ENTRANCE, CURE -> due.owingText();
        };
    }

    private void print(List<Due> all, LocalDate today) {
        Table table = new Table("DAY", "", "AGREEMENT", "PERIOD", "WHAT", "WHO", "MEANING");
        for (Due due : all) {
            table.add(
                    due.day().toString(),
                    when(due, today),
                    due.agreement().text(),
                    due.period().map(Period::text).orElse(""),
                    due.kind().words() + (due.name().isEmpty() ? "" : " " + due.name()),
                    who(due),
                    due.kind().meaning());
        }
        table.print(shell.out());
    }
}
