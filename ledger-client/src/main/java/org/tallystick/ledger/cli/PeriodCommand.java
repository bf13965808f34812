package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.monthend.MonthEnd;
import org.tallystick.ledger.monthend.Readiness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows how all agreements of a party stand at the end of a period.
@Command(
        name = "period",
        description = {
            "Shows, for all agreements of a party, what a period still lacks and who owes it.",
            "",
            "That is: declarations, fixings and figures, earlier periods; and what no close waits for: events",
            "that are held, claims that are not answered.",
            "",
            "An agreement is listed with the period of its own calendar that ends on the same day: with",
            "2026-03 ends 2026-Q1, and with 2026-12 the year 2026."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  everything about January, then only what is not settled yet",
            "  tally period 2026-01",
            "  tally period 2026-01 --open",
            "",
            "  what north/vendor itself owes",
            "  tally period 2026-01 --owing north/vendor",
            "",
            "  and then: close what is ready",
            "  tally close --ready 2026-01"
        })
final class PeriodCommand implements Callable<Integer> {

    /// Digits of a hash that are enough to know it again.
    private static final int SHOWN = 12;

    private final Shell shell;

    @Parameters(paramLabel = "PERIOD", description = "such as 2026-01, 2026-Q1 or 2026")
    @Nullable
    Period period;

    @Option(names = "--open", description = "leave out agreements that are settled and lack nothing")
    boolean open;

    @Option(names = "--owing", paramLabel = "PARTY", description = "only what this party owes")
    @Nullable
    PartyId owing;

    PeriodCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        Courier courier = shell.courier();
        LedgerTime now = Desk.at(courier).time();
        List<Readiness> all = new MonthEnd(courier, shell.partyId(), now).of(given(period));
        List<Readiness> asked = all.stream().filter(this::isAsked).toList();
        if (shell.json()) {
            shell.print(Json.array(asked.stream().map(Readiness::encode).toList()));
        } else {
            print(all, asked, now);
        }
        return Tally.DONE;
    }

    private boolean isAsked(Readiness one) {
        if (owing != null) {
            return one.owed().stream().anyMatch(missing -> missing.owing().contains(owing));
        }
        return !open
                || !(one.state() instanceof Readiness.Settled)
                || !one.open().isEmpty();
    }

    private void print(List<Readiness> all, List<Readiness> asked, LedgerTime now) {
        PeriodTable table = new PeriodTable(now);
        asked.forEach(one -> table.add(one, owing));
        if (!asked.isEmpty()) {
            table.print(shell.out());
            shell.out().println();
        }
        shell.out()
                .println(all.size() + (all.size() == 1 ? " agreement: " : " agreements: ")
                        + count(all, Readiness.Settled.class) + " settled, "
                        + count(all, Readiness.Ready.class) + " ready, "
                        + count(all, Readiness.Waiting.class) + " waiting");
    }

    private static long count(List<Readiness> all, Class<? extends Readiness.State> state) {
        return all.stream().filter(one -> state.isInstance(one.state())).count();
    }

    /// One row for each thing that is missing, one for an agreement that lacks nothing.
    private static final class PeriodTable {
        private final Table table = new Table("AGREEMENT", "PERIOD", "STATE", "MISSING", "OWED BY", "REMARK");
        private final LedgerTime now;

        PeriodTable(LedgerTime now) {
            this.now = now;
        }

        void print(PrintWriter out) {
            table.print(out);
        }

        void add(Readiness one, @Nullable PartyId owing) {
            List<Readiness.Missing> rows = one.owed().stream()
                    .filter(missing -> owing == null || missing.owing().contains(owing))
                    .toList();
            if (rows.isEmpty()) {
                table.add(
                        one.agreement().text(), one.period().text(), one.state().text(), "", "", remark(one));
            }
            for (Readiness.Missing missing : rows) {
                table.add(
                        one.agreement().text(),
                        one.period().text(),
                        one.state().text(),
                        what(missing),
                        missing.owing().stream().map(PartyId::text).collect(Collectors.joining(", ")),
                        remark(missing));
            }
        }

        private String remark(Readiness one) {
            return switch (one.state()) {
                case Readiness.Settled(var hash) -> hash.substring(0, Math.min(SHOWN, hash.length()));
                case Readiness.Ready(var closers, var anybody) ->
                    now.compareTo(anybody) >= 0
                            ? "any side may close it"
                            : "to close by "
                                    + closers.stream().map(PartyId::text).collect(Collectors.joining(", "))
                                    + ", by any side from " + anybody.day();
                case Readiness.Waiting() -> "";
            };
        }

        private static String what(Readiness.Missing missing) {
            return switch (missing) {
                case Readiness.Declaration(var source, var _, var _) -> "declaration of " + source;
                case Readiness.Attestation(var event, var _, var _) -> "attestation of " + event.text();
                case Readiness.Fact(var code, var sources, var _) ->
                    Sentences.of(
                                    "lacking",
                                    Json.object()
                                            .with("codes", Json.texts(List.of(code)))
                                            .build())
                            + (sources.isEmpty() ? "" : ", from " + String.join(", ", sources));
                case Readiness.Claim(var claim, var source, var _, var _) ->
                    "answer to claim " + claim.hex().substring(0, SHOWN) + " of " + source;
                case Readiness.Earlier(var period) -> "close of " + period.text();
                case Readiness.Time(var _) -> "end of the period";
            };
        }

        private String remark(Readiness.Missing missing) {
            return switch (missing) {
                case Readiness.Declaration(var _, var _, var sealable) ->
                    now.compareTo(sealable) >= 0 ? "may be sealed now" : "may be sealed from " + sealable.day();
                case Readiness.Attestation(var _, var _, var heldBy) ->
                    heldBy.map(EventId::text).map(id -> "waits for " + id).orElse("held; no close waits for it");
                case Readiness.Claim(var _, var _, var _, var due) ->
                    (now.compareTo(due) >= 0 ? "late since " : "due before ") + due.day() + "; no close waits for it";
                case Readiness.Fact _, Readiness.Earlier _ -> "";
                case Readiness.Time(var until) -> until.text();
            };
        }
    }
}
