package org.tallystick.ledger;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.state.Net;

/// A ledger as one member's peer shows it. Every call waits; call from a virtual thread.
///
/// The steps of a submission are apart, so that who calls can make each one durable: what was endorsed and signed is
/// stored before it is sent, and sent again, the same bytes, after any doubt.
public interface Ledger extends AutoCloseable {

    /// The ledger id, computed from the genesis block, channel and chaincode: `docs/spec/ledger-1.md` section 2.
    Hash id();

    /// The member whose peer this is.
    String member();

    /// Which ledger this is and how far its clock is ahead.
    Net net() throws LedgerException;

    /// Asks the endorsers what a transaction would do, and signs it if they agree. Nothing is sent to be ordered.
    ///
    /// @throws LedgerException.Failed if the transaction fails as a whole
    Endorsed endorse(Call call) throws LedgerException;

    /// Hands a signed transaction over to be ordered. The same bytes may be sent any number of times.
    void broadcast(Endorsed transaction) throws LedgerException;

    /// Waits until the transaction is in a block.
    ///
    /// @throws LedgerException.Unavailable if it is not there in time: it may still come
    Commit await(String transaction, Duration longest) throws LedgerException;

    /// The values of up to a hundred keys, as this peer has them; absent ones are left out.
    SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException;

    /// How many blocks there are.
    long height() throws LedgerException;

    /// The blocks from `first` on: those that are there, then each as it comes. Ends when closed, or with an
    /// [LedgerException.Unavailable] from its iteration wrapped in [BlockStream.Broken].
    BlockStream blocks(long first) throws LedgerException;

    @Override
    void close();

    /// A function of the chaincode and its arguments.
    ///
    /// @param hosts members whose peers are asked first to endorse, since they host those who sign
    record Call(String function, List<Bytes> arguments, Set<String> hosts) {
        public Call {
            arguments = List.copyOf(arguments);
            hosts = Collections.unmodifiableSortedSet(new TreeSet<>(hosts));
        }

        /// A call that concerns all members alike.
        public Call(String function, List<Bytes> arguments) {
            this(function, arguments, Set.of());
        }
    }

    /// A transaction that is endorsed and signed.
    ///
    /// @param transaction its id
    /// @param envelope the signed Fabric envelope: exactly these bytes go into the block
    /// @param response what the chaincode answered in simulation; final only once committed as valid
    record Endorsed(String transaction, Bytes envelope, Json.Obj response) {

        /// What the response answers to each instruction, at full length.
        ///
        /// @param arguments of the call that was endorsed
        /// @throws IllegalStateException if it is no answer to them
        public List<Json.Obj> answers(List<Bytes> arguments) {
            return Told.answers(arguments, response)
                    .orElseThrow(() -> new IllegalStateException(
                            "the response of transaction " + transaction + " does not answer its instructions"));
        }
    }

    /// Where a transaction came to lie.
    ///
    /// @param code Fabric's name of the validation code, `VALID` if its writes took effect
    record Commit(String transaction, long block, String code) {
        public boolean valid() {
            return code.equals("VALID");
        }
    }
}
