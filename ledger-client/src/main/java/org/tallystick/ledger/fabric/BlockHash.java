package org.tallystick.ledger.fabric;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// The two hashes that tie blocks together: a header names the header before it, and its own data.
public final class BlockHash {

    private BlockHash() {}

    /// SHA-256 of the DER of number, previous hash and data hash: what the next block names.
    public static Hash ofHeader(long number, Bytes previous, Bytes data) {
        DERSequence header = new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(new BigInteger(Long.toUnsignedString(number))),
            new DEROctetString(previous.toArray()),
            new DEROctetString(data.toArray())
        });
        try {
            return Hash.of(Bytes.copyOf(header.getEncoded(ASN1Encoding.DER)));
        } catch (IOException e) {
            throw new IllegalStateException("a header that cannot be written", e);
        }
    }

    static Hash ofHeader(BlockHeader header) {
        return ofHeader(
                header.getNumber(),
                Bytes.copyOf(header.getPreviousHash().toByteArray()),
                Bytes.copyOf(header.getDataHash().toByteArray()));
    }

    /// SHA-256 of the envelopes, one behind the other: what the block's own header names.
    static Hash ofData(BlockData data) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        data.getDataList().forEach(envelope -> all.writeBytes(envelope.toByteArray()));
        return Hash.of(Bytes.copyOf(all.toByteArray()));
    }

    static boolean dataIsThatOfHeader(Block block) {
        return ofData(block.getData())
                .bytes()
                .equals(Bytes.copyOf(block.getHeader().getDataHash().toByteArray()));
    }
}
