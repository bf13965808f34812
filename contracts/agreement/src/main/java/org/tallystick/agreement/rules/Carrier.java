package org.tallystick.agreement.rules;

/// The member's Fabric identity that carries a transaction.
public interface Carrier {

    String member();

    /// Whether its certificate has the attribute `tallystick.admin` = `true`.
    boolean admin();
}
