package org.tallystick.gateway.http;

import java.time.Duration;
import org.tallystick.gateway.stream.StreamLimits;
import org.tallystick.ledger.log.LogLimits;

/// How much and how long a caller may take.
///
/// @param body bytes of a request's body
/// @param line bytes of the request line, room for the names of a hundred keys; `head` of all header fields
/// @param headTime from connecting, or from the last answer, to the end of the next request's head
/// @param bodyTime from the end of the head to the end of the body
/// @param connections at once; of their requests, `bodies` with a body
/// @param waiting requests that wait for an answer of the ledger at once
/// @param idle how long a connection may carry nothing at all
/// @param packs that are made at once, or wait in their file to be taken
/// @param packTime to take a pack, and for each `packPace` bytes of it a second more
/// @param arriving bytes of all bodies that came and are not answered yet
/// @param promise how long the ledger's answer to what was taken may take, as receipts say
/// @param streams of those who follow the ledger; each holds a connection
public record HttpLimits(
        int body,
        int line,
        int head,
        Duration headTime,
        Duration bodyTime,
        int connections,
        int bodies,
        int waiting,
        Duration idle,
        int packs,
        Duration packTime,
        int packPace,
        long arriving,
        Duration promise,
        StreamLimits streams) {

    public static final HttpLimits DEFAULT = new HttpLimits(
            8 * 1024 * 1024,
            24 * 1024,
            8 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            3_000,
            256,
            1_000,
            Duration.ofMinutes(5),
            4,
            Duration.ofSeconds(60),
            128 * 1024,
            32L * 1024 * 1024,
            Duration.ofSeconds(60),
            StreamLimits.DEFAULT);

    /// Envelopes in one request.
    public static final int ENVELOPES = 5_000;

    /// Bytes of a request to cosign a checkpoint.
    public static final int ADD_CHECKPOINT = LogLimits.ADD_CHECKPOINT;

    /// How long a caller may ask to wait for an answer.
    public static final Duration WAIT = Duration.ofSeconds(30);

    /// Agreements in one answer.
    public static final int AGREEMENTS = 1_000;

    /// Agreements that are looked at for one answer, when not all are wanted.
    public static final int LOOKED_AT = 100;

    /// Items of a list in one answer, if nothing is said, and at the most.
    public static final int LISTED = 100;

    public static final int MOST_LISTED = 1_000;

    /// Lines of a story in one answer.
    public static final int STORY = 1_000;

    public HttpLimits withStreams(StreamLimits limits) {
        return new HttpLimits(
                body,
                line,
                head,
                headTime,
                bodyTime,
                connections,
                bodies,
                waiting,
                idle,
                packs,
                packTime,
                packPace,
                arriving,
                promise,
                limits);
    }
}
