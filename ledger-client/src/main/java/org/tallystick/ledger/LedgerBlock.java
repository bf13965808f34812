package org.tallystick.ledger;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Told;

/// A committed block, as far as Tallystick looks into it.
///
/// @param bytes `common.Block` of Fabric: header, data, metadata
/// @param size how many transactions it has, of whatever chaincode
/// @param commit Fabric's hash over validation codes, state and the commit hash before; the first block has none
/// @param transactions those of our chaincode, valid or not
public record LedgerBlock(long number, Bytes bytes, int size, Optional<Hash> commit, List<Transaction> transactions) {

    public LedgerBlock {
        transactions = List.copyOf(transactions);
    }

    /// A transaction of our chaincode.
    ///
    /// @param index its place in the block
    /// @param code Fabric's name of the validation code
    /// @param envelope the signed `common.Envelope`
    /// @param response of the chaincode, as endorsed and told there
    public record Transaction(
            int index,
            String id,
            String code,
            LedgerTime timestamp,
            String function,
            List<Bytes> arguments,
            Json.Obj response,
            Optional<Json.Obj> event,
            Bytes envelope) {
        public Transaction {
            arguments = List.copyOf(arguments);
        }

        public boolean valid() {
            return code.equals("VALID");
        }

        /// What the response answers to each instruction, or to the function, at full length.
        ///
        /// @throws IllegalStateException if a majority of the members endorsed what is no answer
        public List<Json.Obj> answers() {
            return Told.answers(arguments, response)
                    .orElseThrow(() -> new IllegalStateException(
                            "the response of transaction " + id + " does not answer its instructions"));
        }
    }
}
