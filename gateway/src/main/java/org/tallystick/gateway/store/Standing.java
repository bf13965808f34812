package org.tallystick.gateway.store;

import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;

/// What is known about one instruction.
///
/// @param home the agreement, or `reg`
/// @param answer the ledger's last answer, as it stands in a response
/// @param position of the verdict, if there is one
public record Standing(
        Hash instruction,
        String home,
        String party,
        String id,
        State state,
        Optional<Json.Obj> answer,
        Optional<Position> position) {}
