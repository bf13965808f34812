package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.terms.Period;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Agrees on a sum beside what is computed.
@Command(
        name = "adjust",
        description = {
            "Signs that one party pays another a sum beside what is computed, for a period that is settled.",
            "",
            "Payer and payee both sign; one of them is the hub. It stands in the next settlement, beside the",
            "postings, and no clause or measure counts it. With the keys of both in one home, name the other",
            "with --with; else write it with --unsent FILE, have the other sign it with tally sign, and send",
            "it with tally submit."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally adjust north/vendor/reseller --period 2026-Q1 --payer vendor --payee reseller \\",
            "    --amount 12500 --reason error --text \"list price of May was wrong\" \\",
            "    --evidence letter.pdf --unsent adjustment.jsonl",
            "  tally sign adjustment.jsonl --as east/reseller",
            "  tally submit adjustment.jsonl"
        })
final class AdjustCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Option(names = "--period", required = true, paramLabel = "P", description = "the settled period that it is about")
    @Nullable
    Period period;

    @Option(names = "--payer", required = true, paramLabel = "NAME", description = "a party of the terms")
    @Nullable
    String payer;

    @Option(names = "--payee", required = true, paramLabel = "NAME", description = "a party of the terms")
    @Nullable
    String payee;

    @Option(
            names = "--amount",
            required = true,
            paramLabel = "A",
            description = "in minor units of the currency of the terms, above 0")
    @Nullable
    BigInteger amount;

    @Option(names = "--reason", required = true, description = "one of: ${COMPLETION-CANDIDATES}")
    @Nullable
    Reason reason;

    @Option(names = "--text", required = true, paramLabel = "TEXT", description = "why, in the record for good")
    @Nullable
    String text;

    @Option(names = "--evidence", paramLabel = "FILE", description = "a document; its hash, name and size are signed")
    @Nullable
    Path evidence;

    @Option(names = "--with", paramLabel = "PARTY", description = "the other one, with a key in this home")
    @Nullable
    PartyId with;

    /// As people type it.
    enum Reason {
        PRICE,
        VOLUME,
        GOODWILL,
        ERROR,
        OTHER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    AdjustCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        Document document = Shell.inEffect(shell.agreement(id));
        Shell.need(document, given(period));
        for (String name : new String[] {given(payer), given(payee)}) {
            if (!document.parties().containsKey(name)) {
                throw CommandFailure.cannot(
                        "the terms have no bound party " + name,
                        "they have " + String.join(", ", document.parties().keySet()));
            }
        }
        Act.Adjust act = new Act.Adjust(
                given(period).text(),
                given(payer),
                given(payee),
                given(amount),
                given(reason).toString(),
                given(text),
                EvidenceFile.of(Optional.ofNullable(evidence)));
        return new Answers(shell)
                .print(shell.party(ActKind.ADJUST)
                        .adjust(
                                id,
                                act,
                                with == null
                                        ? List.of()
                                        : shell.hands(shell.keys(), with, ActKind.ADJUST, Optional.empty())));
    }
}
