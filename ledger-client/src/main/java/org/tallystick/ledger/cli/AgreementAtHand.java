package org.tallystick.ledger.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.rules.Electorate;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.MotionRecord.Ballot;
import org.tallystick.agreement.state.OfferRecord;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementStory;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.MotionView;

/// The agreement that a command is about, and what people name of it: versions, motions, notices.
final class AgreementAtHand {

    /// How long a motion stays open after votes, locks and notices, so that somebody executes it.
    private static final Duration TO_EXECUTE = Duration.ofDays(7);

    private final Shell shell;
    private final AgreementView view;
    private @Nullable AgreementStory story;

    private AgreementAtHand(Shell shell, AgreementView view) {
        this.shell = shell;
        this.view = view;
    }

    static AgreementAtHand of(Shell shell, AgreementId id) throws IOException, LedgerException, CommandFailure {
        return new AgreementAtHand(shell, shell.agreement(id));
    }

    AgreementId id() {
        return view.id();
    }

    AgreementView view() {
        return view;
    }

    Document newest() throws CommandFailure {
        return Shell.inEffect(view);
    }

    LedgerTime now() throws IOException, LedgerException, CommandFailure {
        return Desk.at(shell.courier()).time();
    }

    AgreementStory story() throws IOException, LedgerException, CommandFailure {
        AgreementStory known = story;
        if (known == null) {
            known = AgreementStory.read(shell.courier(), view, now());
            story = known;
        }
        return known;
    }

    /// The version that is on offer, before anything was adopted.
    AgreementView.OfferView offer() throws IOException, LedgerException, CommandFailure {
        return view.offer()
                .filter(offer -> view.head().stage() == AgreementHead.Stage.OFFERED)
                .orElseThrow(() -> CommandFailure.refused(
                        "no version of " + id() + " is on offer", "see its state: tally agreement show " + id()));
    }

    /// A version that is on offer or moved.
    AgreementView.VersionView open(HashName name) throws IOException, LedgerException, CommandFailure {
        List<Hash> open = new ArrayList<>();
        if (view.newest().isEmpty()) {
            open.add(offer().version().hash());
        } else {
            story().open().forEach(motion -> motion.version().ifPresent(version -> open.add(version.hash())));
        }
        Hash version = name.of(open, "versions of " + id() + " that are open", hint(open));
        return version(version);
    }

    private String hint(List<Hash> open) {
        return (open.isEmpty()
                        ? "none is open; "
                        : "open: "
                                + String.join(
                                        ", ", open.stream().map(HashName::shown).toList()) + "; ")
                + "read it first: tally agreement show " + id();
    }

    AgreementView.VersionView version(Hash version) throws IOException, LedgerException, CommandFailure {
        return new Agreements(shell.courier()).version(id(), version);
    }

    /// Any version that was ever offered or moved.
    AgreementView.VersionView any(HashName name) throws IOException, LedgerException, CommandFailure {
        return version(name.of(story().offered(), "versions of " + id(), "see them: tally agreement show " + id()));
    }

    /// What a version would take, or took, the place of: the offer that it answers, else what it supersedes.
    Optional<Hash> before(AgreementView.VersionView version) throws IOException, LedgerException, CommandFailure {
        Optional<Hash> answered =
                new Agreements(shell.courier()).offered(id(), version.hash()).flatMap(OfferRecord::to);
        return answered.or(() -> version.json().findText("supersedes").map(Hash::new));
    }

    MotionView motion(HashName name) throws IOException, LedgerException, CommandFailure {
        List<Hash> all = story().motions().stream().map(MotionView::hash).toList();
        Hash motion = name.of(all, "motions of " + id(), "see them: tally agreement show " + id());
        return new Agreements(shell.courier())
                .motion(view, motion, now())
                .orElseThrow(() -> CommandFailure.refused(
                        "there is no motion " + motion + " of " + id(), "see them: tally agreement show " + id()));
    }

    Hash notice(HashName name) throws IOException, LedgerException, CommandFailure {
        List<Hash> all =
                story().notices().stream().map(AgreementStory.Notice::hash).toList();
        return name.of(all, "notices of " + id(), "see them: tally agreement show " + id());
    }

    /// Until when a motion stays open: unless somebody says how long, until its votes, locks and notices are over and a
    /// week later.
    LedgerTime expires(List<Ballot> ballots, Optional<Duration> open)
            throws IOException, LedgerException, CommandFailure {
        LedgerTime now = now();
        if (open.isPresent()) {
            return now.plus(open.get());
        }
        Electorate electorate = new Electorate(newest(), newest());
        return ballots.stream()
                .map(ballot -> ballot.deadline()
                        .plus(Duration.ofHours(electorate.rule(ballot).waitHours())))
                .max(Comparator.naturalOrder())
                .orElse(now)
                .plus(TO_EXECUTE);
    }
}
