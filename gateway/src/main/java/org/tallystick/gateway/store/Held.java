package org.tallystick.gateway.store;

import org.tallystick.agreement.bytes.Bytes;

/// An envelope that is acknowledged and not answered.
///
/// @param receivedMillis when it was acknowledged
public record Held(long seq, State state, Bytes envelope, long receivedMillis) {}
