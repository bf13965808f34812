package org.tallystick.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The way to a server, which can be cut.
final class Cable implements AutoCloseable {

    /// Where it breaks by itself when the next commit comes along.
    enum Break {
        NEVER,
        /// The commit does not arrive.
        BEFORE_COMMIT,
        /// The commit arrives, its answer does not.
        AFTER_COMMIT
    }

    private static final String COMMIT = "COMMIT\0";

    private final int to;
    private final ServerSocket from;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /// How many commits broke it.
    final AtomicInteger broken = new AtomicInteger();

    volatile Break breaks = Break.NEVER;
    /// Nobody gets through.
    private volatile boolean cut;

    Cable(int to) {
        this.to = to;
        try {
            from = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread _ = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return from.getLocalPort();
    }

    private void accept() {
        while (!from.isClosed()) {
            try {
                Socket near = from.accept();
                if (cut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.addAll(List.of(near, far));
                Thread _ = Thread.ofVirtual().start(() -> carry(near, far, true));
                Thread _ = Thread.ofVirtual().start(() -> carry(far, near, false));
            } catch (IOException _) {
                // Nobody listens behind it, or it was closed.
            }
        }
    }

    private void carry(Socket near, Socket far, boolean requests) {
        byte[] octets = new byte[64 * 1024];
        try (near;
                far) {
            InputStream in = near.getInputStream();
            OutputStream out = far.getOutputStream();
            for (int n = in.read(octets); n > 0; n = in.read(octets)) {
                boolean commit = requests
                        && breaks != Break.NEVER
                        && new String(octets, 0, n, StandardCharsets.ISO_8859_1).contains(COMMIT);
                if (!commit) {
                    out.write(octets, 0, n);
                    continue;
                }
                boolean arrives = breaks == Break.AFTER_COMMIT;
                breaks = Break.NEVER;
                broken.incrementAndGet();
                if (arrives) {
                    // The answer finds nobody.
                    near.close();
                    out.write(octets, 0, n);
                    out.flush();
                    Thread.sleep(100);
                }
                return;
            }
        } catch (IOException _) {
            // Cut.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void cut() {
        cut = true;
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException _) {
                // It is closed.
            }
        }
        sockets.clear();
    }

    void mend() {
        cut = false;
    }

    @Override
    public void close() {
        cut();
        try {
            from.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
