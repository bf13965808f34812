package org.tallystick.ledger.fabric;

import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// The id that names a ledger in every instruction: `docs/spec/ledger-1.md` section 2.
public final class LedgerId {

    private LedgerId() {}

    /// @param genesis hash of the header of block 0
    public static Hash of(Hash genesis, String channel, String chaincode) {
        return Hash.of(Bytes.ofUtf8("tallystick ledger 1\n" + genesis + "\n" + channel + "\n" + chaincode + "\n"));
    }
}
