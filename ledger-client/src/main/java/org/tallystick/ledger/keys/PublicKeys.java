package org.tallystick.ledger.keys;

import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.WalletAddress;

/// Public keys as people hand them over: the JSON of `instruction-1` section 1, as `tally key show --json` prints it,
/// or
/// the address of a wallet.
public final class PublicKeys {

    private PublicKeys() {}

    public static Optional<Key> parse(String text) {
        if (text.startsWith("0x")) {
            return WalletAddress.parse(text).map(wallet -> wallet);
        }
        return JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(var json)
                ? Key.parse(json)
                : Optional.empty();
    }
}
