package org.tallystick.embedded;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A private data collection of a chaincode, as `peer lifecycle chaincode commit --collections-config` takes it.
///
/// The values of its keys are kept by the peers of its members; everybody has their hashes.
///
/// @param requiredPeerCount how many other members' peers must hold the data before a peer endorses
/// @param maxPeerCount to how many an endorser hands it at once; here all members' peers are in one process and
///     each gets it, as each would fetch it in the end
/// @param blockToLive must be 0: data are kept for ever
/// @param memberOnlyRead whether only clients of members may have the chaincode read
/// @param endorsers who must endorse what is written here, instead of the chaincode's own endorsers
public record CollectionDefinition(
        String name,
        List<String> members,
        int requiredPeerCount,
        int maxPeerCount,
        long blockToLive,
        boolean memberOnlyRead,
        boolean memberOnlyWrite,
        Optional<Endorsers> endorsers) {

    private static final String IMPLICIT = "_implicit_org_";

    public CollectionDefinition {
        members = List.copyOf(members);
        String at = "collection-name: " + name + " -- ";
        if (members.isEmpty() || Set.copyOf(members).size() < members.size()) {
            throw new IllegalArgumentException(at + "its members must be named, each once, not " + members);
        }
        if (requiredPeerCount < 0) {
            throw new IllegalArgumentException(
                    at + "requiredPeerCount (" + requiredPeerCount + ") cannot be less than zero");
        }
        if (maxPeerCount < requiredPeerCount) {
            throw new IllegalArgumentException(at + "maximum peer count (" + maxPeerCount
                    + ") cannot be less than the required peer count (" + requiredPeerCount + ")");
        }
        if (blockToLive != 0) {
            throw new IllegalArgumentException(
                    at + "blockToLive (" + blockToLive + ") must be 0: this ledger keeps private data for ever");
        }
    }

    /// The collection that each member has in each chaincode without a definition.
    static CollectionDefinition implicit(String member) {
        List<String> alone = List.of(member);
        return new CollectionDefinition(
                IMPLICIT + member, alone, 0, 0, 0, false, false, Optional.of(Endorsers.eachOf(alone)));
    }
}
