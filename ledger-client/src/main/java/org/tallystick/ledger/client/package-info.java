/// What a party does: sign an instruction, have it carried, wait for the verdict, read what the ledger says.
///
/// A [org.tallystick.ledger.client.Courier] carries; [org.tallystick.ledger.client.Party] and
/// [org.tallystick.ledger.client.Registrar] sign; [org.tallystick.ledger.client.Agreements] and
/// [org.tallystick.ledger.client.SourceHistory] read, and believe no courier what they can compute.
@NullMarked
package org.tallystick.ledger.client;

import org.jspecify.annotations.NullMarked;
