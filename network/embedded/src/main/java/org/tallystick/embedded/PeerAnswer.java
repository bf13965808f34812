package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import org.hyperledger.fabric.protos.peer.Response;

/// What one member's peer makes of a proposal.
sealed interface PeerAnswer {

    /// It ran, and this is what the members must agree on, to be signed.
    record Simulated(ByteString payload, Response response, SimulationResults results) implements PeerAnswer {}

    /// A system chaincode's answer, which nobody endorses.
    record Queried(Response response) implements PeerAnswer {}

    /// It did not; the code is the one the gateway would draw from it.
    sealed interface Unsuccessful extends PeerAnswer {
        String message();

        Status.Code code();

        /// Whether another member's peer might do better.
        boolean mayBeTriedElsewhere();
    }

    /// A filter in front of the peer turned the call away.
    record TurnedAway(String message) implements Unsuccessful {
        @Override
        public Status.Code code() {
            return Status.Code.UNAVAILABLE;
        }

        @Override
        public boolean mayBeTriedElsewhere() {
            return true;
        }
    }

    /// The proposal itself is at fault.
    record Refused(String message) implements Unsuccessful {
        @Override
        public Status.Code code() {
            return Status.Code.FAILED_PRECONDITION;
        }

        @Override
        public boolean mayBeTriedElsewhere() {
            return false;
        }
    }

    /// The chaincode gave no answer.
    record Failed(String message) implements Unsuccessful {
        @Override
        public Status.Code code() {
            return Status.Code.ABORTED;
        }

        @Override
        public boolean mayBeTriedElsewhere() {
            return true;
        }
    }

    /// The chaincode answered with an error.
    record ChaincodeError(Response response) implements Unsuccessful {
        @Override
        public String message() {
            return "chaincode response " + response.getStatus() + ", " + response.getMessage();
        }

        @Override
        public Status.Code code() {
            return Status.Code.UNKNOWN;
        }

        @Override
        public boolean mayBeTriedElsewhere() {
            return false;
        }
    }
}
