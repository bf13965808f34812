package org.tallystick.fabric.pki;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What an identity may be in its member; Fabric calls it a node OU and reads it from the certificate.
public enum Role {
    ADMIN,
    CLIENT,
    PEER,
    ORDERER;

    public String unit() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> ofUnit(String unit) {
        return Stream.of(values()).filter(role -> role.unit().equals(unit)).findFirst();
    }
}
