package org.tallystick.ledger.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.agreement.instruction.MemberId;

/// How a member's peer is reached and as whom, as far as somebody said so: the flags of `tally`, or a
/// configuration.
///
/// @param identity the folder with the member's Fabric identities, or one of them
/// @param peer HOST:PORT
public record PeerAccess(
        Optional<Path> identity,
        Optional<MemberId> member,
        Optional<String> peer,
        Optional<Path> tlsAuthority,
        Optional<String> channel,
        Optional<String> chaincode) {

    public static final PeerAccess NONE = new PeerAccess(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String USUAL = "tallystick";

    /// The same with what another says where this one says nothing.
    public PeerAccess or(PeerAccess other) {
        return new PeerAccess(
                identity.or(other::identity),
                member.or(other::member),
                peer.or(other::peer),
                tlsAuthority.or(other::tlsAuthority),
                channel.or(other::channel),
                chaincode.or(other::chaincode));
    }

    String channelName() {
        return channel.orElse(USUAL);
    }

    String chaincodeName() {
        return chaincode.orElse(USUAL);
    }
}
