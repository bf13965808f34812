package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.InstantSource;

/// Who may ask for what is on the ledger: any identity of a member that signed its question, the policy `Readers`.
final class SignedRequests {
    private final Membership membership;
    private final InstantSource clock;

    SignedRequests(Membership membership, InstantSource clock) {
        this.membership = membership;
        this.clock = clock;
    }

    boolean mayRead(ByteString identity, ByteString message, ByteString signature) {
        return membership
                .identify(identity)
                .filter(Membership.Identity::mayRead)
                .filter(reader -> !reader.expiredAt(clock.instant()))
                .filter(reader -> reader.signed(message, signature))
                .isPresent();
    }

    boolean isInTime(Instant stated) {
        return !ProposalCheck.isOutsideTimeWindow(stated, clock.instant());
    }
}
