package org.tallystick.gateway.logging;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// How this process writes its log.
public record Logging(Form form, Detail detail) {

    public static final Logging DEFAULT = new Logging(Form.TEXT, Detail.INFO);

    /// Ours. What libraries say is for people who know them, and is written from a warning on.
    private static final Logger OURS = Logger.getLogger("org.tallystick");

    private static final Logger ALL = Logger.getLogger("");

    public enum Form {
        TEXT,
        JSON
    }

    /// How much is written: this and all that is graver.
    public enum Detail {
        ERROR,
        WARNING,
        INFO,
        DEBUG;

        private Level level() {
            return switch (this) {
                case ERROR -> Level.SEVERE;
                case WARNING -> Level.WARNING;
                case INFO -> Level.INFO;
                case DEBUG -> Level.FINE;
            };
        }
    }

    /// Makes it so for the whole process.
    public void apply() {
        for (Handler handler : List.of(ALL.getHandlers())) {
            ALL.removeHandler(handler);
        }
        Handler handler = new ConsoleHandler();
        handler.setFormatter(formatter());
        handler.setLevel(Level.ALL);
        ALL.addHandler(handler);
        ALL.setLevel(detail == Detail.ERROR ? Level.SEVERE : Level.WARNING);
        OURS.setLevel(detail.level());
    }

    public Formatter formatter() {
        return switch (form) {
            case TEXT -> new TextLine();
            case JSON -> new JsonLine();
        };
    }
}
