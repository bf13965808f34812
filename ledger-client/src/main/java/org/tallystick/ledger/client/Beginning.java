package org.tallystick.ledger.client;

import java.time.Duration;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// The first act on a ledger: its id and its kind are written, and from then on instructions may come.
public final class Beginning {

    private Beginning() {}

    /// Begins the ledger if nobody has.
    ///
    /// @param admin connected as a member's admin
    /// @param trial whether a new ledger's clock may be moved; an old one stays what it is
    /// @param longest to wait for the block
    public static Net of(Ledger admin, boolean trial, Duration longest) throws LedgerException {
        try {
            return admin.net();
        } catch (LedgerException.Failed failed) {
            if (!failed.code().equals("not_initialized")) {
                throw failed;
            }
        }
        List<Bytes> arguments = List.of(Bytes.ofUtf8(admin.id().hex()), Bytes.ofUtf8(String.valueOf(trial)));
        Ledger.Endorsed init = admin.endorse(new Ledger.Call("init", arguments));
        admin.broadcast(init);
        Ledger.Commit commit = admin.await(init.transaction(), longest);
        if (!commit.valid()) {
            throw new LedgerException.Unavailable("the ledger could not begin: " + commit.code(), null);
        }
        return admin.net();
    }
}
