package org.tallystick.ledger.keys;

import org.tallystick.agreement.signing.Passphrase;

/// Where the passphrases of keys come from: a person at a terminal, a file, the environment.
public interface Passphrases {

    /// Nobody can be asked.
    Passphrases NONE = key -> {
        throw new KeyFolderException(
                "the key " + key + " is encrypted, and nobody can be asked for its passphrase", "give the passphrase");
    };

    /// The passphrase that opens a key.
    ///
    /// @param key which, as a person knows it
    Passphrase of(String key) throws KeyFolderException;
}
