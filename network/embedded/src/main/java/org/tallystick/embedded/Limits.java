package org.tallystick.embedded;

import java.time.Duration;

/// Everything has a maximum. Where Fabric has a default for the same thing, it is Fabric's.
final class Limits {
    static final int MEMBERS = 50;
    static final int CHAINCODES = 50;

    /// Collections of one chaincode.
    static final int COLLECTIONS = 1_000;

    /// For how many blocks private data wait for their transaction, as `transientstoreMaxBlockRetention`.
    static final long TRANSIENT_BLOCKS = 20_000;

    /// Private data of one member that wait for their transactions.
    static final long TRANSIENT_BYTES = 256L << 20;

    /// From here on a file of waiting private data is written anew without those that wait no more.
    static final long TRANSIENT_FILE_BYTES = 16L << 20;

    /// The largest gRPC message, as Fabric's peer and orderer set it.
    static final int MESSAGE_BYTES = 100 << 20;

    /// Calls of one gateway at the same time, as `peer.limits.concurrency.gatewayService`.
    static final int GATEWAY_CALLS = 500;

    /// Open block streams of one peer, as `peer.limits.concurrency.deliverService`.
    static final int BLOCK_STREAMS = 2_500;

    /// How often a client may ask whether its connection lives, as `peer.keepalive.minInterval`.
    static final Duration KEEP_ALIVE = Duration.ofMinutes(1);

    /// Envelopes that were taken and are not yet in a block.
    static final int WAITING_ENVELOPES = 20_000;

    static final long WAITING_ENVELOPE_BYTES = 128L << 20;

    /// How long a submitter waits for a place among the waiting envelopes, as the gateway's broadcast timeout.
    static final Duration BROADCAST = Duration.ofSeconds(10);

    /// How far a proposal's timestamp may be from the peer's clock. Fabric's default is 15 minutes; Tallystick's is 2.
    static final Duration TIME_WINDOW = Duration.ofMinutes(2);

    /// How long one chaincode invocation may take, as `chaincode.executetimeout`.
    static final Duration INVOCATION = Duration.ofSeconds(30);

    static final int INVOCATION_THREADS = 32;
    static final int WAITING_INVOCATIONS = 5_000;

    /// The longest frame of the block file: a block holds at most one message above the preferred size.
    static final int FRAME_BYTES = 200 << 20;

    /// Certificates that were checked and need no second look.
    static final int KNOWN_IDENTITIES = 10_000;

    /// How long closing waits for calls that are still being answered.
    static final Duration CLOSING = Duration.ofSeconds(5);

    private Limits() {}
}
