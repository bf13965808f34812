package org.tallystick.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.common.BlockHeader;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;
import org.hyperledger.fabric.protos.peer.BlockAndPrivateData;
import org.jspecify.annotations.Nullable;

/// The private data that one member keeps, on the disk: a frame for each block that has some for it.
///
/// A frame is forced to the disk before its block is. So a crash can leave, besides an incomplete last frame, one
/// complete one whose block is not there; nobody was told of it, its transactions still wait, and it is cut off, too.
final class PrivateFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PrivateFile.class.getName());

    private final Path path;
    private final Disk disk;
    private final SortedMap<Long, Long> offsets = new TreeMap<>();
    private @Nullable BlockFile file;

    private PrivateFile(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
    }

    /// Reads and checks all frames of the file, if it is there.
    static PrivateFile open(Path path, Disk disk) throws IOException {
        var opened = new PrivateFile(path, disk);
        if (Files.exists(path)) {
            opened.file().scan(opened::index);
        }
        return opened;
    }

    private BlockFile file() throws IOException {
        BlockFile opened = file;
        if (opened == null) {
            opened = new BlockFile(path, disk.open(path));
            file = opened;
        }
        return opened;
    }

    private void index(long offset, byte[] body) throws DamagedLedgerException {
        long number = parse(offset, body).getBlock().getHeader().getNumber();
        if (!offsets.isEmpty() && number <= offsets.lastKey()) {
            throw new DamagedLedgerException(
                    path, offset, "private data of block " + number + " behind those of block " + offsets.lastKey());
        }
        offsets.put(number, offset);
    }

    private BlockAndPrivateData parse(long offset, byte[] body) throws DamagedLedgerException {
        try {
            return BlockAndPrivateData.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedLedgerException(path, offset, "the frame holds no private data: " + e.getMessage());
        }
    }

    /// What is kept of a block, by the index of the transaction.
    Map<Long, TxPvtReadWriteSet> of(BlockHeader header) throws IOException {
        Long offset = offsets.get(header.getNumber());
        if (offset == null) {
            return Map.of();
        }
        BlockAndPrivateData kept = parse(offset, file().read(offset));
        if (!kept.getBlock().getHeader().equals(header)) {
            throw new DamagedLedgerException(
                    path, offset, "the private data are of another block " + header.getNumber());
        }
        return kept.getPrivateDataMapMap();
    }

    /// A fault in what is kept of a block.
    DamagedLedgerException damaged(long block, String what) {
        long end = file == null ? 0 : file.end();
        return new DamagedLedgerException(
                path, Optional.ofNullable(offsets.get(block)).orElse(end), what);
    }

    /// Cuts off what belongs to the block that would have been the next.
    void cutBehind(long height) throws IOException {
        SortedMap<Long, Long> behind = offsets.tailMap(height);
        if (behind.isEmpty()) {
            return;
        }
        long offset = behind.values().iterator().next();
        if (behind.lastKey() > height) {
            throw new DamagedLedgerException(
                    path,
                    offset,
                    "private data of block " + behind.lastKey() + ", and there are " + height + " blocks");
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "{0}: cut off the private data of block {1}, which was not finished; its transactions still wait",
                path,
                Long.toString(height));
        file().cutFrom(offset);
        behind.clear();
    }

    /// Returns once the data are on the disk. After an exception the file must not be appended to.
    void append(BlockHeader header, Map<Long, TxPvtReadWriteSet> data) throws IOException {
        var frame = BlockAndPrivateData.newBuilder()
                .setBlock(Block.newBuilder().setHeader(header))
                .putAllPrivateDataMap(data)
                .build();
        offsets.put(header.getNumber(), file().append(frame.toByteArray()));
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
