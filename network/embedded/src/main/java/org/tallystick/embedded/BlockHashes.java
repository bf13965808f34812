package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;

/// The two hashes that chain blocks, as `protoutil` computes them.
final class BlockHashes {
    private BlockHashes() {}

    static ByteString ofHeader(BlockHeader header) {
        return Sha256.of(headerBytes(header));
    }

    static ByteString ofData(BlockData data) {
        return Sha256.of(data.getDataList());
    }

    /// `SEQUENCE { INTEGER number, OCTET STRING previous hash, OCTET STRING data hash }`
    static ByteString headerBytes(BlockHeader header) {
        var fields = new ASN1EncodableVector();
        fields.add(new ASN1Integer(header.getNumber()));
        fields.add(new DEROctetString(header.getPreviousHash().toByteArray()));
        fields.add(new DEROctetString(header.getDataHash().toByteArray()));
        try {
            return ByteString.copyFrom(new DERSequence(fields).getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
    }
}
