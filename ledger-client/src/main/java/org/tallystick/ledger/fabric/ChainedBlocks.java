package org.tallystick.ledger.fabric;

import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.common.Block;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// The blocks a peer delivers, each held against the one before it.
final class ChainedBlocks implements BlockStream {

    private final CloseableIterator<Block> delivered;
    private final BlockReader reader;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long next;
    private Optional<Hash> last = Optional.empty();

    ChainedBlocks(CloseableIterator<Block> delivered, BlockReader reader, long first) {
        this.delivered = delivered;
        this.reader = reader;
        this.next = first;
    }

    @Override
    public boolean hasNext() {
        try {
            if (delivered.hasNext()) {
                return true;
            }
        } catch (GatewayRuntimeException e) {
            if (!closed.get()) {
                throw broken(Failures.of("reading blocks from " + next, e));
            }
        }
        if (closed.get()) {
            return false;
        }
        throw broken(new LedgerException.Unavailable("the peer ended its blocks before " + next, null));
    }

    @Override
    public LedgerBlock next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the stream was closed");
        }
        return switch (reader.read(Bytes.copyOf(deliver().toByteArray()))) {
            case BlockReading.Read read -> follow(read);
            case BlockReading.Malformed(var at, var what) ->
                throw refused("a block that cannot be read instead of " + next + ": " + at + ", " + what);
        };
    }

    /// A refusal travels in the stream as a status in the place of a block.
    private Block deliver() {
        try {
            return delivered.next();
        } catch (NoSuchElementException e) {
            throw refused("no blocks from " + next + ": " + e.getMessage());
        } catch (GatewayRuntimeException e) {
            throw broken(Failures.of("reading blocks from " + next, e));
        }
    }

    private LedgerBlock follow(BlockReading.Read read) {
        boolean follows = read.block().number() == next
                && last.filter(hash -> !hash.equals(read.previous())).isEmpty();
        if (!follows) {
            throw refused("block " + read.block().number() + ", which does not follow "
                    + last.map(hash -> "block " + (next - 1) + " with hash " + hash)
                            .orElse("what was asked for"));
        }
        last = Optional.of(read.hash());
        next++;
        return read.block();
    }

    private Broken refused(String what) {
        return broken(new LedgerException.Refused("the peer sent " + what, null));
    }

    private Broken broken(LedgerException cause) {
        close();
        return new Broken(cause);
    }

    /// Ends the call and with it whoever waits for its next block.
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            delivered.close();
        }
    }
}
