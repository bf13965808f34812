package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.Forms;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What the ledger keeps about a key: the value of `key/<owner>/<thumb>` (`ledger-1` section 3).
///
/// @param at when it was registered
/// @param from from when on it is good, if it waits
/// @param until when it ends, if it does
/// @param holder who holds it, so that one person does not vote on two seats
/// @param name of a registrar key, shown
/// @param purposes none for a registrar key
/// @param since from when on its signatures are in doubt, if it was compromised
public record KeyRecord(
        Key key,
        LedgerTime at,
        Optional<LedgerTime> from,
        Optional<LedgerTime> until,
        Optional<String> holder,
        Optional<KeyLimits> limits,
        Optional<String> name,
        List<Purpose> purposes,
        Optional<Revocation> revoked,
        Optional<LedgerTime> since) {

    /// A key that is good no more.
    public record Revocation(LedgerTime at, String reason) {
        private static Revocation of(Json.Obj json) {
            return new Revocation(LedgerTime.of(json.text("at")), json.text("reason"));
        }

        private Json.Obj toJson() {
            return Json.object().with("at", at.text()).with("reason", reason).build();
        }
    }

    public static final Codec<KeyRecord> CODEC = new Codec<>(KeyRecord::of, KeyRecord::toJson);

    private static final Form FORM = Form.object(
            Map.of("alg", Forms.TEXT, "at", Forms.TIME, "key", Key.FORM),
            Map.of(
                    "from", Forms.TIME,
                    "holder", Forms.ID,
                    "limits", Forms.KEY_LIMITS,
                    "name", Forms.TEXT,
                    "purposes", Forms.PURPOSES,
                    "revoked", Form.object(Map.of("at", Forms.TIME, "reason", Forms.TEXT)),
                    "since", Forms.TIME,
                    "until", Forms.TIME));

    public KeyRecord {
        purposes = purposes.stream().sorted().distinct().toList();
    }

    /// A record of a key that is good at once and without end.
    public static KeyRecord of(Key key, LedgerTime at, List<Purpose> purposes) {
        return new KeyRecord(
                key,
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                purposes,
                Optional.empty(),
                Optional.empty());
    }

    public KeyRecord revoked(LedgerTime when, String reason) {
        return new KeyRecord(
                key, at, from, until, holder, limits, name, purposes, Optional.of(new Revocation(when, reason)), since);
    }

    /// Of two times from when on it is in doubt, the earlier stands; a revocation stays as it was.
    public KeyRecord compromised(LedgerTime when, LedgerTime doubtful) {
        Revocation ended = revoked.orElse(new Revocation(when, "compromised"));
        LedgerTime first = since.filter(before -> before.isBefore(doubtful)).orElse(doubtful);
        return new KeyRecord(
                key, at, from, until, holder, limits, name, purposes, Optional.of(ended), Optional.of(first));
    }

    /// The record of a key that takes the place of this one. It ends when this one would have.
    public KeyRecord rotated(LedgerTime when, Key next) {
        return new KeyRecord(
                next,
                when,
                Optional.empty(),
                until,
                holder,
                limits,
                name,
                purposes,
                Optional.empty(),
                Optional.empty());
    }

    public boolean isFor(Purpose purpose) {
        return purposes.contains(purpose);
    }

    public Bytes encode() {
        return toJson().canonical();
    }

    private Json.Obj toJson() {
        return Json.object()
                .with("alg", key.algorithm().text())
                .with("at", at.text())
                .withText("from", from.map(LedgerTime::text))
                .withText("holder", holder)
                .with("key", key.toJson())
                .with("limits", limits.map(KeyLimits::toJson))
                .withText("name", name)
                .with("purposes", purposesJson())
                .with("revoked", revoked.map(Revocation::toJson))
                .withText("since", since.map(LedgerTime::text))
                .withText("until", until.map(LedgerTime::text))
                .build();
    }

    private Optional<Json> purposesJson() {
        return purposes.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.texts(purposes.stream().map(Purpose::text).toList()));
    }

    /// @throws IllegalStateException if the ledger holds something else there: only our own code writes it
    public static KeyRecord decode(Bytes value) {
        if (JsonReader.readCanonical(value) instanceof JsonReader.Value(Json.Obj json)) {
            return of(json);
        }
        throw new IllegalStateException("not a key record: " + value.utf8().orElseGet(value::toString));
    }

    private static KeyRecord of(Json.Obj json) {
        if (!FORM.fits(json)) {
            throw new IllegalStateException(
                    "not a key record: " + json.canonical().utf8().orElseThrow());
        }
        Key key = Key.of(json.object("key"));
        if (!json.text("alg").equals(key.algorithm().text())) {
            throw new IllegalStateException("algorithm " + json.text("alg") + " of a key for "
                    + key.algorithm().text());
        }
        return new KeyRecord(
                key,
                LedgerTime.of(json.text("at")),
                json.findText("from").map(LedgerTime::of),
                json.findText("until").map(LedgerTime::of),
                json.findText("holder"),
                json.find("limits").map(limits -> KeyLimits.of((Json.Obj) limits)),
                json.findText("name"),
                json.has("purposes")
                        ? json.items("purposes").stream()
                                .map(KeyRecord::purpose)
                                .toList()
                        : List.of(),
                json.find("revoked").map(revoked -> Revocation.of((Json.Obj) revoked)),
                json.findText("since").map(LedgerTime::of));
    }

    private static Purpose purpose(Json text) {
        return Purpose.ofText(((Json.Text) text).value()).orElseThrow();
    }
}
