package org.tallystick.gateway.store;

import java.util.Optional;
import org.tallystick.gateway.store.CourierStore.Lease;

/// What came of taking an envelope in.
///
/// @param seq its place in the order of what was taken in; 0 if it is answered
/// @param fresh whether it has to be offered to the ledger, because this call brought it
/// @param lease of the one who took it in on its home, if it has one: then this hands it to it
/// @param receivedMillis when it was first taken in; if another gateway has carried it, now
public record Taken(long seq, boolean fresh, Optional<Lease> lease, long receivedMillis, Standing standing) {}
