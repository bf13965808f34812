package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockMetadataIndex;
import org.hyperledger.fabric.protos.peer.TxValidationCode;

/// The chain of blocks on the disk, and where in it each block and transaction is found.
///
/// One thread appends; any number read.
final class BlockStore implements AutoCloseable {
    private final Path path;
    private final BlockFile file;
    private final Offsets offsets = new Offsets();
    private final Map<String, Place> transactions = new ConcurrentHashMap<>();
    private final Map<ByteString, Long> numbers = new ConcurrentHashMap<>();
    private volatile ByteString lastHash = ByteString.EMPTY;

    /// Where a transaction stands, and the answer it got. The first one counts if an id comes again.
    record Place(long block, int index, TxValidationCode code) {}

    /// Told of every block, from the first to the last.
    interface Replay {
        void block(Block block) throws IOException;
    }

    private BlockStore(Path path, FileChannel channel) {
        this.path = path;
        this.file = new BlockFile(path, channel);
    }

    /// Reads and checks the whole chain; tells of each block once.
    static BlockStore open(Path path, FileChannel channel, Replay replay) throws IOException {
        var store = new BlockStore(path, channel);
        store.file.scan((offset, body) -> {
            Block block = store.parse(offset, body);
            store.checkFollows(offset, block);
            store.index(offset, block);
            replay.block(block);
        });
        if (store.height() == 0) {
            throw new DamagedLedgerException(path, 0, "there is no complete block 0");
        }
        return store;
    }

    private Block parse(long offset, byte[] body) throws DamagedLedgerException {
        try {
            return Block.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedLedgerException(path, offset, "the frame holds no block: " + e.getMessage());
        }
    }

    private void checkFollows(long offset, Block block) throws DamagedLedgerException {
        long number = block.getHeader().getNumber();
        if (number != height()) {
            throw new DamagedLedgerException(path, offset, "block " + number + " where block " + height() + " is due");
        }
        if (!block.getHeader().getPreviousHash().equals(lastHash)) {
            throw new DamagedLedgerException(path, offset, "block " + number + " does not follow the one before it");
        }
        if (!block.getHeader().getDataHash().equals(BlockHashes.ofData(block.getData()))) {
            throw new DamagedLedgerException(path, offset, "the data of block " + number + " has another hash");
        }
        List<ByteString> metadata = block.getMetadata().getMetadataList();
        if (metadata.size() <= BlockMetadataIndex.COMMIT_HASH_VALUE
                || metadata.get(BlockMetadataIndex.TRANSACTIONS_FILTER_VALUE).size()
                        != block.getData().getDataCount()) {
            throw new DamagedLedgerException(path, offset, "block " + number + " has no answer for each transaction");
        }
    }

    /// Puts the block on the disk, then applies it, and only then lets anybody find it: who knows that a transaction
    /// is committed must also see what it wrote.
    void append(Block block, Runnable apply) throws IOException {
        long offset = file.append(block.toByteArray());
        apply.run();
        index(offset, block);
    }

    private void index(long offset, Block block) {
        long number = block.getHeader().getNumber();
        ByteString hash = BlockHashes.ofHeader(block.getHeader());
        for (CommittedTransaction transaction : CommittedTransaction.of(block)) {
            if (!transaction.id().isEmpty()) {
                Place _ = transactions.putIfAbsent(
                        transaction.id(), new Place(number, transaction.index(), transaction.code()));
            }
        }
        numbers.put(hash, number);
        lastHash = hash;
        offsets.add(offset);
    }

    long height() {
        return offsets.size();
    }

    ByteString lastHash() {
        return lastHash;
    }

    Optional<Place> transaction(String id) {
        return Optional.ofNullable(transactions.get(id));
    }

    Optional<Long> numberOf(ByteString hash) {
        return Optional.ofNullable(numbers.get(hash));
    }

    Block block(long number) {
        long offset = offsets.get(number);
        try {
            return parse(offset, file.read(offset));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read block " + number, e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// A growing list of longs that one thread adds to and others read without a lock, in pages.
    private static final class Offsets {
        private static final int PAGE = 1 << 12;
        private final List<long[]> pages = new CopyOnWriteArrayList<>();
        private volatile long size;

        void add(long offset) {
            if (size % PAGE == 0) {
                pages.add(new long[PAGE]);
            }
            pages.getLast()[(int) (size % PAGE)] = offset;
            long next = size + 1;
            size = next; // the volatile write that shows the entry to readers
        }

        long size() {
            return size;
        }

        long get(long number) {
            if (number < 0 || number >= size) {
                throw new IllegalArgumentException("there is no block " + number + " among " + size);
            }
            return pages.get((int) (number / PAGE))[(int) (number % PAGE)];
        }
    }
}
