package org.tallystick.chaincode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.state.State;

/// The public state of the channel, as one transaction reads it.
final class PublicHome implements State {

    private final ChaincodeStub stub;
    private final ReadsTogether together;
    private Map<String, Optional<Bytes>> foreseen = new TreeMap<>();

    PublicHome(ChaincodeStub stub, ReadsTogether together) {
        this.stub = stub;
        this.together = together;
    }

    @Override
    public void foresee(List<String> keys) {
        if (keys.size() > 1) {
            together.read(stub.getChannelId(), stub.getTxId(), keys).ifPresent(values -> foreseen = values);
        }
    }

    @Override
    public Optional<Bytes> read(String key) {
        Optional<Bytes> known = foreseen.get(key);
        if (known != null) {
            return known;
        }
        byte[] value = stub.getState(key);
        return value == null || value.length == 0 ? Optional.empty() : Optional.of(Bytes.copyOf(value));
    }
}
