package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;

/// What a run of a chaincode comes to.
///
/// @param readWriteSet in Fabric's bytes: namespaces, collections and keys in byte order, the reading of the
///     chaincode's definition included; of private values the hashes
/// @param privateData the private values that were written, for the members of their collections only
/// @param interest what decides who must endorse it
record SimulationResults(ByteString readWriteSet, Optional<TxPvtReadWriteSet> privateData, Interest interest) {}
