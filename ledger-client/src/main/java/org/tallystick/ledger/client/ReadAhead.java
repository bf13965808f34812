package org.tallystick.ledger.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads the lines of a file on a thread of its own, some of them ahead of who looks at them.
final class ReadAhead implements EventLines {

    private static final int TOGETHER = 500;
    private static final int PARTS_AHEAD = 3;

    private final EventLines lines;
    private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(PARTS_AHEAD);
    private final Thread reader;
    private Part part = new Part(List.of(), Optional.empty(), false);
    private int at;

    /// @param lines is closed with this
    ReadAhead(EventLines lines) {
        this.lines = lines;
        this.reader = Thread.ofPlatform().daemon().name("read-ahead").start(this::read);
    }

    /// Some lines in order.
    ///
    /// @param failure what kept the next from being read
    /// @param last whether nothing follows
    private record Part(List<EventLine> lines, Optional<Exception> failure, boolean last) {}

    private void read() {
        try {
            boolean last = false;
            while (!last) {
                Part next = readPart();
                last = next.last();
                parts.put(next);
            }
        } catch (InterruptedException _) {
            // Nobody looks at the rest.
            Thread.currentThread().interrupt();
        }
    }

    private Part readPart() {
        List<EventLine> some = new ArrayList<>(TOGETHER);
        try {
            while (some.size() < TOGETHER) {
                Optional<EventLine> line = lines.next();
                if (line.isEmpty()) {
                    return new Part(some, Optional.empty(), true);
                }
                some.add(line.get());
            }
            return new Part(some, Optional.empty(), false);
        } catch (IOException | RuntimeException e) {
            return new Part(some, Optional.of(e), true);
        }
    }

    @Override
    public Optional<EventLine> next() throws IOException {
        while (at == part.lines().size()) {
            if (part.last()) {
                throwFailure();
                return Optional.empty();
            }
            part = take();
            at = 0;
        }
        EventLine next = part.lines().get(at);
        at++;
        return Optional.of(next);
    }

    private void throwFailure() throws IOException {
        if (part.failure().isPresent()) {
            switch (part.failure().get()) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Exception e -> throw new IllegalStateException(e);
            }
        }
    }

    private Part take() throws IOException {
        try {
            return parts.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the file was read", e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.interrupt();
        try {
            reader.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        lines.close();
    }
}
