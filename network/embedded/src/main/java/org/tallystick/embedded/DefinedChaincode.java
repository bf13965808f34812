package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A chaincode on a channel: its definition, who endorses for it, and its collections, each member's own included.
record DefinedChaincode(
        String channel,
        ChaincodeDefinition definition,
        Endorsers endorsers,
        Map<String, CollectionDefinition> collections) {

    /// Where Fabric keeps what is defined on a channel.
    static final String LIFECYCLE = "_lifecycle";

    DefinedChaincode {
        collections = Map.copyOf(collections);
    }

    static DefinedChaincode of(String channel, ChaincodeDefinition definition, List<String> members) {
        var collections = new TreeMap<String, CollectionDefinition>();
        Stream.concat(definition.collections().stream(), members.stream().map(CollectionDefinition::implicit))
                .forEach(collection -> collections.put(collection.name(), collection));
        return new DefinedChaincode(channel, definition, Endorsers.majorityOf(members), collections);
    }

    String name() {
        return definition.name();
    }

    Optional<CollectionDefinition> collection(String name) {
        return Optional.ofNullable(collections.get(name));
    }

    /// Who must endorse what is written to a collection: its own endorsers, or else those of the chaincode.
    Endorsers endorsersOf(CollectionDefinition collection) {
        return collection.endorsers().orElse(endorsers);
    }

    /// The key that each invocation reads, so that a new definition invalidates what was simulated under the old one.
    static WorldState.Key sequence(String chaincode) {
        return field(chaincode, "Sequence");
    }

    /// What else of the definition an invocation reads that touches a collection.
    static List<WorldState.Key> collectionReads(String chaincode) {
        return List.of(
                lifecycle("namespaces/metadata/" + chaincode),
                field(chaincode, "Collections"),
                field(chaincode, "EndorsementInfo"),
                field(chaincode, "ValidationInfo"));
    }

    private static WorldState.Key field(String chaincode, String field) {
        return lifecycle("namespaces/fields/" + chaincode + "/" + field);
    }

    private static WorldState.Key lifecycle(String name) {
        return new WorldState.Key.Public(LIFECYCLE, ByteString.copyFromUtf8(name));
    }
}
