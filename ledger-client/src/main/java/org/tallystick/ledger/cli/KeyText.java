package org.tallystick.ledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.signing.KeyRecord;

/// Keys in words.
final class KeyText {

    /// So much of a thumbprint tells keys of one party apart.
    static final int SHOWN = 12;

    private KeyText() {}

    static String thumb(Key key) {
        return key.thumb().substring(0, SHOWN);
    }

    static String purposes(KeyRecord record) {
        return record.purposes().size() == Purpose.ALL.size()
                ? "all"
                : record.purposes().stream().map(Purpose::text).collect(Collectors.joining(","));
    }

    /// From when on and until when, if that is limited.
    static String validity(KeyRecord record) {
        String from = record.from().map(time -> "from " + time).orElse("");
        String until = record.until().map(time -> "until " + time).orElse("");
        return (from + " " + until).strip();
    }

    static String limits(KeyRecord record) {
        return record.limits().map(KeyText::limits).orElse("");
    }

    private static String limits(Act.KeyLimits limits) {
        List<String> parts = new ArrayList<>();
        limits.types().ifPresent(types -> parts.add(String.join(",", types)));
        limits.amount().ifPresent(amount -> parts.add("at most " + amount));
        return String.join("; ", parts);
    }

    /// Whether it signs now, and why not.
    static String state(KeyRecord record, LedgerTime now) {
        Optional<String> doubt = record.since().map(since -> ", in doubt since " + since);
        if (record.revoked().isPresent()) {
            return record.revoked().get().reason() + " "
                    + record.revoked().get().at() + doubt.orElse("");
        }
        if (record.until().filter(until -> !now.isBefore(until)).isPresent()) {
            return "ended";
        }
        return record.from().filter(now::isBefore).isPresent() ? "not yet good" : "good";
    }
}
