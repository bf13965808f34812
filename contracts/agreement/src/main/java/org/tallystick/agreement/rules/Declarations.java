package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.state.DeclarationRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.PeriodTotal;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;

/// A source's word that a period is complete, held against what it has booked there.
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
        Optional<Document.Source> source =
                engaged.document().source(declare.source().text());
        Optional<No> refused = Sources.mayUse(engaged, declare.source().text(), source);
        if (refused.isPresent()) {
            return Answer.denied(refused.get());
        }
        Period open = Sources.open(head, engaged);
        Json.Builder next = Json.object().with("next", open.text());
        Optional<Period> asked =
                Period.parse(declare.period()).filter(period -> period.frequency() == open.frequency());
        if (asked.isEmpty()) {
            return Answer.denied(No.refused(Code.PERIOD_WRONG, Json.object().with("period", declare.period())));
        }
        Period period = asked.get();
        if (period.compareTo(engaged.unsettled()) < 0) {
            return Answer.denied(No.refused(Code.PERIOD_SETTLED, Json.object().with("period", period.text())));
        }
        if (period.compareTo(open) < 0) {
            return Answer.denied(No.refused(
                    Code.ALREADY_DECLARED,
                    Json.object()
                            .with("period", period.text())
                            .with("source", declare.source().text())));
        }
        if (source.get().last().filter(last -> open.compareTo(last) > 0).isPresent()) {
            return Answer.denied(Sources.ended(source.get()));
        }
        if (period.compareTo(open) > 0) {
            return Answer.denied(No.waiting(Code.DECLARE_IN_ORDER, next));
        }
        if (moment.day().isBefore(period.end())) {
            return Answer.denied(No.waiting(
                    Code.PERIOD_NOT_OVER,
                    Json.object().with("until", LedgerTime.startOf(period.end()).text())));
        }
        if (declare.last() > head.last()) {
            return Answer.denied(No.waiting(Code.GAP, Json.object().with("last", head.last())));
        }
        return compare(engaged, declare, head, period, instruction);
    }

    private Answer compare(Engaged engaged, Act.Declare declare, SourceHead head, Period period, Hash instruction) {
        String agreement = engaged.agreement();
        PeriodTotal total = state.read(Keys.total(agreement, declare.source().text(), period.text()), PeriodTotal.CODEC)
                .orElse(PeriodTotal.NONE);
        Totals stated = Totals.decode(engaged.payload().body().items("totals"));
        Optional<No> wrong = differs("last", Json.whole(declare.last()), Json.whole(head.last()))
                .or(() -> differs("count", Json.whole(declare.count()), Json.whole(total.count())))
                .or(() -> stated.equals(total.totals())
                        ? Optional.empty()
                        : differs("totals", stated.encode(), total.totals().encode()))
                .or(() -> differs("held", Json.whole(declare.held()), Json.whole(0)));
        if (wrong.isPresent()) {
            return Answer.denied(wrong.get());
        }
        String by = engaged.payload().party().text();
        state.write(
                Keys.declaration(agreement, declare.source().text(), period.text()),
                DeclarationRecord.CODEC,
                new DeclarationRecord(moment.time(), by, instruction, head.last(), total));
        state.write(
                Keys.source(agreement, declare.source().text()),
                SourceHead.CODEC,
                new SourceHead(moment.time(), head.last(), head.lastRun(), period.next()));
        runs.end(declare.source().text());
        return Answer.applied(Json.object()
                .with("kind", "declared")
                .with("last", head.last())
                .with("period", period.text())
                .with("sealed", false)
                .with("source", declare.source().text()));
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
