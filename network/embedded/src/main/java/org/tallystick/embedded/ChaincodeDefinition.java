package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Function;
import org.hyperledger.fabric.shim.ChaincodeBase;

/// A chaincode of the channel: what `_lifecycle` would hold of it, and how each member makes its own instance.
///
/// Its endorsement policy is the channel's: a majority of the members.
///
/// @param code makes an instance, given the hash of the channel's first block
public record ChaincodeDefinition(
        String name,
        String version,
        Function<ByteString, ? extends ChaincodeBase> code,
        List<CollectionDefinition> collections) {
    public ChaincodeDefinition {
        collections = List.copyOf(collections);
        if (!name.matches("[A-Za-z0-9]+([-_][A-Za-z0-9]+)*") || name.equals(SystemQueries.NAME)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a chaincode");
        }
        if (!version.matches("[A-Za-z0-9_.+-]+")) {
            throw new IllegalArgumentException("'" + version + "' cannot be the version of " + name);
        }
        collections.forEach(ChaincodeDefinition::checkName);
        long names =
                collections.stream().map(CollectionDefinition::name).distinct().count();
        if (names < collections.size() || names > Limits.COLLECTIONS) {
            throw new IllegalArgumentException(name + " has at most " + Limits.COLLECTIONS
                    + " collections, each defined once, not "
                    + collections.stream().map(CollectionDefinition::name).toList());
        }
    }

    private static void checkName(CollectionDefinition collection) {
        if (!collection.name().matches("[A-Za-z0-9-][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("invalid collection name '" + collection.name()
                    + "'. Names can only consist of alphanumerics, '_', and '-' and cannot begin with '_'");
        }
    }

    /// A chaincode without collections of its own.
    public ChaincodeDefinition(String name, String version, Function<ByteString, ? extends ChaincodeBase> code) {
        this(name, version, code, List.of());
    }
}
