package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.MatchedSales;
import org.tallystick.ledger.client.MatchedSales.Sale;
import org.tallystick.ledger.client.MatchedSales.Standing;
import org.tallystick.ledger.client.ReportedEvents.Reported;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the sales that two parties report, side by side.
@Command(
        name = "matches",
        description = {
            "Shows the sales of which the agreement takes two reports, by the reference that both give.",
            "",
            "Of each it says what the source that counts says, what the notices say, and whether they agree,",
            "differ, or only one has it. With PERIOD only those that one of the two dates there. Both parties",
            "read the same list."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  all that is not agreed of January",
            "  tally matches north/vendor/reseller 2026-01 --open",
            "",
            "  where a difference holds an event: give the right notice, or attest the event as it is",
            "  tally attest north/vendor/reseller sales/0000000003"
        })
final class MatchesCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PERIOD", description = "such as 2026-01, 2026-Q1 or 2026")
    @Nullable
    Period period;

    @Option(names = "--open", description = "leave out what both say alike")
    boolean open;

    MatchesCommand(Shell shell) {
        this.shell = shell;
    }

    /// The sales of one element of the agreement's matching.
    private record Shown(Document.Matching agreed, List<Sale> sales) {}

    @Override
    public Integer call() throws Exception {
        AgreementView view = shell.agreement(given(agreement));
        Document document = Shell.inEffect(view);
        if (document.matching().isEmpty()) {
            throw CommandFailure.refused(
                    view.id() + " takes one report of each sale, so there is nothing to match",
                    "an agreement says in roles.matching of what it takes two");
        }
        Period asked = period;
        if (asked != null) {
            Shell.need(document, asked);
        }
        List<Shown> all = new ArrayList<>();
        MatchedSales sales = new MatchedSales(shell.courier(), view.id(), document);
        for (Document.Matching agreed : document.matching()) {
            all.add(new Shown(agreed, sales.of(agreed, Optional.ofNullable(asked))));
        }
        if (shell.json()) {
            shell.print(Json.array(all.stream()
                    .flatMap(shown -> shown.sales().stream()
                            .filter(this::isAsked)
                            .<Json>map(sale -> encode(shown.agreed(), sale)))
                    .toList()));
        } else {
            all.forEach(shown -> print(shown, document.terms().currency()));
        }
        return Tally.DONE;
    }

    private boolean isAsked(Sale sale) {
        return !open || sale.standing() != Standing.AGREED;
    }

    private void print(Shown shown, String currency) {
        Document.Matching agreed = shown.agreed();
        List<Sale> asked = shown.sales().stream().filter(this::isAsked).toList();
        shell.out()
                .println(agreed.counts() + " counts, " + agreed.notices() + " gives notice, by " + agreed.by()
                        + (agreed.agree() ? "; an event counts once both agree" : "; every event counts"));
        if (!asked.isEmpty()) {
            Table table = new Table("REFERENCE", "EVENT", "SAYS", "NOTICE", "SAYS", "");
            for (Sale sale : asked) {
                table.add(
                        sale.reference(),
                        id(sale.counts()),
                        says(sale.counts(), currency),
                        id(sale.notice()),
                        says(sale.notice(), currency),
                        standing(agreed, sale));
            }
            table.print(shell.out());
        }
        shell.out()
                .println(count(shown, Standing.AGREED) + " agreed, " + count(shown, Standing.DIFFERS) + " differ, "
                        + count(shown, Standing.ONLY_COUNTED) + " only in " + agreed.counts() + ", "
                        + count(shown, Standing.ONLY_NOTICED) + " only in " + agreed.notices());
    }

    private static long count(Shown shown, Standing standing) {
        return shown.sales().stream()
                .filter(sale -> sale.standing() == standing)
                .count();
    }

    private static String standing(Document.Matching agreed, Sale sale) {
        return switch (sale.standing()) {
            case AGREED -> "agreed";
            case DIFFERS -> "differs in " + String.join(", ", sale.differs());
            case ONLY_COUNTED -> "only in " + agreed.counts();
            case ONLY_NOTICED -> "only in " + agreed.notices();
        };
    }

    private static String id(Optional<Reported> event) {
        return event.map(reported -> reported.id().text()).orElse("");
    }

    private static String says(Optional<Reported> reported, String currency) {
        if (reported.isEmpty()) {
            return "";
        }
        Event event = reported.get().event();
        String money = event.currency().orElse(currency);
        return event.type() + " of " + event.date()
                + event.amount()
                        .map(amount -> ", " + MoneyText.of(amount, money) + " " + money)
                        .orElse("")
                + event.quantity().map(quantity -> ", quantity " + quantity).orElse("");
    }

    private static Json encode(Document.Matching agreed, Sale sale) {
        return Json.object()
                .with("counts", sale.counts().map(MatchesCommand::encode))
                .with("differs", Json.texts(sale.differs()))
                .with("notice", sale.notice().map(MatchesCommand::encode))
                .with("notices", agreed.notices())
                .with("reference", sale.reference())
                .with("source", agreed.counts())
                .with("standing", sale.standing().text())
                .with("type", sale.type())
                .build();
    }

    private static Json encode(Reported reported) {
        Event event = reported.event();
        return Json.object()
                .withText("amount", event.amount().map(String::valueOf))
                .withText("currency", event.currency())
                .with("date", event.date().toString())
                .with("id", reported.id().text())
                .withText("quantity", event.quantity().map(String::valueOf))
                .build();
    }
}
