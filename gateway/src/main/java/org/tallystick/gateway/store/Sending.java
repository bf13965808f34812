package org.tallystick.gateway.store;

import org.tallystick.agreement.bytes.Bytes;

/// A signed Fabric envelope that may be on its way.
///
/// @param home the agreement whose instructions it carries, or `reg`
public record Sending(String transaction, String home, Bytes envelope) {}
