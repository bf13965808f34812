package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Poll;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands that move a decision which leaves the document as it is.
final class MotionCommands {

    private MotionCommands() {}

    /// What all of them take.
    static final class Moving {
        @Parameters(index = "0", paramLabel = "AGREEMENT")
        @Nullable
        AgreementId agreement;

        @Option(
                names = "--open",
                paramLabel = "TIME",
                description =
                        "how long it stays open (default: until the vote and what follows it are over, and 7 days)")
        @Nullable
        Duration open;

        int move(Shell shell, Json.Obj decision)
                throws IOException, LedgerException, KeyFolderException, CommandFailure {
            AgreementId id = given(agreement);
            AgreementAtHand at = AgreementAtHand.of(shell, id);
            Document document = at.newest();
            Decision kind = Decision.ofText(decision.text("kind"));
            Party mover = shell.party(ActKind.MOTION);
            List<Ballot> ballots = decidesAlone(at, mover, decision)
                    ? List.of()
                    : Poll.ballots(document.governance(), new TreeSet<>(List.of(kind)), at.now());
            return new MotionAnswer(shell, id)
                    .print(mover.move(id, decision, at.expires(ballots, Optional.ofNullable(open))));
        }

        /// Whoever gave notice of the breach may be the only one who decides: then nobody votes.
        private static boolean decidesAlone(AgreementAtHand at, Party mover, Json.Obj decision)
                throws IOException, LedgerException, CommandFailure {
            Optional<String> named = decision.findText("notice");
            return named.isPresent()
                    && at.newest().governance().breachByNotifier()
                    && at.story().notices().stream()
                            .anyMatch(notice -> notice.hash().hex().equals(named.get())
                                    && notice.record().by().equals(mover.id().text()));
        }
    }

    /// Stops the intake of new sales.
    @Command(
            name = "pause",
            description = {
                "Moves to pause an agreement: sales from that day on are not taken in; all else goes on.",
                "What was sold in a pause may be reported once the agreement is continued."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally agreement pause north/vendor/reseller --reason \"the shop is being moved\"")
    static final class Pause implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Moving moving = new Moving();

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why, in the record for good")
        @Nullable
        String reason;

        Pause(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return moving.move(
                    shell,
                    Json.object()
                            .with("kind", "pause")
                            .with("reason", given(reason))
                            .build());
        }
    }

    /// Ends a pause.
    @Command(
            name = "continue",
            description = "Moves to continue a paused agreement.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement continue north/vendor/reseller")
    static final class Continue implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Moving moving = new Moving();

        Continue(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return moving.move(shell, Json.object().with("kind", "continue").build());
        }
    }

    /// Ends an agreement.
    @Command(
            name = "terminate",
            description = {
                "Moves to end an agreement: its last day comes nearer, and the run-off begins the day after.",
                "For a breach, name the notice of it: the time to cure must be over."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally agreement terminate north/vendor/reseller --last 2026-12-31",
                "  tally agreement terminate north/vendor/reseller --last 2026-12-31 --for-breach 0271aea4539e"
            })
    static final class Terminate implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Moving moving = new Moving();

        @Option(
                names = "--last",
                required = true,
                paramLabel = "DAY",
                description = "the last day of sales, today or later")
        @Nullable
        LocalDate last;

        @Option(
                names = "--for-breach",
                paramLabel = "NOTICE",
                description = "the notice of the breach, by at least 8 digits of its hash")
        @Nullable
        HashName notice;

        Terminate(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            Json.Builder decision = Json.object()
                    .with("cause", notice == null ? "convenience" : "breach")
                    .with("kind", "terminate")
                    .with("last", given(last).toString());
            if (notice == null) {
                return moving.move(shell, decision.build());
            }
            String named = AgreementAtHand.of(shell, given(moving.agreement))
                    .notice(notice)
                    .hex();
            return moving.move(shell, decision.with("notice", named).build());
        }
    }

    /// Stops a party's payments.
    @Command(
            name = "suspend",
            description = {
                "Moves to suspend a party's payments: what it earns is carried until they are resumed.",
                "The whole agreement stops with: tally agreement pause"
            },
            footerHeading = "%nExample:%n",
            footer = "  tally agreement suspend north/vendor/reseller reseller")
    static final class Suspend implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Moving moving = new Moving();

        @Parameters(index = "1", paramLabel = "PARTY", description = "a party of the terms, as they name it")
        @Nullable
        String party;

        Suspend(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return moving.move(shell, ofPayments("suspend", given(party)));
        }
    }

    /// Goes on with a party's payments.
    @Command(
            name = "resume",
            description = "Moves to resume a party's payments.",
            footerHeading = "%nExample:%n",
            footer = "  tally agreement resume north/vendor/reseller reseller")
    static final class Resume implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        Moving moving = new Moving();

        @Parameters(index = "1", paramLabel = "PARTY", description = "a party of the terms, as they name it")
        @Nullable
        String party;

        Resume(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws Exception {
            return moving.move(shell, ofPayments("resume", given(party)));
        }
    }

    private static Json.Obj ofPayments(String kind, String party) {
        return Json.object().with("kind", kind).with("party", party).build();
    }
}
