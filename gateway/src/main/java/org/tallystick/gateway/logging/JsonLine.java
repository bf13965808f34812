package org.tallystick.gateway.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.tallystick.agreement.json.Json;

/// One event as a line of JSON: `error` is the exception, `level`, `logger`, `message`, and `time` in UTC.
final class JsonLine extends Formatter {

    @Override
    public String format(LogRecord event) {
        Json.Obj line = Json.object()
                .withText("error", Optional.ofNullable(event.getThrown()).map(JsonLine::trace))
                .with("level", level(event.getLevel()))
                .with("logger", String.valueOf(event.getLoggerName()))
                .with("message", whole(formatMessage(event)))
                .with("time", event.getInstant().toString())
                .build();
        return line.canonical().utf8().orElseThrow() + "\n";
    }

    /// Half a character cannot be written; somebody else may have put it there.
    private static String whole(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private static String level(Level level) {
        return level.equals(Level.SEVERE)
                ? "error"
                : level.intValue() < Level.INFO.intValue()
                        ? "debug"
                        : level.getName().toLowerCase(Locale.ROOT);
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return whole(trace.toString());
    }
}
