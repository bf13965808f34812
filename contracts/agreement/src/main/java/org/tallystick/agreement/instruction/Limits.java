package org.tallystick.agreement.instruction;

import java.time.Duration;

/// The greatest that an instruction may be, part by part (`instruction-1` sections 2 to 4 and 6).
public final class Limits {

    /// The payload of most acts.
    public static final int PAYLOAD = 16 * 1024;
    /// The payload of an act that carries a document or events.
    public static final int LARGE_PAYLOAD = 256 * 1024;
    /// An envelope: room for 16 signatures around the largest payload in base64url.
    public static final int ENVELOPE = 24 * 1024 + LARGE_PAYLOAD * 4 / 3;

    public static final int SIGNATURES = 16;
    public static final int EVENTS_IN_A_REPORT = 2_000;
    public static final int PROOFS_IN_A_REPORT = 100;
    public static final int EVENTS_IN_AN_ATTESTATION = 200;
    public static final int PATH = 11;
    public static final int TOTALS = 1_000;
    public static final int KEYS_OF_A_PARTY = 64;
    public static final int RECOVERY_PARTIES = 9;
    /// Recovery quorums that were replaced and are still good.
    public static final int REPLACED_RECOVERIES = 8;
    public static final int EVENTS_IN_A_DISPUTE = 100;

    /// Characters of a text, of a note, and of a text among the values of an answer.
    public static final int TEXT = 200;

    /// Characters in base64 of a key that signs the log.
    public static final int VKEY = 2_200;
    public static final int NOTE = 1_000;
    public static final int TEXT_IN_VALUES = 200;
    /// Characters of what a wallet shows about the body.
    public static final int SUMMARY = 300;

    /// The number of an event in its source.
    public static final long NUMBER = 9_999_999_999L;

    /// From the beginning of a window to its end.
    public static final Duration WINDOW = Duration.ofDays(7);
    /// From the time of the id to the end of the window.
    public static final Duration ID_TO_UNTIL = Duration.ofDays(8);

    /// How long a recovery quorum is good after it was replaced.
    public static final Duration REPLACED_RECOVERY = Duration.ofDays(14);

    private Limits() {}
}
