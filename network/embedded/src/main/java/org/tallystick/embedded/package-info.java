/// A ledger in one process that serves Fabric's own gRPC services, for first use, development and tests.
///
/// Start reading at [EmbeddedLedger]. A transaction travels [GatewayService] -> [Peer] (one for each member) ->
/// [Orderer] -> [Committer] -> [BlockStore], whose file is the only truth: [WorldState] and every index are rebuilt
/// from it. The unmodified chaincode runs behind [ChaincodeRuntime], the only class that knows Fabric's shim.
///
/// What Fabric does and this ledger does not is refused by name: private data collections, range, rich and history
/// queries, key-level endorsement and calls from chaincode to chaincode.
@NullMarked
package org.tallystick.embedded;

import org.jspecify.annotations.NullMarked;
