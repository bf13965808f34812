package org.tallystick.ledger.cli;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What a statement and the working of a posting are asked for in the same way.
final class StatementOptions {

    /// Events that people are shown of each posting.
    static final int USUAL_EVENTS = 20;

    @Option(
            names = "--provisional",
            description = "as things stand: computed here with what is reported so far, for a period not settled yet")
    boolean provisional;

    @Option(
            names = "--events",
            paramLabel = "N|all",
            converter = Events.class,
            description = "how many events to name of each posting (default: " + USUAL_EVENTS
                    + ", for programs all); all are counted")
    @Nullable
    Integer events;

    /// How many events to name, if that was said.
    OptionalInt events() {
        return events == null ? OptionalInt.empty() : OptionalInt.of(events);
    }

    /// A number, or `all`.
    static final class Events implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (text.equals("all")) {
                return Integer.MAX_VALUE;
            }
            if (text.matches("0|[1-9][0-9]{0,8}")) {
                return Integer.valueOf(text);
            }
            throw new TypeConversionException("'" + text + "' is not a number of events, such as 50 or all");
        }
    }
}
