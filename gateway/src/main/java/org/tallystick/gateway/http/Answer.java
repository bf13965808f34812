package org.tallystick.gateway.http;

import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

/// What goes back to the caller.
record Answer(int status, String type, Content content, Optional<Duration> retryAfter) {

    /// The member of every answer in JSON that says whether the ledger is a trial.
    static final String TRIAL = "trial";

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String OCTETS = "application/octet-stream";

    /// What is in it.
    sealed interface Content {}

    /// An object, before it is said whether the ledger is a trial.
    record Told(Json.Builder object) implements Content {}

    /// What others than we defined, as it is.
    ///
    /// @param immutable whether it will never be another
    record Octets(Bytes octets, boolean immutable) implements Content {}

    /// What is in a file, as it is.
    ///
    /// @param sent done once, when the file has been sent or nobody wants it any more
    record Stored(FileChannel file, long size, Runnable sent) implements Content {

        /// Lets go of the file.
        void close() {
            Packs.close(file);
            sent.run();
        }
    }

    static Answer of(int status, Json.Builder object) {
        return new Answer(status, JSON, new Told(object), Optional.empty());
    }

    static Answer of(String type, Octets octets) {
        return new Answer(200, type, octets, Optional.empty());
    }
}
