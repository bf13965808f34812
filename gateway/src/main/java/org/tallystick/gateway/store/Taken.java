package org.tallystick.gateway.store;

/// What came of taking an envelope in.
///
/// @param seq its place in the order of what was taken in; 0 if it is answered
/// @param fresh whether it has to be offered to the ledger, because this call brought it
/// @param handed whether it counts as handed to who took it in, for it holds the lease on its home
/// @param receivedMillis when it was first taken in; if another gateway has carried it, now
public record Taken(long seq, boolean fresh, boolean handed, long receivedMillis, Standing standing) {}
