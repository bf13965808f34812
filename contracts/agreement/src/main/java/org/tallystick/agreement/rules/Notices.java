package org.tallystick.agreement.rules;

import java.time.LocalDate;
import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.NoticeRecord;
import org.tallystick.agreement.terms.Period;

/// Notices that a side gives alone: to leave, not to renew, of a breach and of its cure.
///
/// Those that change when the agreement ends write its head, and each can do so once. `docs/spec/agreement-1.md`
/// section
/// 4.
final class Notices {

    private final Overlay state;
    private final Moment moment;

    Notices(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    Answer give(Engaged engaged, Act.Notice act, Hash instruction) {
        PartyId party = (PartyId) engaged.payload().party();
        if (!engaged.document().isSide(party)) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        Life life = new Life(engaged.head(), engaged.document(), moment.day());
        if (life.isInRunOff() && !act.topic().equals("cured")) {
            return Answer.denied(Motions.inRunOff());
        }
        return switch (act.topic()) {
            case "leave" -> leave(engaged, life, instruction);
            case "no-renewal" -> end(engaged, life, instruction);
            case "breach" -> breach(engaged, act, instruction);
            case "cured" -> cured(engaged, act);
            default -> throw new IllegalArgumentException("no notice " + act.topic());
        };
    }

    /// The agreement ends for all with the first period that ends when the notice is over, and not before the day of
    /// the
    /// notice itself.
    private Answer leave(Engaged engaged, Life life, Hash instruction) {
        Optional<Integer> days = engaged.document().term().leaveDays();
        if (days.isEmpty()) {
            return notAgreed("/term/leaveDays");
        }
        LocalDate over = moment.day().plusDays(Math.max(1, days.get()));
        Period period = engaged.document().terms().frequency().periodOf(over);
        boolean endsJustBefore = period.start().equals(over);
        LocalDate end = endsJustBefore ? over : period.end();
        return ending(engaged, life, end.minusDays(1), "leave", instruction);
    }

    /// The agreement ends when it would be renewed the next time that can still be stopped.
    private Answer end(Engaged engaged, Life life, Hash instruction) {
        Document.Term term = engaged.document().term();
        if (term.renewal().isEmpty()) {
            return notAgreed("/term/renewal");
        }
        Document.Renewal renewal = term.renewal().get();
        LocalDate first = term.until().orElseThrow();
        LocalDate end = renewal.end(first, moment.day());
        boolean inTime = !moment.day().isAfter(end.minusDays(renewal.noticeDays()));
        LocalDate stops = inTime ? end : renewal.next(first, end).orElse(end);
        return ending(engaged, life, stops.minusDays(1), "no-renewal", instruction);
    }

    private static Answer notAgreed(String what) {
        return Answer.denied(No.refused(Code.NOTICE_NOT_AGREED, Json.object().with("what", what)));
    }

    private Answer ending(Engaged engaged, Life life, LocalDate last, String kind, Hash instruction) {
        AgreementHead head = engaged.head();
        boolean endsBefore = head.ends().filter(end -> !last.isBefore(end)).isPresent();
        boolean endsAnyway = engaged.document()
                .term()
                .lastDay(last.plusDays(1))
                .filter(end -> !last.isBefore(end))
                .isPresent();
        if (endsBefore || endsAnyway) {
            return Answer.denied(No.refused(
                    Code.NOTICE_ENDED,
                    Json.object().withText("ends", life.lastDay().map(LocalDate::toString))));
        }
        AgreementHead after = head.ending(Optional.of(last), moment.time());
        state.write(Keys.agreement(engaged.agreement()), AgreementHead.CODEC, after);
        write(engaged, kind, Optional.empty(), instruction);
        return Answer.applied(effect(instruction), Resolutions.stateEffect(after));
    }

    private Answer breach(Engaged engaged, Act.Notice act, Hash instruction) {
        PartyId against = act.against().orElseThrow();
        boolean other = engaged.document().isSide(against)
                && !against.equals(engaged.payload().party());
        if (!other) {
            return Answer.denied(No.refused(Code.NOT_OTHER_SIDE, Json.object().with("party", against.text())));
        }
        write(engaged, "breach", Optional.of(against.text()), instruction);
        return Answer.applied(effect(instruction));
    }

    private Answer cured(Engaged engaged, Act.Notice act) {
        Hash breach = act.notice().orElseThrow();
        String key = Keys.notice(engaged.agreement(), breach);
        Json.Builder named = Json.object().with("notice", breach.hex());
        Optional<NoticeRecord> notice =
                state.read(key, NoticeRecord.CODEC).filter(found -> found.kind().equals("breach"));
        if (notice.isEmpty()) {
            return Answer.denied(No.waiting(Code.NOTICE_UNKNOWN, named));
        }
        if (!notice.get().by().equals(engaged.payload().party().text())) {
            return Answer.denied(No.refused(
                    Code.NOT_YOURS, Json.object().with("by", notice.get().by())));
        }
        if (notice.get().ended().isPresent()) {
            return Answer.denied(No.refused(Code.NOTICE_ENDED, named));
        }
        state.write(key, NoticeRecord.CODEC, notice.get().ended(moment.time()));
        return Answer.applied(effect(breach));
    }

    private void write(Engaged engaged, String kind, Optional<String> against, Hash instruction) {
        NoticeRecord notice =
                new NoticeRecord(moment.time(), engaged.payload().party().text(), kind, against, Optional.empty());
        state.write(Keys.notice(engaged.agreement(), instruction), NoticeRecord.CODEC, notice);
    }

    private static Json.Builder effect(Hash notice) {
        return Json.object().with("kind", "notice").with("notice", notice.hex());
    }
}
