package org.tallystick.chaincode;

import java.util.Optional;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.state.State;

/// The public state of the channel.
record PublicHome(ChaincodeStub stub) implements State {

    @Override
    public Optional<Bytes> read(String key) {
        byte[] value = stub.getState(key);
        return value == null || value.length == 0 ? Optional.empty() : Optional.of(Bytes.copyOf(value));
    }
}
