package org.tallystick.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.HeaderType;

/// What a peer asks of a proposal before it runs anything, in Fabric's order and words.
final class ProposalCheck {
    private final Membership membership;
    private final BlockStore blocks;
    private final InstantSource clock;

    ProposalCheck(Membership membership, BlockStore blocks, InstantSource clock) {
        this.membership = membership;
        this.blocks = blocks;
        this.clock = clock;
    }

    /// The filters in front of a peer, `TimeWindowCheck` and `ExpirationCheck`: who fails them reaches no endorser.
    Optional<String> filtered(Proposed proposed) {
        Instant now = clock.instant();
        Instant stated = proposed.timestamp();
        if (isOutsideTimeWindow(stated, now)) {
            return Optional.of("request unauthorized due to incorrect timestamp " + seconds(stated) + ", peer time "
                    + seconds(now) + ", peer.authentication.timewindow " + inGo(Limits.TIME_WINDOW));
        }
        boolean expired = membership
                .identify(proposed.signatureHeader().getCreator())
                .filter(creator -> creator.expiredAt(now))
                .isPresent();
        return expired ? Optional.of("proposal client identity expired") : Optional.empty();
    }

    static boolean isOutsideTimeWindow(Instant stated, Instant now) {
        return Duration.between(stated, now).abs().compareTo(Limits.TIME_WINDOW) > 0;
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Go writes two minutes as `2m0s`.
    private static String inGo(Duration duration) {
        return duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }

    /// The endorser's own checks: form, transaction id, creator, signature, novelty, the policy `Writers`.
    Optional<String> refused(Proposed proposed) {
        return invalid(proposed)
                .map(why -> "error validating proposal: " + why)
                .or(() -> known(proposed))
                .or(() -> notAWriter(proposed));
    }

    private Optional<String> invalid(Proposed proposed) {
        var header = proposed.channelHeader();
        var signature = proposed.signatureHeader();
        if (header.getType() != HeaderType.ENDORSER_TRANSACTION_VALUE) {
            return Optional.of("invalid header type " + HeaderType.forNumber(header.getType()));
        }
        if (header.getEpoch() != 0) {
            return Optional.of("epoch is non-zero");
        }
        if (signature.getNonce().isEmpty()) {
            return Optional.of("nonce is empty");
        }
        if (signature.getCreator().isEmpty()) {
            return Optional.of("creator is empty");
        }
        String expected = Proposed.transactionId(signature);
        if (!proposed.transactionId().equals(expected)) {
            return Optional.of(
                    "incorrectly computed txid '" + proposed.transactionId() + "' -- expected '" + expected + "'");
        }
        return deniedAccess(proposed);
    }

    private Optional<String> deniedAccess(Proposed proposed) {
        String denied = "access denied: channel [" + proposed.channel() + "] creator org ";
        var creator = membership.identify(proposed.signatureHeader().getCreator());
        if (creator.isEmpty()) {
            return Optional.of(denied + "unknown, creator is malformed");
        }
        var signed = proposed.signed();
        if (!creator.get().signed(signed.getProposalBytes(), signed.getSignature())) {
            return Optional.of(denied + "[" + creator.get().member() + "]");
        }
        return Optional.empty();
    }

    private Optional<String> known(Proposed proposed) {
        return blocks.transaction(proposed.transactionId())
                .map(_ -> "duplicate transaction found [" + proposed.transactionId() + "]. Creator ["
                        + Sha256.hex(proposed.signatureHeader().getCreator()) + "]");
    }

    private Optional<String> notAWriter(Proposed proposed) {
        boolean writes = membership
                .identify(proposed.signatureHeader().getCreator())
                .filter(Membership.Identity::mayWrite)
                .isPresent();
        if (writes) {
            return Optional.empty();
        }
        return Optional.of(
                "failed evaluating policy on signed data during check policy [/Channel/Application/Writers]: " + "["
                        + unsatisfied("Writers") + "]");
    }

    static String unsatisfied(String policy) {
        return "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the '"
                + policy + "' sub-policies to be satisfied";
    }
}
