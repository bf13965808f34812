package org.tallystick.gateway.http;

import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.stream.EventStream;

/// What goes back to the caller.
///
/// @param headers that not every answer has
record Answer(int status, String type, Content content, Map<String, String> headers) {

    /// The member of every answer in JSON that says whether the ledger is a trial.
    static final String TRIAL = "trial";

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String OCTETS = "application/octet-stream";

    static final String RETRY_AFTER = "retry-after";

    Answer {
        headers = Map.copyOf(headers);
    }

    /// What is in it.
    sealed interface Content {
        /// Nobody wants it any more.
        default void drop() {}
    }

    /// An object, before it is said whether the ledger is a trial.
    record Told(Json.Builder object) implements Content {}

    /// The same, under the name of its octets (`ETag`): who has them is not sent them again.
    record Tagged(Json.Builder object) implements Content {}

    /// What others than we defined, as it is.
    ///
    /// @param immutable whether it will never be another
    record Octets(Bytes octets, boolean immutable) implements Content {}

    /// What is in a file, as it is.
    ///
    /// @param sent done once, when the file has been sent or nobody wants it any more
    record Stored(FileChannel file, long size, Runnable sent) implements Content {

        @Override
        public void drop() {
            Packs.close(file);
            sent.run();
        }
    }

    /// What goes on until either side ends it.
    record Live(EventStream stream) implements Content {
        @Override
        public void drop() {
            stream.drop();
        }
    }

    static Answer of(int status, Json.Builder object) {
        return new Answer(status, JSON, new Told(object), Map.of());
    }

    static Answer tagged(Json.Builder object) {
        return new Answer(200, JSON, new Tagged(object), Map.of());
    }

    static Answer of(String type, Octets octets) {
        return new Answer(200, type, octets, Map.of());
    }

    /// With one header more, if it has a value.
    Answer with(String header, Optional<String> value) {
        if (value.isEmpty()) {
            return this;
        }
        TreeMap<String, String> all = new TreeMap<>(headers);
        all.put(header, value.get());
        return new Answer(status, type, content, all);
    }

    Answer retryAfter(Optional<Duration> wait) {
        return with(RETRY_AFTER, wait.map(time -> String.valueOf(time.toSeconds())));
    }
}
