package org.tallystick.ledger.log;

/// Limits against hostile notes, policies and proofs: `docs/spec/pack-1.md` section 7.
public final class LogLimits {

    /// Signatures of a checkpoint, whoever made them.
    public static final int CHECKPOINT_SIGNATURES = 64;

    /// Signatures of any other note.
    public static final int NOTE_SIGNATURES = 16;

    /// Octets of a note's text.
    public static final int NOTE_TEXT = 16 << 10;

    /// Octets of a signature line; the longest signatures have nearly 5 kB.
    public static final int SIGNATURE_LINE = 8 << 10;

    /// Octets of a note.
    public static final int NOTE = NOTE_TEXT + CHECKPOINT_SIGNATURES * SIGNATURE_LINE;

    /// Octets of the name of a key, and of an origin: what an ML-DSA-44 cosignature can say.
    public static final int NAME = 255;

    /// Hashes of an inclusion path, and of a consistency proof.
    public static final int PROOF = 63;

    /// Octets of what a proof has beside it: a settlement record with its verdict.
    public static final int EXTRA = 1 << 20;

    /// Octets of a proof file.
    public static final int PROOF_FILE = 2 * EXTRA;

    /// Octets of a request to cosign.
    public static final int ADD_CHECKPOINT = (8 << 10) + NOTE;

    /// Octets of all evidence that a member shows.
    public static final int EVIDENCE = 8 << 20;

    /// Octets of a policy.
    public static final int POLICY = 1 << 20;

    /// Keys of each kind and groups of a policy: those of a hundred members, each with keys of both algorithms.
    public static final int POLICY_LOGS = 256;

    public static final int POLICY_WITNESSES = 256;
    public static final int POLICY_GROUPS = 256;

    /// Octets of an entry of the log: an entry bundle gives its length in 16 bits.
    public static final int ENTRY = 0xffff;

    /// Octets of the name of a chain.
    public static final int CHAIN = 300;

    private LogLimits() {}
}
