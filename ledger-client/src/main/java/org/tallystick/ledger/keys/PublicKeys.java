package org.tallystick.ledger.keys;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.json.JsonReader;

/// Public keys as people hand them over: the JSON of `instruction-1` section 1, as `tally key show --json` prints it,
/// or
/// the address of a wallet.
public final class PublicKeys {

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");

    private PublicKeys() {}

    public static Optional<Key> parse(String text) {
        if (ADDRESS.matcher(text).matches()) {
            return Optional.of(new Key.Wallet(text.toLowerCase(Locale.ROOT)));
        }
        return JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE) instanceof JsonReader.Value(var json)
                ? Key.parse(json)
                : Optional.empty();
    }
}
