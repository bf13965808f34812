package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// The members' nodes with a trial ledger on them: all that a scenario needs to know of the ledger it runs on.
///
/// The clock of the trial is no part of it: a registrar moves it by an instruction, on every kind of ledger.
public interface Network extends AutoCloseable {

    /// What kind of ledger it is, in a word: as `./scripts/acceptance` takes it.
    String kind();

    /// The members, the one whose gateway is used first.
    List<String> members();

    /// Members that were removed, each with the block that did it.
    SortedMap<String, Long> removed();

    /// What each member's operator would tell an auditor.
    Hash ledger();

    /// What the nodes said when they started.
    List<String> announced();

    /// The options with which `tally` reaches a member's peer as that member.
    List<String> access(String member);

    /// The certificate of the authority that issues a member's identities.
    Path authority(String member);

    /// A connection to a member's peer, in the name of its gateway. Whoever asks closes it.
    default Ledger connect(String member) throws IOException, LedgerException {
        return connect(member, MemberKeys.GATEWAY);
    }

    /// The same as another of the member's identities.
    Ledger connect(String member, String identity) throws IOException, LedgerException;

    /// Whether its processes are ours, so that they can be killed.
    boolean canBeKilled();

    /// Kills what orders and commits, without a goodbye.
    void kill() throws InterruptedException;

    /// Starts what was killed, on what is left of it.
    void restart() throws IOException;

    @Override
    void close();
}
