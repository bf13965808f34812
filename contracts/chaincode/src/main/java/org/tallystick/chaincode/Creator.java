package org.tallystick.chaincode;

import com.google.protobuf.InvalidProtocolBufferException;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.signing.MemberCertificate;

/// Who carries the transaction. The certificate is looked at only when an act asks for an admin.
final class Creator implements Carrier {

    private final SerializedIdentity identity;

    /// The identity as the peer checked and passed it on.
    Creator(byte[] serialized) {
        try {
            identity = SerializedIdentity.parseFrom(serialized);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the peer passed on a creator that is no identity", e);
        }
    }

    @Override
    public String member() {
        return identity.getMspid();
    }

    @Override
    public boolean admin() {
        return MemberCertificate.isAdmin(Bytes.copyOf(identity.getIdBytes().toByteArray()));
    }
}
