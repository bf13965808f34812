package org.tallystick.agreement;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.agreement.json.Json;

/// The JSON Schemas of `docs/spec`, by a library that is not ours. Nothing is fetched.
public final class Schemas {

    private static final String BASE = "https://tallystick.org/spec/";
    private static final Map<String, String> KNOWN_ELSEWHERE =
            Map.of("terms-1", "urn:terms:1:terms", "case", "urn:terms:1:case");

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts()));
    private static final Map<String, Schema> KNOWN = new TreeMap<>();

    private Schemas() {}

    private static Map<String, String> texts() {
        TreeMap<String, String> texts = new TreeMap<>();
        for (Path file : SharedVectors.files(SharedVectors.path("docs/spec", "spec"), ".schema.json")) {
            String name = String.valueOf(file.getFileName()).replace(".schema.json", "");
            texts.put(id(name), SharedVectors.bytes(file).utf8().orElseThrow());
        }
        return texts;
    }

    private static String id(String name) {
        return KNOWN_ELSEWHERE.getOrDefault(name, BASE + name + ".schema.json");
    }

    /// What a schema has against a value; nothing if it accepts it.
    ///
    /// @param schema `terms-1`, or a part of one, `ledger-1#/$defs/agr`
    public static List<String> faults(String schema, Json value) {
        return faults(schema, value.canonical().utf8().orElseThrow());
    }

    /// @param text JSON of any spelling
    public static synchronized List<String> faults(String schema, String text) {
        Schema known = KNOWN.computeIfAbsent(schema, Schemas::read);
        return known.validate(text, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    private static Schema read(String schema) {
        int part = schema.indexOf('#');
        String name = part < 0 ? schema : schema.substring(0, part);
        String id = id(name) + (part < 0 ? "" : schema.substring(part));
        return REGISTRY.getSchema(SchemaLocation.of(id));
    }
}
