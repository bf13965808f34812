package org.tallystick.embedded;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What an identity may be in its organization; Fabric calls it a node OU and writes it into the certificate.
enum NodeRole {
    CLIENT,
    PEER,
    ADMIN,
    ORDERER;

    String unit() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<NodeRole> ofUnit(String unit) {
        return Stream.of(values()).filter(role -> role.unit().equals(unit)).findFirst();
    }
}
