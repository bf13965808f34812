package org.tallystick.embedded;

import java.util.function.Supplier;
import org.hyperledger.fabric.shim.ChaincodeBase;

/// A chaincode of the channel: what `_lifecycle` would hold of it, and how each member makes its own instance.
///
/// Its endorsement policy is the channel's: a majority of the members.
public record ChaincodeDefinition(String name, String version, Supplier<? extends ChaincodeBase> code) {
    public ChaincodeDefinition {
        if (!name.matches("[A-Za-z0-9]+([-_][A-Za-z0-9]+)*") || name.equals(SystemQueries.NAME)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a chaincode");
        }
        if (!version.matches("[A-Za-z0-9_.+-]+")) {
            throw new IllegalArgumentException("'" + version + "' cannot be the version of " + name);
        }
    }
}
