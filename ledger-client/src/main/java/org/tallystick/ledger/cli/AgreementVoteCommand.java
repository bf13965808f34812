package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.ledger.client.MotionView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Votes on a motion.
@Command(
        name = "vote",
        description = {
            "Votes on a motion, for all seats and terms parties that you stand for; or takes your vote back.",
            "A vote can be changed until the motion is decided, and taken back until it is carried out."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  open motions, and who has not voted",
            "  tally agreement show north/vendor/reseller",
            "  tally agreement vote north/vendor/reseller 0271aea4539e yes",
            "  tally agreement vote north/vendor/reseller 0271aea4539e none"
        })
final class AgreementVoteCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Parameters(index = "1", paramLabel = "MOTION", description = "at least 8 digits of its hash")
    @Nullable
    HashName motion;

    @Parameters(index = "2", paramLabel = "CHOICE", description = "one of: ${COMPLETION-CANDIDATES}")
    @Nullable
    Choice choice;

    /// As people type it.
    enum Choice {
        YES,
        NO,
        ABSTAIN,
        NONE;

        Optional<MotionRecord.Choice> vote() {
            return this == NONE ? Optional.empty() : Optional.of(MotionRecord.Choice.valueOf(name()));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    AgreementVoteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementId id = given(agreement);
        MotionView named = AgreementAtHand.of(shell, id).motion(given(motion));
        return new MotionAnswer(shell, id)
                .print(shell.party(ActKind.VOTE)
                        .vote(id, named.hash(), given(choice).vote()));
    }
}
