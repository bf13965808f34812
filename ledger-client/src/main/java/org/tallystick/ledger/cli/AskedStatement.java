package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.statement.Lacking;
import org.tallystick.ledger.statement.NotExplained;
import org.tallystick.ledger.statement.Statement;
import org.tallystick.ledger.statement.Statements;

/// The statement that a command line asks for.
final class AskedStatement {

    private final Shell shell;
    private final AgreementId agreement;
    private final StatementOptions options;

    AskedStatement(Shell shell, AgreementId agreement, StatementOptions options) {
        this.shell = shell;
        this.agreement = agreement;
        this.options = options;
    }

    /// @param period the one asked for, if one was
    /// @param parties those asked for; none for all
    /// @param program whether all events are wanted unless it was said how many
    Statement of(@Nullable Period period, List<String> parties, boolean program)
            throws IOException, LedgerException, CommandFailure {
        AgreementView view = shell.agreement(agreement);
        Document document = Shell.inEffect(view);
        List<String> of = termsParties(document, parties);
        int most = options.events().orElse(program ? Integer.MAX_VALUE : StatementOptions.USUAL_EVENTS);
        Statements statements = new Statements(shell.courier(), view, most);
        return options.provisional ? provisional(statements, view, period, of) : settled(statements, view, period, of);
    }

    private Statement settled(Statements statements, AgreementView view, @Nullable Period period, List<String> of)
            throws LedgerException, CommandFailure {
        Period next = view.head().unsettled();
        Optional<Period> asked =
                Optional.ofNullable(period).or(() -> view.head().settled());
        if (asked.isEmpty()) {
            throw CommandFailure.refused(
                    "no period of " + agreement + " is settled yet", "as things stand: --provisional");
        }
        checkFrequency(asked.get(), next);
        try {
            return statements
                    .settled(asked.get(), of)
                    .orElseThrow(() -> CommandFailure.refused(
                            asked.get().text() + " is not settled",
                            "the first period not settled is " + next.text() + "; as things stand: --provisional"));
        } catch (NotExplained e) {
            throw CommandFailure.refused(
                    String.valueOf(e.getMessage()),
                    "whoever answered, or this program, is wrong: ask another member's peer, and verify a pack");
        }
    }

    private Statement provisional(Statements statements, AgreementView view, @Nullable Period period, List<String> of)
            throws IOException, LedgerException, CommandFailure {
        Period next = view.head().unsettled();
        Period asked = period == null ? next : period;
        checkFrequency(asked, next);
        if (asked.compareTo(next) < 0) {
            throw CommandFailure.refused(
                    asked.text() + " is settled: there is nothing provisional about it", "leave out --provisional");
        }
        LedgerTime now = Desk.at(shell.courier()).time();
        if (asked.start().isAfter(now.day())) {
            throw CommandFailure.refused(
                    asked.text() + " has not begun on the ledger", "the first period not settled is " + next.text());
        }
        try {
            return statements.provisional(asked, of, now);
        } catch (Lacking e) {
            throw CommandFailure.refused(
                    Sentences.of(
                            "lacking",
                            Json.object().with("codes", Json.texts(e.codes())).build()),
                    "see what is missing and who owes it: tally period " + asked.text());
        }
    }

    private static void checkFrequency(Period asked, Period next) throws CommandFailure {
        if (asked.frequency() != next.frequency()) {
            throw CommandFailure.cannot(
                    asked.text() + " is no period of this agreement",
                    "it is settled every " + next.frequency().text() + "; the first period not settled is "
                            + next.text());
        }
    }

    private static List<String> termsParties(Document document, List<String> asked) throws CommandFailure {
        List<String> parties = new ArrayList<>();
        for (String party : asked) {
            List<String> found = document.terms().parties().stream()
                    .filter(id -> id.equals(party) || standsFor(document.parties(), id, party))
                    .toList();
            if (found.isEmpty()) {
                throw CommandFailure.cannot(
                        "the terms have no party " + party,
                        "its parties are " + String.join(", ", document.terms().parties()));
            }
            parties.addAll(found);
        }
        return parties;
    }

    private static boolean standsFor(Map<String, PartyId> bound, String id, String party) {
        PartyId by = bound.get(id);
        return by != null && by.text().equals(party);
    }
}
