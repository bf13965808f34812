package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;

/// The keys of one kind with which a member signs the log, newest last: `docs/spec/ledger-1.md` section 3.
public record LogKeys(List<Registered> keys) {

    /// The oldest are forgotten here; the log has them for ever.
    public static final int MOST = 16;

    public static final LogKeys NONE = new LogKeys(List.of());
    public static final Codec<LogKeys> CODEC = new Codec<>(LogKeys::decode, LogKeys::encode);

    /// @param vkey as C2SP spells it
    public record Registered(LedgerTime at, Optional<LedgerTime> until, String vkey) {

        Registered endingAt(LedgerTime time) {
            return until.filter(end -> !time.isBefore(end)).isPresent()
                    ? this
                    : new Registered(at, Optional.of(time), vkey);
        }

        private Json.Obj encode() {
            return Json.object()
                    .with("at", at.text())
                    .withText("until", until.map(LedgerTime::text))
                    .with("vkey", vkey)
                    .build();
        }
    }

    public LogKeys {
        keys = List.copyOf(keys);
    }

    /// What the log of a ledger is called: the name of every member's key that signs it.
    public static String origin(Hash ledger) {
        return "tallystick/" + ledger.hex();
    }

    /// With one that takes the place of those before it.
    public LogKeys with(Registered next) {
        List<Registered> all = new ArrayList<>(
                keys.stream().map(key -> key.endingAt(next.at())).toList());
        all.add(next);
        return new LogKeys(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    /// Those that sign at a time.
    public List<String> at(LedgerTime time) {
        return keys.stream()
                .filter(key -> key.until().map(time::isBefore).orElse(true))
                .map(Registered::vkey)
                .toList();
    }

    private static LogKeys decode(Json.Obj json) {
        return new LogKeys(json.items("vkeys").stream()
                .map(Json.Obj.class::cast)
                .map(key -> new Registered(
                        LedgerTime.of(key.text("at")), key.findText("until").map(LedgerTime::of), key.text("vkey")))
                .toList());
    }

    private Json.Obj encode() {
        return Json.object()
                .with("vkeys", Json.array(keys.stream().map(Registered::encode).toList()))
                .build();
    }
}
