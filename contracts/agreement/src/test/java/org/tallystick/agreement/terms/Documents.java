package org.tallystick.agreement.terms;

import java.util.SortedMap;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Terms documents for tests: a frame with four parties and the measures that most tests need.
///
/// Tests write JSON with single quotes for double ones.
public final class Documents {

    private static final String FRAME = """
            {'terms': '1', 'id': 'T', 'hub': 'hub', 'currency': 'USD', 'calendar': {'frequency': 'month'},
             'parties': [{'id': 'hub'}, {'id': 'x'}, {'id': 'y'}, {'id': 'z'}],
             'measures': {
                'sales': {'plus': [{'type': 'sale'}], 'minus': [{'type': 'refund'}]},
                'costs': {'plus': [{'type': 'cost'}]},
                'units': {'of': 'quantity', 'plus': [{'type': ['sale', 'usage']}], 'minus': [{'type': 'refund'}]},
                'use': {'of': 'quantity', 'plus': [{'type': 'usage'}]},
                'deals': {'of': 'count', 'plus': [{'type': 'sale'}]}},
             'clauses': [], 'settlement': {}}
            """;

    private Documents() {}

    public static Json json(String text) {
        return switch (JsonReader.read(Bytes.ofUtf8(text.replace('\'', '"')), JsonReader.Profile.FILE)) {
            case JsonReader.Value(var json) -> json;
            case JsonReader.Fault fault -> throw new IllegalArgumentException(fault + " in " + text);
        };
    }

    /// The frame with these clauses, separated by commas.
    public static Json.Obj of(String clauses) {
        return with((Json.Obj) json(FRAME), "clauses", "[" + clauses + "]");
    }

    /// The document with one member replaced or added or, given nothing, removed.
    public static Json.Obj with(Json.Obj document, String name, String value) {
        SortedMap<String, Json> members = new TreeMap<>(document.members());
        if (value.isEmpty()) {
            members.remove(name);
        } else {
            members.put(name, json(value));
        }
        return new Json.Obj(members);
    }

    /// The document with more measures, or others in place of its own.
    public static Json.Obj withMeasures(Json.Obj document, String measures) {
        SortedMap<String, Json> all = new TreeMap<>(document.object("measures").members());
        all.putAll(((Json.Obj) json("{" + measures + "}")).members());
        SortedMap<String, Json> members = new TreeMap<>(document.members());
        members.put("measures", new Json.Obj(all));
        return new Json.Obj(members);
    }

    public static Terms accepted(Json document) {
        return switch (TermsReader.read(document)) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var findings) -> throw new AssertionError(findings.toString());
        };
    }

    public static Terms accepted(String clauses) {
        return accepted(of(clauses));
    }
}
