package org.tallystick.gateway.http;

import java.time.Duration;
import java.util.Optional;
import org.tallystick.agreement.json.Json;

/// What goes back to the caller, before it is said whether the ledger is a trial.
record Answer(int status, String type, Json.Builder body, Optional<Duration> retryAfter) {

    /// The member of every answer that says whether the ledger is a trial.
    static final String TRIAL = "trial";

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    static Answer of(int status, Json.Builder body) {
        return new Answer(status, JSON, body, Optional.empty());
    }
}
