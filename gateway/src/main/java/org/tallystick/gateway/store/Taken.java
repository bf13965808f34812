package org.tallystick.gateway.store;

/// What came of taking an envelope in.
///
/// @param seq its place in the order of what was taken in; 0 if it is answered
/// @param fresh whether it has to be offered to the ledger, because this call brought it
public record Taken(long seq, boolean fresh, Standing standing) {}
