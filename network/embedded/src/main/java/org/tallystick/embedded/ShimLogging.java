package org.tallystick.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The shim takes a process over when a chaincode starts: it rewrites the handlers, levels and format of all logging.
/// In its own process nobody minds; in ours they are put back.
final class ShimLogging {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    private ShimLogging() {}

    static <T> T keptWhile(Supplier<? extends T> start) {
        List<Kept> handlers =
                Stream.of(Logger.getLogger("").getHandlers()).map(Kept::of).toList();
        String format = System.getProperty(FORMAT);
        var levels = new ArrayList<KeptLevel>();
        for (String name : List.of("", "org.hyperledger.fabric.shim", "org.hyperledger.fabric.contract")) {
            levels.add(KeptLevel.of(name));
        }
        try {
            return start.get();
        } finally {
            handlers.forEach(Kept::restore);
            levels.forEach(KeptLevel::restore);
            if (format == null) {
                String _ = System.clearProperty(FORMAT);
            } else {
                String _ = System.setProperty(FORMAT, format);
            }
        }
    }

    private record Kept(
            Handler handler, Level level, @Nullable Formatter formatter) {
        static Kept of(Handler handler) {
            return new Kept(handler, handler.getLevel(), handler.getFormatter());
        }

        void restore() {
            handler.setLevel(level);
            if (formatter != null) {
                handler.setFormatter(formatter);
            }
        }
    }

    private record KeptLevel(Logger logger, @Nullable Level level) {
        static KeptLevel of(String name) {
            Logger logger = Logger.getLogger(name);
            return new KeptLevel(logger, logger.getLevel());
        }

        void restore() {
            logger.setLevel(level);
        }
    }
}
