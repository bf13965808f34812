package org.tallystick.ledger.verify;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.pack.PackReader;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The transactions of a pack that were read and wait to be decided, while others look at their signatures.
final class Lookahead {

    /// So many bytes of transactions wait at most. What is read of them takes some ten times as many.
    private static final long MOST_BYTES = 1 << 20;

    private final Crew crew;
    private final KnownKeys keys = new KnownKeys();
    private final ArrayDeque<Ahead> waiting = new ArrayDeque<>();
    private long bytes;

    Lookahead(Crew crew) {
        this.crew = crew;
    }

    /// A transaction, or what is in its place.
    ///
    /// @param items of a transaction that submits some
    /// @param signatures of what is a transaction
    record Transaction(TransactionEnvelope.Reading reading, Items items, Optional<TransactionSignatures> signatures) {}

    /// An entry that was read.
    ///
    /// @param failed why it could not be, which is thrown when its turn comes
    record Ahead(PackReader.Entry entry, Optional<Transaction> read, Optional<RuntimeException> failed) {
        Transaction transaction() {
            failed.ifPresent(failure -> {
                throw failure;
            });
            return read.orElseThrow();
        }
    }

    void add(PackReader.Entry entry) {
        Bytes content = entry.content().orElseThrow();
        bytes += content.size();
        waiting.add(read(entry, content));
    }

    private Ahead read(PackReader.Entry entry, Bytes content) {
        try {
            return new Ahead(entry, Optional.of(transaction(content)), Optional.empty());
        } catch (RuntimeException e) {
            return new Ahead(entry, Optional.empty(), Optional.of(e));
        } catch (StackOverflowError e) {
            return new Ahead(entry, Optional.empty(), Optional.of(new IllegalStateException("nested too deeply", e)));
        }
    }

    private Transaction transaction(Bytes content) {
        TransactionEnvelope.Reading reading = TransactionEnvelope.read(content);
        if (!(reading instanceof TransactionEnvelope.Parsed(var transaction))) {
            return new Transaction(reading, Items.NONE, Optional.empty());
        }
        Items items = transaction.function().equals("submit") ? Items.of(transaction) : Items.NONE;
        List<Signed> instructions = items.read().stream()
                .flatMap(read -> read instanceof Signed signed ? Stream.of(signed) : Stream.empty())
                .toList();
        return new Transaction(
                reading, items, Optional.of(new TransactionSignatures(crew, keys, transaction, instructions)));
    }

    /// The next one to decide, if enough of them wait behind it, or nobody looks ahead.
    Optional<Ahead> next() {
        return crew.goesAhead() && bytes < MOST_BYTES ? Optional.empty() : last();
    }

    /// The next one to decide, if there is any, when no more come.
    Optional<Ahead> last() {
        Optional<Ahead> first = Optional.ofNullable(waiting.poll());
        first.ifPresent(ahead -> bytes -= ahead.entry().content().orElseThrow().size());
        return first;
    }
}
