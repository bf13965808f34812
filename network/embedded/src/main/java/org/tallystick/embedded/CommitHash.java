package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Metadata;

/// The hash by which peers compare their states block by block: answers, writes in byte order, and the hash before.
///
/// Fabric's `kvLedger.addBlockCommitHash`, whose `txmgr.Updates` message is in none of the published protobufs.
final class CommitHash {
    private static final int UPDATES_WRITES = 1;
    private static final int WRITE_NAMESPACE = 1;
    private static final int WRITE_COLLECTION = 2;
    private static final int WRITE_KEY = 3;
    private static final int WRITE_IS_DELETE = 4;
    private static final int WRITE_VALUE = 5;
    private static final int WRITE_VERSION = 6;

    /// What everybody has: public writes, and the hashes of private ones; those come after them, by collection.
    private record Written(String namespace, String collection, ByteString name) {
        static Written of(WorldState.Key key) {
            return switch (key) {
                case WorldState.Key.Public(var namespace, var name) -> new Written(namespace, "", name);
                case WorldState.Key.Hashed(var namespace, var collection, var hash) ->
                    new Written(namespace, collection, hash);
                case WorldState.Key.Private _ -> throw new IllegalArgumentException("not everybody has " + key);
            };
        }
    }

    private static final Comparator<Written> BYTE_ORDER = Comparator.comparing(
                    (Written key) -> ByteString.copyFromUtf8(key.namespace()),
                    ByteString.unsignedLexicographicalComparator())
            .thenComparing(
                    key -> ByteString.copyFromUtf8(key.collection()), ByteString.unsignedLexicographicalComparator())
            .thenComparing(Written::name, ByteString.unsignedLexicographicalComparator());

    private CommitHash() {}

    /// The metadata of a block that follows one with this metadata.
    static ByteString next(ByteString previous, ByteString codes, long block, Iterable<WorldState.Write> writes) {
        try {
            ByteString before = Metadata.parseFrom(previous).getValue();
            var out = ByteString.newOutput();
            var coded = CodedOutputStream.newInstance(out);
            coded.writeUInt64NoTag(codes.size());
            coded.writeRawBytes(codes);
            writeUpdates(coded, block, writes);
            coded.writeRawBytes(before);
            coded.flush();
            return Metadata.newBuilder()
                    .setValue(Sha256.of(out.toByteString()))
                    .build()
                    .toByteString();
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
    }

    private static void writeUpdates(CodedOutputStream out, long block, Iterable<WorldState.Write> writes)
            throws IOException {
        var last = new TreeMap<Written, WorldState.Write>(BYTE_ORDER);
        writes.forEach(write -> last.put(Written.of(write.key()), write));
        var before = new Written("", "", ByteString.EMPTY);
        for (var write : last.entrySet()) {
            out.writeBytes(UPDATES_WRITES, write(write.getKey(), before, write.getValue(), block));
            before = write.getKey();
        }
    }

    /// A name that is also that of the write before is left out.
    private static ByteString write(Written key, Written before, WorldState.Write write, long block)
            throws IOException {
        var bytes = ByteString.newOutput();
        var out = CodedOutputStream.newInstance(bytes);
        boolean sameNamespace = key.namespace().equals(before.namespace());
        if (!sameNamespace) {
            out.writeString(WRITE_NAMESPACE, key.namespace());
        }
        boolean sameCollection = sameNamespace && key.collection().equals(before.collection());
        if (!sameCollection && !key.collection().isEmpty()) {
            out.writeString(WRITE_COLLECTION, key.collection());
        }
        out.writeBytes(WRITE_KEY, key.name());
        if (write.value().isEmpty()) {
            out.writeBool(WRITE_IS_DELETE, true);
        } else {
            out.writeBytes(WRITE_VALUE, write.value().get());
        }
        out.writeBytes(WRITE_VERSION, orderPreserving(block).concat(orderPreserving(write.index())));
        out.flush();
        return bytes.toByteString();
    }

    /// The number of bytes and then the bytes, without leading zeros, so that the encodings sort as the numbers do.
    private static ByteString orderPreserving(long number) {
        int size = (Long.SIZE - Long.numberOfLeadingZeros(number) + Byte.SIZE - 1) / Byte.SIZE;
        byte[] bytes = new byte[size + 1];
        bytes[0] = (byte) size;
        for (int i = size; i > 0; i--) {
            bytes[i] = (byte) (number >>> ((size - i) * Byte.SIZE));
        }
        return ByteString.copyFrom(bytes);
    }
}
