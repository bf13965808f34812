package org.tallystick.agreement.terms;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Reads a terms document: the only way from JSON to [Terms].
///
/// It checks in the order of terms/1 section 14, each stage only if the one before found nothing: version, size, form,
/// meaning.
public final class TermsReader {

    /// The version of the language that is read here.
    public static final String VERSION = "1";

    private TermsReader() {}

    /// Reads a document from its text, as people write it in files.
    public static TermsReading read(Bytes text) {
        return switch (JsonReader.read(text, JsonReader.Profile.FILE)) {
            case JsonReader.Value(var document) -> read(document);
            case JsonReader.Fault fault -> misread(fault);
        };
    }

    /// As [#read], with the warnings that people should see before they sign.
    public static TermsReview review(Bytes text) {
        return switch (JsonReader.read(text, JsonReader.Profile.FILE)) {
            case JsonReader.Value(var document) -> review(document);
            case JsonReader.Fault fault -> new TermsReview(misread(fault).findings(), List.of());
        };
    }

    private static TermsReading.Refused misread(JsonReader.Fault fault) {
        return fault.code().equals("too_deep")
                ? refused("TOO_LARGE", "", "has more than " + Limits.DEPTH + " levels of nesting")
                : refused("FORM", "", "is not JSON: " + fault.code() + " after " + fault.at() + " characters");
    }

    public static TermsReading read(Json document) {
        return switch (formed(document)) {
            case TermsReading.Refused refused -> refused;
            case TermsReading.Accepted(var terms) -> {
                List<Finding> faults = faults(terms);
                yield faults.isEmpty() ? new TermsReading.Accepted(terms) : new TermsReading.Refused(faults);
            }
        };
    }

    /// As [#read], with the warnings that people should see before they sign.
    public static TermsReview review(Json document) {
        return switch (formed(document)) {
            case TermsReading.Refused(var faults) -> new TermsReview(faults, List.of());
            case TermsReading.Accepted(var terms) -> new TermsReview(faults(terms), TermsWarnings.of(terms));
        };
    }

    /// What the document says, if its version, its size and its form allow to read it at all; it may make no sense yet.
    private static TermsReading formed(Json document) {
        if (!(document instanceof Json.Obj object)) {
            return refused("FORM", "", "must be an object, not " + Shape.shown(document));
        }
        Optional<Json> version = object.find("terms");
        if (!version.equals(Optional.of(Json.text(VERSION)))) {
            return refused(
                    "VERSION_UNKNOWN",
                    "/terms",
                    "must be \"" + VERSION + "\", the version known here, not "
                            + version.map(Shape::shown).orElse("absent"));
        }
        Optional<String> exceeded = Limits.exceeded(object);
        if (exceeded.isPresent()) {
            return refused("TOO_LARGE", "", exceeded.get());
        }
        SortedSet<Finding> faults = new TreeSet<>();
        TermsForm.check(object, faults);
        return faults.isEmpty()
                ? new TermsReading.Accepted(new TermsBuilder(object).build())
                : new TermsReading.Refused(List.copyOf(faults));
    }

    private static List<Finding> faults(Terms terms) {
        SortedSet<Finding> faults = new TreeSet<>();
        new TermsChecks(terms).run(faults);
        return List.copyOf(faults);
    }

    private static TermsReading.Refused refused(String code, String pointer, String sentence) {
        return new TermsReading.Refused(List.of(new Finding(code, pointer, sentence)));
    }
}
