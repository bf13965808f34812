package org.tallystick.ledger.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.tallystick.ledger.LedgerException;

/// Follows the ledger through gateways: what each position brought, once, in the order of the ledger.
///
/// When a gateway does not answer, the next one is asked, from the same position on: positions are the ledger's.
/// Whoever
/// keeps [#position] once it has done with what came misses nothing, whatever happens to either side.
public final class StreamReader implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StreamReader.class.getName());

    private static final Duration WAIT = Duration.ofSeconds(25);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final List<GatewayClient> gateways;
    private final News.Filter filter;
    private Optional<Position> position;
    private int asked;

    /// @param gateways base addresses, of one member or of several
    /// @param after what came already; nothing for all from the beginning
    public StreamReader(List<URI> gateways, News.Filter filter, Optional<Position> after) {
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("no gateway to follow");
        }
        this.gateways = gateways.stream().map(GatewayClient::new).toList();
        this.filter = filter;
        this.position = after;
    }

    /// Up to where everything has been given out.
    public Optional<Position> position() {
        return position;
    }

    /// Waits for what comes next.
    ///
    /// @return at least one
    /// @throws LedgerException only if a gateway refuses to be asked like this
    public List<News> next() throws LedgerException, InterruptedException {
        List<News> news = List.of();
        while (news.isEmpty()) {
            news = next(WAIT).news();
        }
        return news;
    }

    /// What comes next within some time. A gateway that does not answer is waited for longer.
    public News.Page next(Duration wait) throws LedgerException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                News.Page page = gateways.get(asked).getStream(filter, position, wait);
                position = page.next().or(() -> position);
                return page;
            } catch (LedgerException.Unavailable e) {
                // Interrupted, a call is unavailable as well.
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LOG.fine("another gateway is asked: " + e.getMessage());
                asked = (asked + 1) % gateways.size();
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    @Override
    public void close() {
        gateways.forEach(GatewayClient::close);
    }
}
