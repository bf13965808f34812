package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.hyperledger.fabric.protos.gossip.PrivatePayload;
import org.jspecify.annotations.Nullable;

/// Private data that wait for their transaction at one member's peer: endorsed, and not yet in a block.
///
/// They are on the disk before the endorsement is given: whoever got it may send the transaction after any restart.
/// What waits no more is left in the file until that is worth a new one.
final class TransientFile implements AutoCloseable {
    private final Path path;
    private final Disk disk;
    private final Map<String, List<PrivatePayload>> waiting = new HashMap<>();
    private @Nullable BlockFile file;
    private @Nullable IOException broken;
    private long waitingBytes;

    private TransientFile(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
    }

    /// @param waits whether a transaction, by its id, may still come
    static TransientFile open(Path path, Disk disk, long height, Predicate<String> waits) throws IOException {
        var opened = new TransientFile(path, disk);
        Path unfinished = opened.unfinished();
        Files.deleteIfExists(unfinished);
        if (Files.exists(path)) {
            opened.file().scan((offset, body) -> {
                PrivatePayload payload = opened.parse(offset, body);
                if (waits.test(payload.getTxId()) && !isOld(payload, height)) {
                    opened.remember(payload);
                }
            });
            opened.rewrite();
        }
        return opened;
    }

    private Path unfinished() {
        return path.resolveSibling(path.getFileName() + ".tmp");
    }

    private static boolean isOld(PrivatePayload payload, long height) {
        return payload.getPrivateSimHeight() + Limits.TRANSIENT_BLOCKS < height;
    }

    private PrivatePayload parse(long offset, byte[] body) throws DamagedLedgerException {
        try {
            return PrivatePayload.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedLedgerException(path, offset, "the frame holds no private data: " + e.getMessage());
        }
    }

    private BlockFile file() throws IOException {
        BlockFile opened = file;
        if (opened == null) {
            opened = new BlockFile(path, disk.open(path));
            file = opened;
        }
        return opened;
    }

    private void remember(PrivatePayload payload) {
        waiting.computeIfAbsent(payload.getTxId(), _ -> new ArrayList<>()).add(payload);
        waitingBytes += payload.getSerializedSize();
    }

    /// Returns once the data are on the disk.
    ///
    /// @throws IOException if they cannot be kept; then nothing more can
    synchronized void keep(PrivatePayload payload) throws IOException {
        if (broken != null) {
            throw new IOException("private data cannot be kept since: " + broken.getMessage(), broken);
        }
        if (find(payload).isPresent()) {
            return;
        }
        if (waitingBytes + payload.getSerializedSize() > Limits.TRANSIENT_BYTES) {
            throw new IOException("private data of " + waiting.size() + " transactions wait already, "
                    + Limits.TRANSIENT_BYTES + " bytes are the limit");
        }
        try {
            long _ = file().append(payload.toByteArray());
        } catch (IOException e) {
            broken = e;
            throw e;
        }
        remember(payload);
    }

    private Optional<PrivatePayload> find(PrivatePayload wanted) {
        return waiting.getOrDefault(wanted.getTxId(), List.of()).stream()
                .filter(one -> one.getNamespace().equals(wanted.getNamespace())
                        && one.getCollectionName().equals(wanted.getCollectionName())
                        && one.getPrivateRwset().equals(wanted.getPrivateRwset()))
                .findFirst();
    }

    /// The data of a transaction's collection that have this hash: those that were endorsed.
    synchronized Optional<ByteString> find(String transaction, String chaincode, String collection, ByteString hash) {
        return waiting.getOrDefault(transaction, List.of()).stream()
                .filter(one -> one.getNamespace().equals(chaincode)
                        && one.getCollectionName().equals(collection))
                .map(PrivatePayload::getPrivateRwset)
                .filter(values -> Sha256.of(values).equals(hash))
                .findFirst();
    }

    /// Forgets what waited for these, which are in a block now, and what has waited too long.
    synchronized void forget(Collection<String> transactions, long height) throws IOException {
        for (String transaction : transactions) {
            List<PrivatePayload> gone = waiting.remove(transaction);
            if (gone != null) {
                gone.forEach(payload -> waitingBytes -= payload.getSerializedSize());
            }
        }
        if (file != null
                && broken == null
                && file.end() > Limits.TRANSIENT_FILE_BYTES
                && waitingBytes * 2 < file.end()) {
            waiting.values().removeIf(payloads -> payloads.stream().allMatch(one -> isOld(one, height)));
            waitingBytes = waiting.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(PrivatePayload::getSerializedSize)
                    .sum();
            rewrite();
        }
    }

    /// Puts a file with what still waits in the place of the one that is there.
    private void rewrite() throws IOException {
        if (waiting.isEmpty()) {
            file().cutFrom(0);
            return;
        }
        close();
        file = null;
        try (var written = new BlockFile(unfinished(), disk.open(unfinished()))) {
            for (List<PrivatePayload> payloads : waiting.values()) {
                for (PrivatePayload payload : payloads) {
                    long _ = written.append(payload.toByteArray());
                }
            }
        }
        DurableFiles.move(unfinished(), path);
        file().scan((_, _) -> {});
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
