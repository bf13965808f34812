package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands by which a side gives notice, alone.
final class NoticeCommands {

    private NoticeCommands() {}

    /// What all of them take.
    static final class Giving {
        @Parameters(index = "0", paramLabel = "AGREEMENT")
        @Nullable
        AgreementId agreement;

        @Option(names = "--reason", paramLabel = "TEXT", description = "why, in the record for good")
        @Nullable
        String reason;

        @Option(
                names = "--evidence",
                paramLabel = "FILE",
                description = "a document; its hash, name and size are signed")
        @Nullable
        Path evidence;

        int give(Shell shell, String topic, Optional<PartyId> against, Optional<Hash> notice)
                throws IOException, LedgerException, KeyFolderException, CommandFailure {
            Act.Notice act = new Act.Notice(
                    topic,
                    against,
                    notice,
                    Optional.ofNullable(reason),
                    EvidenceFile.of(Optional.ofNullable(evidence)));
            AgreementId id = given(agreement);
            var _ = shell.agreement(id);
            return new Answers(shell).print(shell.party(ActKind.NOTICE).notice(id, act));
        }
    }

    /// Leaves.
    @Command(
            name = "leave",
            description = {
                "Gives notice to leave: the agreement ends for all, after the days that its term gives.",
                "Those days are leaveDays; it ends with the first period that ends after them. It cannot be taken",
                "back; an amendment of the term can undo it."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally agreement leave north/vendor/reseller --as east/reseller --reason \"we stop selling\"")
    static final class Leave implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Giving giving = new Giving();

        Leave(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return giving.give(shell, "leave", Optional.empty(), Optional.empty());
        }
    }

    /// Does not renew.
    @Command(
            name = "no-renewal",
            description = {
                "Gives notice that the agreement is not renewed, and ends with the term that runs.",
                "If the notice comes too late for that, it ends with the next one. By when it must be given:",
                "tally due --within 90d"
            },
            footerHeading = "%nExample:%n",
            footer = "  tally agreement no-renewal north/vendor/reseller")
    static final class NoRenewal implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Giving giving = new Giving();

        NoRenewal(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return giving.give(shell, "no-renewal", Optional.empty(), Optional.empty());
        }
    }

    /// Says that another side broke the agreement.
    @Command(
            name = "breach",
            description = {
                "Gives notice that another side broke the agreement.",
                "It may cure that in the agreed days (cureDays); after them the agreement may be terminated for it."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally agreement breach north/vendor/reseller --against east/reseller \\",
                "    --reason \"nothing was paid since May\" --evidence reminder.pdf",
                "  tally agreement terminate north/vendor/reseller --last 2026-12-31 --for-breach 0271aea4539e"
            })
    static final class Breach implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Giving giving = new Giving();

        @Option(
                names = "--against",
                required = true,
                paramLabel = "PARTY",
                description = "the side that broke it, such as east/reseller")
        @Nullable
        PartyId against;

        Breach(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return giving.give(shell, "breach", Optional.of(given(against)), Optional.empty());
        }
    }

    /// Says that a breach is cured.
    @Command(
            name = "cured",
            description = "Says that a breach of which you gave notice is cured: nobody can terminate for it any more.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement cured north/vendor/reseller 0271aea4539e")
    static final class Cured implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Giving giving = new Giving();

        @Parameters(index = "1", paramLabel = "NOTICE", description = "at least 8 digits of the notice's hash")
        @Nullable
        HashName notice;

        Cured(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            Hash named = AgreementAtHand.of(shell, given(giving.agreement)).notice(given(notice));
            return giving.give(shell, "cured", Optional.empty(), Optional.of(named));
        }
    }
}
