package org.tallystick.agreement.rules;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.FactPage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.NoticeRecord;
import org.tallystick.agreement.terms.Period;

/// Decisions that leave the document as it is: to pause and to continue, to end, to suspend a party's payments.
///
/// Each is looked at when it is moved and again when it is carried out, since much may have happened in between.
final class Resolutions {

    /// The source of the events that decisions make.
    private static final SourceId LEDGER = new SourceId(Booking.LEDGER);

    private final Overlay state;
    private final Moment moment;

    Resolutions(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    /// Why this cannot be done now.
    Optional<No> impossible(Engaged engaged, Json.Obj decision) {
        Life life = new Life(engaged.head(), engaged.document(), moment.day());
        Decision kind = Decision.ofText(decision.text("kind"));
        boolean ofPayments = kind == Decision.SUSPEND || kind == Decision.RESUME;
        if (life.isInRunOff() && !ofPayments) {
            return Optional.of(Motions.inRunOff());
        }
        return switch (kind) {
            case PAUSE -> life.isPaused() ? Optional.of(paused(Code.AGREEMENT_PAUSED, life)) : Optional.empty();
            case CONTINUE -> life.isPaused() ? Optional.empty() : Optional.of(paused(Code.AGREEMENT_NOT_PAUSED, life));
            case TERMINATE -> wrongEnd(life, decision).or(() -> uncured(engaged, decision));
            case SUSPEND, RESUME -> {
                String party = decision.text("party");
                boolean paid = engaged.document().parties().containsKey(party)
                        && !party.equals(engaged.document().terms().hub());
                yield paid
                        ? Optional.empty()
                        : Optional.of(
                                No.refused(Code.DECISION_WRONG, Json.object().with("party", party)));
            }
            case GOVERN, SEAT, ADMIT, SUCCEED, TERMS, EXTEND, APPOINT ->
                throw new IllegalArgumentException(kind + " changes the document");
        };
    }

    private static No paused(Code code, Life life) {
        return No.refused(code, Json.object().with("state", life.text()));
    }

    /// An agreement never ends in the past: what is booked would never be settled. It only ever ends sooner.
    private Optional<No> wrongEnd(Life life, Json.Obj decision) {
        LocalDate last = LocalDate.parse(decision.text("last"));
        boolean past = last.isBefore(moment.day());
        boolean later = life.lastDay().filter(end -> !last.isBefore(end)).isPresent();
        return past || later
                ? Optional.of(No.refused(
                        Code.DECISION_WRONG,
                        Json.object()
                                .with("earliest", moment.day().toString())
                                .withText("ends", life.lastDay().map(LocalDate::toString))))
                : Optional.empty();
    }

    /// Who ends an agreement for a breach must have said so, and given time to cure it.
    private Optional<No> uncured(Engaged engaged, Json.Obj decision) {
        if (!decision.text("cause").equals("breach")) {
            return Optional.empty();
        }
        Optional<NoticeRecord> notice = breach(engaged, decision);
        if (notice.isEmpty()) {
            return Optional.of(
                    No.refused(Code.NOTICE_MISSING, Json.object().withText("notice", decision.findText("notice"))));
        }
        LedgerTime cured =
                notice.get().at().plus(Duration.ofDays(engaged.document().term().cureDays()));
        return moment.time().isBefore(cured)
                ? Optional.of(No.refused(Code.CURE_RUNNING, Json.object().with("earliest", cured.text())))
                : Optional.empty();
    }

    /// The notice of a breach that a decision names, if the breach is not cured.
    Optional<NoticeRecord> breach(Engaged engaged, Json.Obj decision) {
        return decision.findText("notice")
                .flatMap(notice -> state.read(Keys.notice(engaged.agreement(), new Hash(notice)), NoticeRecord.CODEC))
                .filter(notice ->
                        notice.kind().equals("breach") && notice.ended().isEmpty());
    }

    /// Does what was found possible.
    Answer carryOut(Engaged engaged, Json.Obj decision) {
        AgreementHead head = engaged.head();
        return switch (Decision.ofText(decision.text("kind"))) {
            case PAUSE -> changed(engaged, head.paused(moment.day(), moment.time()));
            case CONTINUE -> changed(engaged, head.continued(moment.time()));
            case TERMINATE ->
                changed(engaged, head.ending(Optional.of(LocalDate.parse(decision.text("last"))), moment.time()));
            case SUSPEND, RESUME -> makeEvent(engaged, decision);
            case GOVERN, SEAT, ADMIT, SUCCEED, TERMS, EXTEND, APPOINT ->
                throw new IllegalArgumentException(decision + " changes the document");
        };
    }

    private Answer changed(Engaged engaged, AgreementHead after) {
        state.write(Keys.agreement(engaged.agreement()), AgreementHead.CODEC, after);
        return Answer.applied(stateEffect(after));
    }

    /// The state, and the last day where one was decided.
    static Json.Builder stateEffect(AgreementHead head) {
        return Json.object()
                .with("kind", "state")
                .withText("last", head.ends().map(LocalDate::toString))
                .with("state", head.stage().text());
    }

    /// An event that is booked in the first period that takes any, and dated in it: so it is never booked before its
    /// date, which would freeze the agreement.
    private Answer makeEvent(Engaged engaged, Json.Obj decision) {
        AgreementHead head = engaged.head();
        Period booked = engaged.unsettled();
        LocalDate latest = booked.end().minusDays(1);
        LocalDate earliest = engaged.document().opening().start();
        LocalDate day = moment.day().isAfter(latest) ? latest : moment.day();
        LocalDate date = day.isBefore(earliest) ? earliest : day;
        Json.Obj event = Json.object()
                .with(
                        "attrs",
                        Json.object().with("party", decision.text("party")).build())
                .with("date", date.toString())
                .with("type", decision.text("kind"))
                .build();
        EventId id = new EventId(LEDGER, head.made() + 1);
        new Facts(state, moment).add(engaged, Booking.LEDGER, booked, List.of(new FactPage.Fact(id.text(), event)));
        state.write(Keys.agreement(engaged.agreement()), AgreementHead.CODEC, head.made(moment.time()));
        return Answer.applied(
                Json.object().with("event", id.text()).with("kind", "made").with("period", booked.text()));
    }
}
