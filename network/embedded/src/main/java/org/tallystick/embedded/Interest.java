package org.tallystick.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a run touched that decides who must endorse it, as a peer tells its gateway (`ChaincodeInterest`).
///
/// @param chaincodePolicy whether the chaincode's endorsers must be satisfied: it wrote a public key, or nothing
record Interest(DefinedChaincode chaincode, boolean chaincodePolicy, List<Touched> collections) {

    Interest {
        collections = List.copyOf(collections);
    }

    /// A collection that was written, or whose values were read.
    ///
    /// @param read whether values were read: then only a peer that has them can endorse
    record Touched(CollectionDefinition collection, boolean read) {}

    static Interest of(DefinedChaincode chaincode, boolean publicWrites, Collection<PrivateKeys> collections) {
        var touched = new ArrayList<Touched>();
        boolean privateWrites = false;
        for (PrivateKeys keys : collections) {
            if (keys.isWritten() || keys.valuesWereRead()) {
                touched.add(new Touched(chaincode.collection(keys.collection()).orElseThrow(), keys.valuesWereRead()));
            }
            privateWrites |= keys.isWritten();
        }
        return new Interest(chaincode, publicWrites || !privateWrites, touched);
    }

    /// The same, but no peer outside a collection may see what is transient: it might be meant for the collection.
    Interest protectingTransientData() {
        return new Interest(
                chaincode,
                chaincodePolicy,
                collections.stream()
                        .map(one -> new Touched(one.collection(), true))
                        .toList());
    }

    /// Collections that were written unread.
    List<String> unread() {
        return collections.stream()
                .filter(one -> !one.read())
                .map(one -> one.collection().name())
                .toList();
    }

    /// All these must be satisfied.
    List<Endorsers> policies() {
        var policies = new ArrayList<Endorsers>();
        if (chaincodePolicy) {
            policies.add(chaincode.endorsers());
        }
        collections.forEach(one -> policies.add(chaincode.endorsersOf(one.collection())));
        return policies;
    }

    /// Whether a member's peer may be asked.
    boolean admits(String member) {
        return collections.stream()
                .filter(Touched::read)
                .allMatch(one -> one.collection().members().contains(member));
    }
}
