package org.tallystick.gateway.webhook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.SeedKeyFolder;

/// The keys that sign what webhooks are told: Standard Webhooks with Ed25519. Each of them signs, so that a key can be
/// changed while receivers know the old one, the new one, or both.
public final class WebhookKeys {

    /// Begins the name of a key's file.
    public static final String KIND = "webhook";

    private final List<SeedKey> keys;

    private WebhookKeys(List<SeedKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// No keys: nobody is told anything.
    public static WebhookKeys none() {
        return new WebhookKeys(List.of());
    }

    /// @throws KeyFolderException if there is none, or one that is not Ed25519
    public static WebhookKeys read(Path folder) throws IOException, KeyFolderException {
        List<SeedKey> keys = new SeedKeyFolder(folder, KIND).keys();
        if (keys.isEmpty()) {
            throw new KeyFolderException(
                    "no key for webhooks in " + folder, "make one: tally webhook new-key --keys " + folder);
        }
        return new WebhookKeys(keys);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /// As receivers are given them.
    public List<String> publicTexts() {
        return keys.stream().map(WebhookKeys::publicText).toList();
    }

    public static String publicText(SeedKey key) {
        return "whpk_" + base64(key.publicKey());
    }

    /// The header `webhook-signature`.
    String sign(String id, long seconds, Bytes body) {
        Bytes signed = Bytes.concat(Bytes.ofUtf8(id + "." + seconds + "."), body);
        return keys.stream().map(key -> "v1a," + base64(key.sign(signed))).collect(Collectors.joining(" "));
    }

    private static String base64(Bytes octets) {
        return Base64.getEncoder().encodeToString(octets.toArray());
    }
}
