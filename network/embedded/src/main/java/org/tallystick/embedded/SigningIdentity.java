package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.security.PrivateKey;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/// An identity that this process can sign for, with the bytes by which Fabric names it.
record SigningIdentity(ByteString serialized, PrivateKey key) {

    static SigningIdentity of(String organization, Credential credential) {
        return new SigningIdentity(
                SerializedIdentity.newBuilder()
                        .setMspid(organization)
                        .setIdBytes(ByteString.copyFromUtf8(Credential.pem(credential.certificate())))
                        .build()
                        .toByteString(),
                credential.key());
    }

    ByteString sign(ByteString message) {
        return Ecdsa.sign(key, message);
    }
}
