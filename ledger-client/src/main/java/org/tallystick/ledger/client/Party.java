package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.Governance;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// A party with one of its keys: offers and accepts agreements, reports events, declares and closes periods.
///
/// Each call signs, sends and waits. The answer is a value; an exception means that none was reached.
public final class Party {

    private final PartyId id;
    private final List<Envelope.Hand> hands;
    private final Desk desk;

    public Party(PartyId id, Envelope.Hand hand, Desk desk) {
        this(id, List.of(hand), desk);
    }

    /// @param hands one; none only where nothing is sent
    public Party(PartyId id, List<Envelope.Hand> hands, Desk desk) {
        this.id = id;
        this.hands = List.copyOf(hands);
        this.desk = desk;
    }

    public PartyId id() {
        return id;
    }

    /// Names who may recover this party; they take the place of those named before.
    public Sent recoveredBy(Recovery recovery) throws LedgerException {
        Act act = new Act.RecoverySet(recovery);
        return desk.carry(desk.payload(id, act.kind(), Optional.empty(), act.body()), hands);
    }

    /// Offers the first version of an agreement: this party accepts it by offering.
    ///
    /// @param document `docs/spec/agreement-1.md`; whatever is wrong with it is the ledger's to answer
    /// @param open how long it may be accepted, at most 90 days
    public Sent offer(AgreementId agreement, Json.Obj document, Duration open) throws LedgerException {
        Hash version = Hash.of(document.canonical());
        Act act = new Act.Offer(document, desk.time().plus(open));
        return carry(Payload.Scope.of(agreement, version), act.kind(), act.body());
    }

    /// Accepts an offered version after having read its text: the hash of the English is signed, too.
    public Sent accept(AgreementId agreement, AgreementView.VersionView read) throws LedgerException {
        Act act = new Act.Accept(Optional.of(Hash.of(Bytes.ofUtf8(read.rendered()))));
        return carry(Payload.Scope.of(agreement, read.hash()), act.kind(), act.body());
    }

    /// Answers the open offer with another, which takes its place: this party accepts it by offering.
    ///
    /// @param to the version that it answers
    public Sent counter(AgreementId agreement, Json.Obj document, Hash to, Duration open) throws LedgerException {
        Act act = new Act.Counter(document, desk.time().plus(open), to);
        return carry(Payload.Scope.of(agreement, Hash.of(document.canonical())), act.kind(), act.body());
    }

    /// Says no to a version that is offered, or voted on.
    public Sent decline(AgreementId agreement, Hash version, Optional<String> reason) throws LedgerException {
        Act act = new Act.Decline(reason);
        return carry(Payload.Scope.of(agreement, version), act.kind(), act.body());
    }

    /// Takes an offer back, or this party's acceptance of it.
    public Sent withdraw(AgreementId agreement, Hash version) throws LedgerException {
        Act act = new Act.Withdraw(Optional.empty());
        return carry(Payload.Scope.of(agreement, version), act.kind(), act.body());
    }

    /// Takes a motion back that this party moved.
    public Sent withdrawMotion(AgreementId agreement, Hash motion) throws LedgerException {
        Act act = new Act.Withdraw(Optional.of(motion));
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Moves a new version.
    ///
    /// @param decision the first class of what it changes
    public Sent amend(AgreementId agreement, Json.Obj document, Governance.Decision decision, LedgerTime expires)
            throws LedgerException {
        Act act = new Act.Amend(decision.text(), document, expires);
        return carry(Payload.Scope.of(agreement, Hash.of(document.canonical())), act.kind(), act.body());
    }

    /// Moves a decision that leaves the document as it is.
    public Sent move(AgreementId agreement, Json.Obj decision, LedgerTime expires) throws LedgerException {
        Act act = new Act.Motion(decision, expires);
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Votes on a motion, or takes the vote back.
    public Sent vote(AgreementId agreement, Hash motion, Optional<MotionRecord.Choice> choice) throws LedgerException {
        Act act = new Act.Vote(motion, choice.map(MotionRecord.Choice::text).orElse("none"));
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Carries a decision out.
    public Sent execute(AgreementId agreement, Hash motion) throws LedgerException {
        Act act = new Act.Execute(motion);
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Gives notice.
    public Sent notice(AgreementId agreement, Act.Notice notice) throws LedgerException {
        return carry(newest(agreement), notice.kind(), notice.body());
    }

    /// Signs a sum that payer and payee agree on.
    ///
    /// @param others who sign for the other of the two, where their keys are here
    public Sent adjust(AgreementId agreement, Act.Adjust adjustment, List<Envelope.Hand> others)
            throws LedgerException {
        Payload payload = desk.payload(id, adjustment.kind(), Optional.of(newest(agreement)), adjustment.body());
        List<Envelope.Hand> all = new ArrayList<>(hands);
        all.addAll(others);
        return desk.carry(payload, all);
    }

    /// What reports a whole file of events under the next numbers of a source.
    public FileReport report(FileReport.Subject subject, FileReport.Books books) {
        return new FileReport(id, hands.getFirst(), desk.within(FileReport.WINDOW), subject, books);
    }

    /// Declares that a period of a source is complete, with totals computed from the events that were reported.
    public Sent declare(AgreementId agreement, Document document, SourceId source, Period period)
            throws LedgerException {
        SourceHistory.Declarable word =
                new SourceHistory(desk.courier(), agreement, source).declarable(document, period);
        Json.Obj body = Json.object()
                .with("count", word.count())
                .with("held", word.held())
                .with("last", word.last())
                .with("period", period.text())
                .with("source", source.text())
                .with("totals", word.totals().encode())
                .build();
        return carry(newest(agreement), ActKind.DECLARE, body);
    }

    /// Attests events of others, in as many instructions as they need.
    public List<Sent> attest(AgreementId agreement, List<EventId> events) throws LedgerException {
        Payload.Scope scope = newest(agreement);
        List<Payload> payloads = new ArrayList<>();
        for (List<Act.EventProof> proofs : new EventProofs(desk.courier(), agreement).of(events)) {
            Act act = new Act.Attest(proofs);
            payloads.add(desk.payload(id, act.kind(), Optional.of(scope), act.body()));
        }
        return desk.carry(payloads, hands);
    }

    /// Says that events of others are not so, in as many instructions as they need.
    public List<Sent> contradict(
            AgreementId agreement, List<EventId> events, String reason, Optional<Act.Evidence> evidence)
            throws LedgerException {
        Payload.Scope scope = newest(agreement);
        List<Payload> payloads = new ArrayList<>();
        for (List<Act.EventProof> proofs : new EventProofs(desk.courier(), agreement).of(events)) {
            Act act = new Act.Contradict(proofs, reason, evidence);
            payloads.add(desk.payload(id, act.kind(), Optional.of(scope), act.body()));
        }
        return desk.carry(payloads, hands);
    }

    /// Opens the newest declared period of a source again.
    public Sent takeBack(AgreementId agreement, SourceId source, Period period) throws LedgerException {
        Act act = new Act.TakeBack(source, period.text());
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Declares a period of a silent source in its owner's place.
    public Sent seal(AgreementId agreement, SourceId source, Period period) throws LedgerException {
        Act act = new Act.Seal(source, period.text());
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Claims that a source lacks an event.
    public Sent claim(
            AgreementId agreement, SourceId source, Json.Obj event, Act.Evidence evidence, Optional<String> note)
            throws LedgerException {
        Act act = new Act.Claim(source, event, evidence, note);
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Answers a claim with the event as it was reported.
    ///
    /// @param claim the instruction that made it
    public Sent answerClaim(AgreementId agreement, Hash claim, EventId event, Optional<Act.Evidence> evidence)
            throws LedgerException {
        Act.EventProof proof = new EventProofs(desk.courier(), agreement)
                .of(List.of(event))
                .getFirst()
                .getFirst();
        Act act = new Act.ClaimAnswer(claim, new Act.Reply.Reported(proof), evidence);
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Refuses a claim, with a reason.
    public Sent refuseClaim(AgreementId agreement, Hash claim, String reason, Optional<Act.Evidence> evidence)
            throws LedgerException {
        Act act = new Act.ClaimAnswer(claim, new Act.Reply.Refusal(reason), evidence);
        return carry(newest(agreement), act.kind(), act.body());
    }

    /// Asks the ledger to settle a period.
    public Sent close(AgreementId agreement, Period period) throws LedgerException {
        Act act = new Act.Close(period.text());
        return carry(newest(agreement), act.kind(), act.body());
    }

    private Sent carry(Payload.Scope scope, ActKind kind, Json.Obj body) throws LedgerException {
        return desk.carry(desk.payload(id, kind, Optional.of(scope), body), hands);
    }

    /// The newest adopted version, which every act but those on offers names; before one was adopted, the offer, so
    /// that the ledger answers what it waits for.
    private Payload.Scope newest(AgreementId agreement) throws LedgerException {
        Optional<AgreementHead> head =
                desk.courier().get(Keys.agreement(agreement.text())).map(AgreementHead::decode);
        Hash version = head.flatMap(AgreementHead::newest)
                .map(AgreementHead.Version::hash)
                .or(() -> head.flatMap(AgreementHead::offer))
                .orElse(Hash.ZERO);
        return Payload.Scope.of(agreement, version);
    }
}
