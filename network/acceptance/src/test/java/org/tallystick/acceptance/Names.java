package org.tallystick.acceptance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;

/// Gives names to what differs between two runs of the same scenario, by the order in which it is met.
///
/// The same value has the same name everywhere in a recording and different values have different ones, so two
/// recordings that are equal under these names are equal but for the values themselves. Only times lose more than
/// that: one clock second more or less between two instructions says nothing.
final class Names {

    /// What is renamed, and how: for whoever reads a comparison.
    static final String RULES = "renamed in the order met: instruction ids (ULIDs), hashes (64 hex digits) and keys,"
            + " thumbprints and signatures (base64url of 32 bytes or more); all times read `time`, the days of markers"
            + " `day`";

    private static final Pattern OPAQUE = Pattern.compile("(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z)"
            + "|(?<day>(?<=^once/)[0-9]{8})"
            + "|(?<id>\\b[0-7][0-9A-HJKMNP-TV-Z]{25}\\b)"
            + "|(?<hash>\\b[0-9a-f]{64}\\b)"
            + "|(?<bytes>(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{42,}(?![A-Za-z0-9_-]))");

    private final Map<String, String> given = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /// The text with names in it, and with new names for what was not met before.
    String in(String text) {
        return OPAQUE.matcher(text).replaceAll(this::name);
    }

    /// The text as it would be if all that is opaque were alike: by this, things are put in an order.
    static String blank(String text) {
        return OPAQUE.matcher(text).replaceAll(Names::kind);
    }

    /// An order in which two recordings put the same things: as they would be if all that is opaque were alike, and of
    /// those
    /// that are, what was met before by its name, and what was not behind it.
    Comparator<String> order() {
        return Comparator.<String, String>comparing(Names::blank).thenComparing(this::met);
    }

    private String met(String text) {
        return OPAQUE.matcher(text).replaceAll(found -> given.getOrDefault(found.group(), "~"));
    }

    private String name(MatchResult found) {
        String kind = kind(found);
        if (kind.equals("time") || kind.equals("day")) {
            return kind;
        }
        return given.computeIfAbsent(found.group(), _ -> kind + "-" + counts.merge(kind, 1, Integer::sum));
    }

    private static String kind(MatchResult found) {
        for (String kind : List.of("time", "day", "id", "hash", "bytes")) {
            if (found.group(kind) != null) {
                return kind;
            }
        }
        throw new IllegalStateException("nothing opaque was found: " + found.group());
    }

    Json in(Json json) {
        return switch (json) {
            case Json.Text(var value) -> Json.text(in(value));
            case Json.Arr(var items) -> {
                List<Json> renamed = new ArrayList<>();
                items.forEach(item -> renamed.add(in(item)));
                yield Json.array(renamed);
            }
            case Json.Obj(var members) -> {
                TreeMap<String, Json> renamed = new TreeMap<>();
                members.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(order()))
                        .forEach(member -> renamed.put(in(member.getKey()), in(member.getValue())));
                yield new Json.Obj(renamed);
            }
            case Json.Whole _, Json.Inexact _, Json.Bool _, Json.Null _ -> json;
        };
    }
}
