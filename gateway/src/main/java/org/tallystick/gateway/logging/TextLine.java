package org.tallystick.gateway.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/// One event as a line for people: time in UTC, level, where, what; below it the exception, if there is one.
final class TextLine extends Formatter {

    @Override
    public String format(LogRecord event) {
        String name = String.valueOf(event.getLoggerName());
        StringWriter line = new StringWriter();
        line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
                .append(' ')
                .append(event.getLevel().getName())
                .append(' ')
                .append(name.substring(name.lastIndexOf('.') + 1))
                .append(": ")
                // What somebody else put there makes no line of its own.
                .append(formatMessage(event).replaceAll("\\R", " "))
                .append('\n');
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(line));
        }
        return line.toString();
    }
}
