/// The rules of the ledger: how each instruction is decided, from the ledger's state and nothing else.
///
/// `docs/spec/ledger-1.md`. Start at [org.tallystick.agreement.rules.Transactions]: the functions of the ledger, the
/// same for the chaincode, which commits what they write, and for the verifier, which computes it again.
@NullMarked
package org.tallystick.agreement.rules;

import org.jspecify.annotations.NullMarked;
