package org.tallystick.agreement.rules;

import java.util.Optional;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.Keys;

/// The keys of members and parties as the state has them.
final class Keyring {

    private final Overlay state;

    Keyring(Overlay state) {
        this.state = state;
    }

    /// Why a key cannot be registered: it is, by whomever.
    Optional<No> known(Key key) {
        return state.read(Keys.keyOwner(key.thumb()))
                .map(known ->
                        No.refused(Code.KEY_KNOWN, Json.object().with("kid", known.text("owner") + "#" + key.thumb())));
    }

    /// The same of a key that signs the log.
    Optional<No> known(VerifierKey key) {
        return state.read(Keys.keyOwner(key.thumb()))
                .map(known ->
                        No.refused(Code.KEY_KNOWN, Json.object().with("kid", known.text("owner") + "#" + key.thumb())));
    }

    void register(String owner, VerifierKey key) {
        state.write(
                Keys.keyOwner(key.thumb()), Json.object().with("owner", owner).build());
    }

    Optional<KeyRecord> find(String owner, String thumb) {
        return state.read(Keys.key(owner, thumb), KeyRecord.CODEC);
    }

    /// @return the effect
    Json.Builder register(String owner, KeyRecord record) {
        String thumb = record.key().thumb();
        state.write(Keys.keyOwner(thumb), Json.object().with("owner", owner).build());
        return write(owner, record);
    }

    /// Writes the record of a key that is registered.
    ///
    /// @return the effect
    Json.Builder write(String owner, KeyRecord record) {
        String thumb = record.key().thumb();
        state.write(Keys.key(owner, thumb), KeyRecord.CODEC, record);
        return Json.object()
                .with("kind", "key")
                .with("owner", owner)
                .with("state", record.revoked().isPresent() ? "revoked" : "active")
                .with("thumb", thumb);
    }

    static No noSuchKey(String thumb) {
        return No.refused(Code.NO_SUCH_KEY, Json.object().with("key", thumb));
    }

    static No revokedAlready(String thumb) {
        return No.refused(Code.KEY_REVOKED_ALREADY, Json.object().with("key", thumb));
    }
}
