package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.SourceHead;
import org.tallystick.agreement.terms.Period;

/// What the acts on a source share.
final class Sources {

    private Sources() {}

    /// Why the party of the instruction may not use this source.
    static Optional<No> mayUse(Engaged engaged, String id, Optional<Document.Source> source) {
        if (source.isEmpty()) {
            return Optional.of(unknown(id));
        }
        boolean owner = engaged.document()
                .ledgerParty(source.get().owner())
                .equals(engaged.payload().party());
        return owner
                ? Optional.empty()
                : Optional.of(No.refused(
                        Code.NOT_OWNER,
                        Json.object()
                                .with(
                                        "owner",
                                        engaged.document()
                                                .ledgerParty(source.get().owner())
                                                .text())
                                .with("source", id)));
    }

    /// A period of the agreement's calendar, and not before it began.
    static Optional<Period> period(Engaged engaged, String text) {
        Period opening = engaged.document().opening();
        return Period.parse(text)
                .filter(period -> period.frequency() == opening.frequency() && period.compareTo(opening) >= 0);
    }

    /// No version names the source.
    static No unknown(String id) {
        return No.refused(Code.SOURCE_UNKNOWN, Json.object().with("source", id));
    }

    /// Nothing of a source that never counts is declared, attested or claimed.
    static Optional<No> ofNotices(Document.Source source) {
        return source.notices()
                ? Optional.of(No.refused(Code.SOURCE_OF_NOTICES, Json.object().with("source", source.id())))
                : Optional.empty();
    }

    /// The source takes nothing any more.
    static No ended(Document.Source source) {
        return No.refused(
                Code.SOURCE_ENDED,
                Json.object().with("last", source.last().orElseThrow().text()).with("source", source.id()));
    }

    /// Why nothing about a period can be declared or closed any more.
    static Optional<No> gone(Engaged engaged, Period period) {
        Json.Builder named = Json.object().with("period", period.text());
        if (period.compareTo(engaged.head().unsettled()) < 0) {
            return Optional.of(No.refused(Code.PERIOD_SETTLED, named));
        }
        return engaged.head().closing().filter(period::equals).map(_ -> No.refused(Code.PERIOD_CLOSING, named));
    }

    /// The first period the source can still book sales in and declare: what is settled counts as declared.
    static Period open(SourceHead head, Engaged engaged) {
        Period unsettled = engaged.unsettled();
        return head.open().compareTo(unsettled) >= 0 ? head.open() : unsettled;
    }
}
