package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;

/// An instruction whose signers are those its act needs and whose signatures are good: what the rules accept.
///
/// [Signed#verify] is its only maker.
public final class Verified implements Verification {

    /// One who signed.
    ///
    /// @param record the ledger's, or nothing for the key that the act itself registers
    public record Signer(Kid kid, Key key, Optional<KeyRecord> record) {}

    private final Signed signed;
    private final LedgerTime time;
    private final List<Signer> signers;

    Verified(Signed signed, LedgerTime time, List<Signer> signers) {
        this.signed = signed;
        this.time = time;
        this.signers = List.copyOf(signers);
    }

    public Payload payload() {
        return signed.payload();
    }

    public Act act() {
        return signed.act();
    }

    public Hash instruction() {
        return signed.instruction();
    }

    /// The time of the act, at which the keys were found good.
    public LedgerTime time() {
        return time;
    }

    /// In the order of the signatures.
    public List<Signer> signers() {
        return signers;
    }

    public Signed signed() {
        return signed;
    }
}
