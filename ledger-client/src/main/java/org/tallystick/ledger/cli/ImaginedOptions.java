package org.tallystick.ledger.cli;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.simulation.Wish;
import org.tallystick.agreement.terms.EventType;
import picocli.CommandLine.Option;

/// What is imagined on the command line, in place of events from a file.
final class ImaginedOptions {

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,14})");

    @Option(
            names = "--volume",
            paramLabel = "V",
            description =
                    "imagine this volume in every period, or try one after the other from A to B (A..B); in minor "
                            + "units (cents), units or events, whichever the clause counts")
    @Nullable
    VolumeWord volume;

    @Option(
            names = "--step",
            paramLabel = "S",
            description = "from one volume of the range to the next (default: a round number, some 20 steps)")
    @Nullable
    Rational step;

    @Option(
            names = "--clause",
            paramLabel = "ID",
            description = "imagine events that this clause counts (default: the first with tiers, or else the first)")
    @Nullable
    String clause;

    @Option(names = "--type", paramLabel = "T", description = "imagine events of this type, such as sale or usage")
    @Nullable
    EventType type;

    @Option(
            names = "--attr",
            paramLabel = "NAME=VALUE",
            description = "a fact that imagined events have, such as product=sw; may be given again")
    Map<String, String> attrs = new TreeMap<>();

    @Option(
            names = "--price",
            paramLabel = "MINOR",
            description = "what a unit costs, so that imagined events have an amount and a quantity")
    @Nullable
    Rational price;

    @Option(
            names = "--pieces",
            paramLabel = "N",
            description = "in how many events the volume of a period comes (default: 1; with forward tiers 10)")
    @Nullable
    Integer pieces;

    @Option(
            names = "--kpi",
            paramLabel = "NAME=VALUE",
            description = "a figure that is recorded in every imagined period; may be given again")
    Map<String, Rational> figures = new TreeMap<>();

    @Option(
            names = "--advance",
            paramLabel = "CLAUSE=MINOR",
            description = "an advance that is paid in the first imagined period; may be given again")
    Map<String, BigInteger> advances = new TreeMap<>();

    Wish wish() {
        SortedMap<String, Json> facts = new TreeMap<>();
        attrs.forEach((name, text) -> facts.put(name, fact(text)));
        return new Wish(Optional.ofNullable(type), facts, Optional.ofNullable(price));
    }

    /// A boolean, a whole number, or a text, which may stand in quotes so that it is nothing else.
    private static Json fact(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Json.bool(text.equals("true"));
        }
        if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
            return Json.text(text.substring(1, text.length() - 1));
        }
        return WHOLE.matcher(text).matches() ? Json.whole(Long.parseLong(text)) : Json.text(text);
    }
}
