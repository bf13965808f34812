package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.DeclarationRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;

/// A source's word that a period is complete, held against what it has booked there; taken back, or given by a side in
/// its place once the agreed grace is over.
final class Declarations {

    private final Overlay state;
    private final Moment moment;
    private final OpenRuns runs;

    Declarations(Overlay state, Moment moment, OpenRuns runs) {
        this.state = state;
        this.moment = moment;
        this.runs = runs;
    }

    Answer declare(Engaged engaged, Act.Declare declare, SourceHead head, Hash instruction) {
        String id = declare.source().text();
        Optional<Document.Source> source = engaged.document().source(id);
        Optional<No> refused = Sources.mayUse(engaged, id, source).or(() -> source.flatMap(Sources::ofNotices));
        if (refused.isPresent()) {
            return Answer.denied(refused.get());
        }
        Optional<Period> asked = Sources.period(engaged, declare.period());
        if (asked.isEmpty()) {
            return Answer.denied(periodWrong(declare.period()));
        }
        Period period = asked.get();
        Optional<No> notNow = notNow(engaged, source.get(), head, period);
        if (notNow.isPresent()) {
            return Answer.denied(notNow.get());
        }
        if (moment.day().isBefore(period.end())) {
            return Answer.denied(No.waiting(Code.PERIOD_NOT_OVER, until(LedgerTime.startOf(period.end()))));
        }
        if (declare.last() > head.last()) {
            return Answer.denied(No.waiting(Code.GAP, Json.object().with("last", head.last())));
        }
        PeriodTotal total = total(engaged, id, period);
        return wrong(engaged, declare, head, total)
                .map(Answer::denied)
                .orElseGet(() -> write(engaged, id, period, head, instruction, false));
    }

    /// Declares in the place of an owner who keeps silent, with what is there.
    Answer seal(Engaged engaged, Act.Seal seal, SourceHead head, Hash instruction) {
        String id = seal.source().text();
        if (!engaged.document().isSide((PartyId) engaged.payload().party())) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        Optional<Document.Source> source = engaged.document().source(id);
        if (source.isEmpty()) {
            return Answer.denied(Sources.unknown(id));
        }
        Optional<No> notices = Sources.ofNotices(source.get());
        if (notices.isPresent()) {
            return Answer.denied(notices.get());
        }
        Optional<Period> asked = Sources.period(engaged, seal.period());
        if (asked.isEmpty()) {
            return Answer.denied(periodWrong(seal.period()));
        }
        Period period = asked.get();
        Optional<No> notNow = notNow(engaged, source.get(), head, period);
        if (notNow.isPresent()) {
            return Answer.denied(notNow.get());
        }
        LedgerTime graceEnds = graceEnds(engaged, period);
        if (moment.time().isBefore(graceEnds)) {
            return Answer.denied(No.waiting(Code.GRACE_RUNNING, until(graceEnds)));
        }
        return write(engaged, id, period, head, instruction, true);
    }

    /// Opens the newest declared period again, unless its grace is over: else an owner could take back each seal.
    Answer takeBack(Engaged engaged, Act.TakeBack takeBack, SourceHead head) {
        String id = takeBack.source().text();
        Optional<Document.Source> source = engaged.document().source(id);
        Optional<No> refused = Sources.mayUse(engaged, id, source).or(() -> source.flatMap(Sources::ofNotices));
        if (refused.isPresent()) {
            return Answer.denied(refused.get());
        }
        Optional<Period> asked = Sources.period(engaged, takeBack.period());
        if (asked.isEmpty()) {
            return Answer.denied(periodWrong(takeBack.period()));
        }
        Period period = asked.get();
        Optional<No> gone = Sources.gone(engaged, period);
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        String key = Keys.declaration(engaged.agreement(), id, period.text());
        Optional<DeclarationRecord> declaration = state.read(key, DeclarationRecord.CODEC);
        if (declaration.isEmpty()) {
            return Answer.denied(No.refused(Code.NOT_DECLARED, named(id, period)));
        }
        if (!period.next().equals(head.open())) {
            return Answer.denied(No.refused(Code.NOT_NEWEST, named(id, period)));
        }
        LedgerTime graceEnds = graceEnds(engaged, period);
        if (declaration.get().sealed() || !moment.time().isBefore(graceEnds)) {
            return Answer.denied(No.refused(Code.GRACE_OVER, until(graceEnds)));
        }
        state.delete(key);
        state.write(Keys.source(engaged.agreement(), id), SourceHead.CODEC, head.opened(moment.time(), period));
        runs.end(id);
        return Answer.applied(named(id, period).with("kind", "opened"));
    }

    private static No periodWrong(String period) {
        return No.refused(Code.PERIOD_WRONG, Json.object().with("period", period));
    }

    private static Json.Builder named(String source, Period period) {
        return Json.object().with("period", period.text()).with("source", source);
    }

    private static Json.Builder until(LedgerTime time) {
        return Json.object().with("until", time.text());
    }

    private static LedgerTime graceEnds(Engaged engaged, Period period) {
        return LedgerTime.startOf(
                period.end().plusDays(engaged.document().days().grace()));
    }

    /// Why this is not the period that the source declares next.
    private static Optional<No> notNow(Engaged engaged, Document.Source source, SourceHead head, Period period) {
        Optional<No> gone = Sources.gone(engaged, period);
        if (gone.isPresent()) {
            return gone;
        }
        Period open = Sources.open(head, engaged);
        if (period.compareTo(open) < 0) {
            return Optional.of(No.refused(Code.ALREADY_DECLARED, named(source.id(), period)));
        }
        if (source.last().filter(last -> open.compareTo(last) > 0).isPresent()) {
            return Optional.of(Sources.ended(source));
        }
        return period.compareTo(open) > 0
                ? Optional.of(No.waiting(Code.DECLARE_IN_ORDER, Json.object().with("next", open.text())))
                : Optional.empty();
    }

    private PeriodTotal total(Engaged engaged, String source, Period period) {
        return state.read(Keys.total(engaged.agreement(), source, period.text()), PeriodTotal.CODEC)
                .orElse(PeriodTotal.NONE);
    }

    private static Optional<No> wrong(Engaged engaged, Act.Declare declare, SourceHead head, PeriodTotal total) {
        Totals stated = Totals.decode(engaged.payload().body().items("totals"));
        return differs("last", Json.whole(declare.last()), Json.whole(head.last()))
                .or(() -> differs("count", Json.whole(declare.count()), Json.whole(total.count())))
                .or(() -> stated.equals(total.totals())
                        ? Optional.empty()
                        : differs("totals", stated.encode(), total.totals().encode()))
                .or(() -> differs("held", Json.whole(declare.held()), Json.whole(head.held())));
    }

    private Answer write(
            Engaged engaged, String source, Period period, SourceHead head, Hash instruction, boolean sealed) {
        String agreement = engaged.agreement();
        state.write(
                Keys.declaration(agreement, source, period.text()),
                DeclarationRecord.CODEC,
                new DeclarationRecord(
                        moment.time(),
                        engaged.payload().party().text(),
                        instruction,
                        head.last(),
                        head.held(),
                        sealed,
                        total(engaged, source, period)));
        state.write(Keys.source(agreement, source), SourceHead.CODEC, head.opened(moment.time(), period.next()));
        runs.end(source);
        return Answer.applied(named(source, period)
                .with("kind", "declared")
                .with("last", head.last())
                .with("sealed", sealed));
    }

    private static Optional<No> differs(String what, Json stated, Json computed) {
        return stated.equals(computed)
                ? Optional.empty()
                : Optional.of(No.refused(
                        Code.DECLARATION_WRONG,
                        Json.object()
                                .with("computed", computed)
                                .with("stated", stated)
                                .with("what", what)));
    }
}
