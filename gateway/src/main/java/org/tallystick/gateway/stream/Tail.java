package org.tallystick.gateway.stream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tallystick.gateway.store.News;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// The end of the stream. It is read from the store once for each block, for all who have read everything before it.
final class Tail implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Tail.class.getName());

    /// Who has read everything.
    interface Reader {
        /// What comes next. It must not wait.
        void offer(Page page);
    }

    private final Store store;
    private final boolean trial;
    private final Semaphore reads = new Semaphore(StreamLimits.READS, true);
    private final Set<Reader> readers = new LinkedHashSet<>();
    private Position end = Position.START;
    /// It may have grown since its end was read.
    private boolean woken = true;
    private volatile boolean open = true;
    private @Nullable Thread thread;

    Tail(Store store, boolean trial) {
        this.store = store;
        this.trial = trial;
    }

    void start() throws StoreException, InterruptedException {
        moved(store.newest());
        thread = Thread.ofVirtual().name("stream-tail").start(this::run);
    }

    /// Something may have come.
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /// The position of the newest that all were told.
    synchronized Position end() {
        return end;
    }

    /// From now on this reader is offered what comes, until it leaves.
    ///
    /// @param position up to which it has read; one that is not there yet waits
    /// @return false if there is something after it that it has to read first
    synchronized boolean join(Position position, Reader reader) {
        return !end.isAfter(position) && readers.add(reader);
    }

    synchronized void leave(Reader reader) {
        boolean _ = readers.remove(reader);
    }

    /// What comes after a position, from the store. It waits for its turn.
    Page read(Position after) throws StoreException, InterruptedException {
        reads.acquire();
        try {
            return page(after);
        } finally {
            reads.release();
        }
    }

    private Page page(Position after) throws StoreException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        int length = 0;
        for (News news : store.news(after, StreamLimits.LINES)) {
            length += news.text().length();
            if (!lines.isEmpty() && length > StreamLimits.PAGE) {
                break;
            }
            lines.add(new Line(news, trial));
        }
        return new Page(after, lines.isEmpty() ? after : lines.getLast().at(), lines);
    }

    private void run() {
        while (open) {
            try {
                await();
                Page page = page(end());
                while (!page.isEmpty()) {
                    tell(page);
                    page = page(page.to());
                }
            } catch (StoreException e) {
                LOG.info("the stream stands still for a moment: " + e.getMessage());
                pause();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "the stream stands still after " + end(), e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(StreamLimits.AGAIN);
            wake();
        } catch (InterruptedException _) {
            open = false;
        }
    }

    private synchronized void await() throws InterruptedException {
        while (!woken) {
            wait();
        }
        woken = false;
    }

    private synchronized void moved(Position to) {
        end = to;
    }

    private synchronized void tell(Page page) {
        end = page.to();
        List.copyOf(readers).forEach(reader -> reader.offer(page));
    }

    @Override
    public void close() {
        open = false;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
