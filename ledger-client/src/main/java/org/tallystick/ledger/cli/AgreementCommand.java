package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Difference;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Agreements: how they are made, changed and ended, and what became of them.
@Command(
        name = "agreement",
        description = {
            "Makes, changes, ends and shows agreements.",
            "docs/AGREEMENTS.md tells how one is made and changed, step by step."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  tally agreement draft terms.json --id north/vendor/reseller -o reseller.json",
            "  tally agreement offer reseller.json --as north/vendor",
            "  tally agreement show north/vendor/reseller"
        })
final class AgreementCommand {

    private final Shell shell;

    AgreementCommand(Shell shell) {
        this.shell = shell;
    }

    /// With the commands that are too long to be methods here.
    static CommandLine of(Shell shell) {
        return new CommandLine(new AgreementCommand(shell))
                .addSubcommand(new AgreementDraftCommand(shell))
                .addSubcommand(new AgreementCounterCommand(shell))
                .addSubcommand(new AgreementAmendCommand(shell))
                .addSubcommand(new AgreementVoteCommand(shell))
                .addSubcommand(new AgreementExecuteCommand(shell))
                .addSubcommand(new MotionCommands.Pause(shell))
                .addSubcommand(new MotionCommands.Continue(shell))
                .addSubcommand(new MotionCommands.Terminate(shell))
                .addSubcommand(new MotionCommands.Suspend(shell))
                .addSubcommand(new MotionCommands.Resume(shell))
                .addSubcommand(new NoticeCommands.Leave(shell))
                .addSubcommand(new NoticeCommands.NoRenewal(shell))
                .addSubcommand(new NoticeCommands.Breach(shell))
                .addSubcommand(new NoticeCommands.Cured(shell))
                .addSubcommand(new AgreementShowCommand(shell))
                .addSubcommand(new AgreementDiffCommand(shell))
                .addSubcommand(new AgreementAttachmentsCommand(shell))
                .addSubcommand(new AgreementListCommand(shell));
    }

    @Command(
            name = "offer",
            description = "Signs and sends the first version of an agreement; offering it accepts it.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement offer reseller.json --as north/vendor")
    int offer(
            @Parameters(paramLabel = "FILE", description = "an agreement document: docs/spec/agreement-1.md") Path file,
            @Option(
                            names = "--open",
                            paramLabel = "TIME",
                            defaultValue = "30d",
                            description = "how long it may be accepted, at most 90d (default: ${DEFAULT-VALUE})")
                    Duration open)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        DocumentFile document = DocumentFile.read(shell, file);
        document.warn(shell);
        return new Answers(shell)
                .print(shell.party(ActKind.OFFER).offer(document.document().id(), document.json(), open));
    }

    @Command(
            name = "accept",
            description = {
                "Accepts the version of an agreement that you have read: one on offer, or one that is moved.",
                "Accepting an amendment is the yes of who has a vote on it."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally agreement show north/vendor/reseller",
                "  tally agreement diff north/vendor/reseller",
                "  tally agreement accept north/vendor/reseller --of-version 3fa9c1d2"
            })
    int accept(
            @Parameters(paramLabel = "AGREEMENT") AgreementId id,
            @Option(
                            names = "--of-version",
                            required = true,
                            paramLabel = "HASH",
                            description = "the version, by at least 8 digits of its hash")
                    HashName version)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        AgreementAtHand agreement = AgreementAtHand.of(shell, id);
        AgreementView.VersionView offered = agreement.open(version);
        Optional<Hash> before = agreement.before(offered);
        if (before.isPresent() && !shell.json()) {
            shell.out().println("what it changes of version " + HashName.shown(before.get()) + ":");
            DifferenceText.print(Difference.of(agreement.version(before.get()), offered), "  ", shell.out());
        }
        DocumentFile.arbiterMissing(offered.document())
                .ifPresent(sentence -> Tally.say(shell.err(), "warning", sentence));
        return new Answers(shell).print(shell.party(ActKind.ACCEPT).accept(id, offered));
    }

    @Command(
            name = "decline",
            description = {
                "Says no to a version: one on offer lapses, and may be offered again.",
                "Of one that is moved it is the no of who has a vote on it; who would enter by it ends it."
            },
            footerHeading = "%nExample:%n",
            footer =
                    "  tally agreement decline north/vendor/reseller --of-version 3fa9c1d2 --reason \"20 %% is too much\"")
    int decline(
            @Parameters(paramLabel = "AGREEMENT") AgreementId id,
            @Option(
                            names = "--of-version",
                            required = true,
                            paramLabel = "HASH",
                            description = "the version, by at least 8 digits of its hash")
                    HashName version,
            @Option(names = "--reason", paramLabel = "TEXT", description = "why, in the record for good") @Nullable
                    String reason)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Hash declined = AgreementAtHand.of(shell, id).open(version).hash();
        return new Answers(shell)
                .print(shell.party(ActKind.DECLINE).decline(id, declined, Optional.ofNullable(reason)));
    }

    @Command(
            name = "withdraw",
            description = {
                "Takes back: your offer, your acceptance of one, or a motion of yours until it is carried out.",
                "To take back a vote: tally agreement vote AGREEMENT MOTION none"
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally agreement withdraw north/vendor/reseller",
                "  tally agreement withdraw north/vendor/reseller --motion 0271aea4539e"
            })
    int withdraw(
            @Parameters(paramLabel = "AGREEMENT") AgreementId id,
            @Option(
                            names = "--motion",
                            paramLabel = "HASH",
                            description = "the motion, by at least 8 digits; else what is on offer")
                    @Nullable
                    HashName motion)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        AgreementAtHand agreement = AgreementAtHand.of(shell, id);
        if (motion != null) {
            Hash named = agreement.motion(motion).hash();
            return new Answers(shell).print(shell.party(ActKind.WITHDRAW).withdrawMotion(id, named));
        }
        Hash offered = agreement.offer().version().hash();
        return new Answers(shell).print(shell.party(ActKind.WITHDRAW).withdraw(id, offered));
    }
}
