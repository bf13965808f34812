package org.tallystick.agreement.state;

import java.util.Optional;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// A notice that a side gave.
///
/// @param at when it was given
/// @param against who broke the agreement, if it says so
/// @param ended when it was taken back or fulfilled
public record NoticeRecord(
        LedgerTime at, String by, String kind, Optional<String> against, Optional<LedgerTime> ended) {
    public static final Codec<NoticeRecord> CODEC = new Codec<>(NoticeRecord::decode, NoticeRecord::encode);

    public NoticeRecord ended(LedgerTime when) {
        return new NoticeRecord(at, by, kind, against, Optional.of(when));
    }

    public static NoticeRecord decode(Json.Obj json) {
        return new NoticeRecord(
                LedgerTime.of(json.text("at")),
                json.text("by"),
                json.text("kind"),
                json.findText("against"),
                json.findText("ended").map(LedgerTime::of));
    }

    public Json.Obj encode() {
        return Json.object()
                .withText("against", against)
                .with("at", at.text())
                .with("by", by)
                .withText("ended", ended.map(LedgerTime::text))
                .with("kind", kind)
                .build();
    }
}
