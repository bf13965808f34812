package org.tallystick.gateway.watch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;

/// Somebody who watches a gateway at work. It never waits, never throws, and changes nothing.
///
/// What it is told has no secrets, and texts are of few values: codes, and never what a caller chose.
public interface Watch {

    /// Nobody.
    Watch NONE = new Watch() {};

    /// What takes time on the way of an instruction.
    enum Stage {
        /// Taken in: until it is on the disk.
        STORE,
        ENDORSE,
        BROADCAST,
        /// The ledger is asked for the status of a transaction.
        STATUS,
        /// The ledger is asked for a value.
        READ,
        /// From the broadcast to the block whose verdicts are stored.
        BLOCK
    }

    /// A stage that was begun.
    interface Step extends AutoCloseable {

        Step NONE = () -> {};

        /// It ends without what it was for.
        ///
        /// @param code why
        default void failed(String code) {}

        /// It ends.
        @Override
        void close();
    }

    /// A request to take instructions in begins, on the thread that takes them.
    ///
    /// @param traceparent the caller's, as W3C Trace Context writes it
    default Step request(Optional<String> traceparent) {
        return Step.NONE;
    }

    /// A stage begins.
    ///
    /// @param instructions it is about, if it is about some
    default Step begin(Stage stage, List<Hash> instructions) {
        return Step.NONE;
    }

    /// Instructions were acknowledged.
    ///
    /// @param repeated of them those that were acknowledged before
    default void taken(int all, int repeated) {}

    /// Instructions were not taken.
    default void refused(String code, int instructions) {}

    /// An instruction has its final answer.
    ///
    /// @param time since it was acknowledged
    default void answered(Duration time) {}

    /// A block holds a transaction, whoever sent it.
    ///
    /// @param code Fabric's validation code
    default void transaction(String code) {}

    /// What waited for the disk was written together.
    ///
    /// @param failed whether nothing of it was
    default void wrote(int writes, Duration time, boolean failed) {}
}
