package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.gateway.log.TooFewHeads;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.PackBuilder.NothingToPack;
import org.tallystick.ledger.pack.SpoolFile;

/// Makes packs of the final form, and proofs of postings, into files: so many at once and no more, from the first block
/// that is read until the last byte is taken.
final class Packs {

    private static final Logger LOG = Logger.getLogger(Packs.class.getName());

    private final Vertx vertx;
    private final Ledger ledger;
    private final LedgerReading reading;
    private final TransparencyLog log;
    private final Semaphore places;
    private final Duration patience;

    Packs(Vertx vertx, Ledger ledger, LedgerReading reading, TransparencyLog log, HttpLimits limits) {
        this.vertx = vertx;
        this.ledger = ledger;
        this.reading = reading;
        this.log = log;
        this.places = new Semaphore(limits.packs());
        this.patience = limits.idle().multipliedBy(3).dividedBy(4);
    }

    /// What is asked for.
    ///
    /// @param older as an older pack names it
    record Asked(String type, Optional<PackBuilder.Older> older, Making making) {}

    /// Writes what is asked for.
    @FunctionalInterface
    interface Making {
        void write(Ledger ledger, PackBuilder.Published published, OutputStream out)
                throws IOException, LedgerException, NothingToPack;
    }

    /// Says what is asked for, or why there is nothing.
    @FunctionalInterface
    interface Question {
        Asked read() throws LedgerException, Refusal;
    }

    /// A large ledger takes longer to read than a connection may be idle: `100 Continue` says meanwhile that somebody
    /// is at work, and nothing else. (Java's own client takes eight of them and no more.)
    Future<Answer> answer(RoutingContext request, Question question) {
        boolean old = request.request().version() == HttpVersion.HTTP_1_0;
        long timer = vertx.setPeriodic(patience.toMillis(), _ -> {
            if (!old) {
                var _ = request.response().writeContinue();
            }
        });
        return reading.ask(() -> {
                    Asked asked = question.read();
                    return new Answer(200, asked.type(), stored(asked), Map.of());
                })
                .onComplete(_ -> {
                    boolean _ = vertx.cancelTimer(timer);
                });
    }

    private Answer.Stored stored(Asked asked) throws LedgerException, Refusal, InterruptedException {
        PackBuilder.Published published = published(asked.older());
        if (!places.tryAcquire()) {
            throw new Refusal(Problem.of(Trouble.PACKS_FULL));
        }
        Optional<Answer.Stored> stored = Optional.empty();
        try {
            stored = Optional.of(written(asked.making(), published));
            return stored.get();
        } finally {
            if (stored.isEmpty()) {
                places.release();
            }
        }
    }

    private PackBuilder.Published published(Optional<PackBuilder.Older> older) throws Refusal, InterruptedException {
        try {
            return log.published(older)
                    .orElseThrow(() ->
                            new Refusal(Problem.of(log.signs() ? Trouble.LOG_NOT_COSIGNED : Trouble.LOG_UNSIGNED)));
        } catch (StoreException _) {
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        }
    }

    private Answer.Stored written(Making making, PackBuilder.Published published) throws LedgerException, Refusal {
        Optional<FileChannel> left = Optional.empty();
        try {
            FileChannel file = SpoolFile.open();
            left = Optional.of(file);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file));
            making.write(ledger, published, out);
            out.flush();
            Answer.Stored stored = new Answer.Stored(file, file.size(), places::release);
            left = Optional.empty();
            return stored;
        } catch (NothingToPack e) {
            throw refusal(e);
        } catch (TooFewHeads e) {
            LOG.log(Level.WARNING, "pack: " + e.getMessage());
            throw new Refusal(Problem.of(Trouble.HEADS_MISSING));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "pack: cannot be kept: " + e);
            throw new Refusal(Problem.of(Trouble.PACK_NOT_KEPT));
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "pack: the log is not read: " + e.getMessage());
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        } finally {
            left.ifPresent(Packs::close);
        }
    }

    /// What the ledger holds and the log does not is in a part that the members have not cosigned yet.
    private static Refusal refusal(NothingToPack nothing) {
        Trouble trouble = switch (nothing.lack()) {
            case AGREEMENT, SETTLEMENT -> Trouble.LOG_NOT_COSIGNED;
            case POSTING -> Trouble.POSTING_NOT_FOUND;
            case OLDER -> Trouble.OLDER_DIFFERS;
            case BLOCKS, SAME_TREE -> {
                LOG.severe("pack: " + nothing.getMessage());
                yield Trouble.LOG_DIFFERS;
            }
        };
        return new Refusal(Problem.of(trouble));
    }

    static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "pack: closing a file failed", e);
        }
    }
}
