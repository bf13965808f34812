package org.tallystick.ledger.pack;

/// Limits against hostile packs: `docs/spec/pack-1.md` section 7. Each is checked before anything is allocated for it.
public final class PackLimits {

    /// Characters of an entry's name.
    public static final int NAME = 100;

    public static final long ENTRY = 2L << 30;
    public static final long PACK = 64L << 30;
    public static final long ENTRIES = 10_000_000;

    /// `pack.json`, and a trust file.
    public static final int COVER = 1 << 20;

    /// The policy in a trust file: 256 of the longest keys, which have 1,800 characters.
    public static final int POLICY = 512 << 10;

    /// One transaction; one configuration block.
    public static final int MESSAGE = 16 << 20;

    /// A settlement with its lines, since it is held in memory to be compared.
    public static final int SETTLEMENT = 64 << 20;

    public static final int PROTOBUF_NESTING = 20;
    public static final int PROTOBUF_FIELDS = 10_000;
    public static final int JSON_MEMBERS = 100_000;

    /// The nodes of the tree that a pack adds to its leaves, since they are held in memory: some six million.
    public static final int NODES = 256 << 20;

    /// A line of `log/leaves`.
    public static final int LEAF_LINE = 1_100;

    /// Certificates from an identity up to its authority, both counted.
    public static final int CERTIFICATE_CHAIN = 5;

    private PackLimits() {}
}
