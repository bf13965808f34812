package org.tallystick.agreement.signing;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Key;

/// A wallet's address as people read and write it: with a checksum in the case of its letters (EIP-55).
///
/// On the ledger it has lower-case letters only.
public final class WalletAddress {

    private static final Pattern FORM = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final int DIGITS_FROM = 2;
    private static final int UPPER_FROM = 8;

    private WalletAddress() {}

    /// The wallet with this address; nothing if it is none, or if its letters are in both cases and not in those of the
    /// checksum: then a digit is wrong.
    public static Optional<Key.Wallet> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        Key.Wallet wallet = new Key.Wallet(text.toLowerCase(Locale.ROOT));
        String digits = text.substring(DIGITS_FROM);
        boolean unchecked =
                digits.equals(digits.toLowerCase(Locale.ROOT)) || digits.equals(digits.toUpperCase(Locale.ROOT));
        return unchecked || shown(wallet).equals(text) ? Optional.of(wallet) : Optional.empty();
    }

    /// The address with its checksum.
    public static String shown(Key.Wallet wallet) {
        String digits = wallet.address().substring(DIGITS_FROM);
        String hash = Secp256k1.keccak256(Bytes.ofUtf8(digits)).toHex();
        StringBuilder shown = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            shown.append(Character.digit(hash.charAt(i), 16) < UPPER_FROM ? digit : Character.toUpperCase(digit));
        }
        return shown.toString();
    }
}
