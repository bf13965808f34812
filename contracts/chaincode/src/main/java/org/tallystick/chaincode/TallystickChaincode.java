package org.tallystick.chaincode;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.protos.peer.ChaincodeMessage;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.hyperledger.fabric.traces.Traces;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.state.State;

/// Reads the state, asks the rules, writes what they say. Nothing here compares an amount or a date.
///
/// Functions and failures: `docs/spec/ledger-1.md` section 11.
public final class TallystickChaincode extends ChaincodeBase {

    public static final String NAME = "tallystick";
    /// The name of the event in which the leaves of a transaction travel.
    public static final String EVENT = "tallystick";

    private static final Logger LOG = Logger.getLogger(TallystickChaincode.class.getName());

    /// As many transactions are decided at a time as there are cores; the others wait in the order they came. Decided
    /// by turns they would take no less time, and the heap would hold the instructions of all of them.
    private final Semaphore places = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    private final Functions functions = new Functions();
    private final ReadsTogether together = new ReadsTogether();
    private final Charter charter;

    /// @param packageId by which the peer knows this chaincode, `label:hash`
    /// @param charter the member's
    public TallystickChaincode(String packageId, Charter charter) {
        this.charter = charter;
        processCommandLineOptions(new String[] {"-i", packageId});
        Properties properties = getChaincodeConfig();
        // Without these two the shim hangs when it registers at the peer.
        Metrics.initialize(properties);
        Traces.initialize(properties);
    }

    @Override
    protected StreamObserver<ChaincodeMessage> connectToPeer(StreamObserver<ChaincodeMessage> toPeer)
            throws IOException {
        return together.<IOException>connect(toPeer, super::connectToPeer);
    }

    @Override
    public Chaincode.Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    /// Answers every error as a failed transaction: the shim sends none for what is not a RuntimeException, and the
    /// peer would wait until its time is over.
    @Override
    public Chaincode.Response invoke(ChaincodeStub stub) {
        try {
            return answer(stub, inPlace(stub));
        } catch (Exception | StackOverflowError | AssertionError e) {
            LOG.log(Level.SEVERE, "transaction " + stub.getTxId() + " failed", e);
            return ResponseUtils.newErrorResponse(new Failed("internal", Json.Obj.EMPTY).message());
        }
    }

    private Outcome inPlace(ChaincodeStub stub) {
        places.acquireUninterruptibly();
        try {
            return outcome(stub);
        } finally {
            places.release();
        }
    }

    private Outcome outcome(ChaincodeStub stub) {
        List<Bytes> arguments = stub.getArgs().stream().map(Bytes::copyOf).toList();
        State home = new PublicHome(stub, together);
        Sent sent = new Sent(new LedgerTime(stub.getTxTimestamp().getEpochSecond()), new Creator(stub.getCreator()));
        return SentArguments.read(arguments)
                .map(call -> charter.outcome(call, functions.outcome(home, sent, call)))
                .orElseGet(() -> new Failed("arguments_wrong", Json.Obj.EMPTY));
    }

    private static Chaincode.Response answer(ChaincodeStub stub, Outcome outcome) {
        return switch (outcome) {
            case Failed failed -> ResponseUtils.newErrorResponse(failed.message());
            case Done(var response, var event, var writes) -> {
                for (Map.Entry<String, Optional<Bytes>> write : writes.entrySet()) {
                    if (write.getValue().isPresent()) {
                        stub.putState(write.getKey(), write.getValue().get().toArray());
                    } else {
                        stub.delState(write.getKey());
                    }
                }
                event.ifPresent(
                        leaves -> stub.setEvent(EVENT, leaves.canonical().toArray()));
                yield ResponseUtils.newSuccessResponse(response.canonical().toArray());
            }
        };
    }
}
