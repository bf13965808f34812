package org.tallystick.gateway.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Why the gateway itself does not do what was asked, before or without the ledger.
enum Trouble {
    BODY_TOO_LARGE(413, "the body is larger than this gateway takes"),
    BODY_TOO_SLOW(408, "the body did not arrive in time"),
    MEDIA_TYPE_UNKNOWN(
            415, "send one envelope as application/jose+json, or many as application/json or application/x-ndjson"),
    BODY_FORM(
            400,
            "the body is not a JSON array of 1 to 5,000 envelopes, each of them a string, nor a line for each of so"
                    + " many"),
    ENVELOPE_NOT_TEXT(400, "this member of the array is not a string"),
    PARAMETER_WRONG(400, "a part of the address has a wrong form"),
    REQUEST_WRONG(400, "the request cannot be understood"),
    NOT_FOUND(404, "there is nothing at this address"),
    METHOD_UNKNOWN(405, "this address does not know this method"),
    INSTRUCTION_NOT_FOUND(404, "neither this gateway nor the ledger holds an instruction of this party with this id"),
    AGREEMENT_NOT_FOUND(404, "the ledger holds no such agreement"),
    SETTLEMENT_NOT_FOUND(404, "this period of the agreement is not settled"),
    POSTING_NOT_FOUND(404, "the settlement of this period has no posting of this number"),
    PARTY_NOT_FOUND(404, "this party of the terms has no part in the settlement"),
    SEVERAL_INSTRUCTIONS(300, "this id was used under several agreements: say which"),
    HOME_FULL(429, "too much waits for its answer under this agreement, or in the registry"),
    GATEWAY_FULL(503, "this gateway holds as much as it can"),
    LOG_UNSIGNED(503, "this gateway has no keys of the log that the ledger names"),
    LOG_NOT_COSIGNED(503, "a majority of the members has not cosigned so much of the log yet"),
    LOG_DIFFERS(503, "the blocks of this gateway do not lead to the log that it signed: a matter for its operator"),
    HEADS_MISSING(503, "too few members say at the moment where the chains of this pack end"),
    OLDER_DIFFERS(409, "the log does not go on from this size and root"),
    STREAMS_FULL(503, "as many follow the ledger through this gateway as it can serve"),
    STREAMS_OF_CALLER_FULL(429, "as many follow the ledger from this address as may"),
    PACKS_FULL(503, "this gateway makes as many packs as it can"),
    PACK_NOT_KEPT(503, "this gateway has no room for a pack at the moment"),
    STOPPING(503, "this gateway is about to stop"),
    STORE_UNAVAILABLE(503, "this gateway cannot keep anything at the moment, so it took nothing"),
    LISTS_NOT_MADE(503, "this gateway is still making its lists from the blocks, for the first time"),
    LEDGER_UNAVAILABLE(503, "the ledger cannot be reached at the moment"),
    LEDGER_REFUSED(503, "the ledger does not answer this gateway: a matter for its operator"),
    INTERNAL(500, "this is a mistake of ours: the operator finds it in the log");

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final int status;
    private final String sentence;

    Trouble(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    int status() {
        return status;
    }

    String sentence() {
        return sentence;
    }

    /// When it makes sense to try again.
    Optional<Duration> retryAfter() {
        return switch (status) {
            case 429 -> Optional.of(SOON);
            case 503 -> Optional.of(LATER);
            default -> Optional.empty();
        };
    }
}
