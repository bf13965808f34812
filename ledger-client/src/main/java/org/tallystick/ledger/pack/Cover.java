package org.tallystick.ledger.pack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.state.LogKeys;

/// The sheet on top of a pack, `pack.json`: what the pack says it is. All of it is stated, and compared.
///
/// @param chains in byte order
/// @param height number of the last block from which the pack has something
/// @param made the time that this block's last entry states
/// @param period up to which the pack goes; a whole history if absent
/// @param size of the log; of the final form only
public record Cover(
        AgreementId agreement,
        List<Chain> chains,
        List<String> engines,
        boolean finalForm,
        long height,
        Hash ledger,
        LedgerTime made,
        Optional<Json.Obj> older,
        Optional<String> period,
        boolean inPrivate,
        List<String> rules,
        Optional<Long> size,
        boolean trial) {

    /// A chain of the pack.
    ///
    /// @param count of its leaves
    /// @param last the hash of its last leaf
    public record Chain(String chain, long count, Optional<Hash> last) {}

    private static final Pattern NEWER = Pattern.compile("(?!1$)[1-9][0-9]{0,8}");
    private static final Form CHAIN = Form.object(
            Map.of("chain", Form.pattern("[A-Za-z0-9/-]{1,120}"), "count", Forms.NUMBER), Map.of("last", Forms.HASH));
    private static final Form OLDER = Form.object(Map.of("root", Forms.HASH, "size", Form.whole(1, Json.Whole.MAX)));
    private static final Form FORM = Form.object(
            Map.ofEntries(
                    Map.entry("agreement", Forms.AGREEMENT),
                    Map.entry(
                            "chains",
                            Form.ascending(
                                    CHAIN,
                                    1,
                                    PackLimits.JSON_MEMBERS,
                                    chain -> ((Json.Obj) chain).text("chain"),
                                    String::compareTo)),
                    Map.entry("engines", Forms.ENGINES),
                    Map.entry("form", Form.oneOf("final", "first")),
                    Map.entry("height", Forms.NUMBER),
                    Map.entry("kind", Form.oneOf("history", "period")),
                    Map.entry("ledger", Forms.HASH),
                    Map.entry("made", Forms.TIME),
                    Map.entry("origin", Form.pattern("tallystick/[0-9a-f]{64}")),
                    Map.entry("pack", Form.oneOf("1")),
                    Map.entry("private", Form.bool()),
                    Map.entry("rules", Forms.RULES),
                    Map.entry("trial", Form.bool())),
            Map.of("older", OLDER, "period", Forms.PERIOD, "size", Form.whole(1, Json.Whole.MAX)));

    public Cover {
        chains = List.copyOf(chains);
        engines = List.copyOf(engines);
        rules = List.copyOf(rules);
    }

    public sealed interface Reading {}

    public record Parsed(Cover cover) implements Reading {}

    /// It says that it is of a version that is not known here.
    public record Newer(String version) implements Reading {}

    /// @param at JSON pointer, or the place in the text
    public record Misformed(String at, String text) implements Reading {}

    public static Reading read(Bytes bytes) {
        if (bytes.size() > PackLimits.COVER) {
            return new Misformed("", bytes.size() + " bytes, more than " + PackLimits.COVER);
        }
        return switch (JsonReader.readCanonical(bytes)) {
            case JsonReader.Fault(var code, var at) -> new Misformed("", code + " after " + at + " characters");
            case JsonReader.Value(Json.Obj json)
            when json.find("pack").orElse(json) instanceof Json.Text(var version)
                    && NEWER.matcher(version).matches() -> new Newer(version);
            case JsonReader.Value(var json) -> read(json);
        };
    }

    private static Reading read(Json json) {
        Optional<String> fault = Forms.isSmall(json) ? FORM.fault(json) : Optional.of("");
        if (fault.isPresent()) {
            return new Misformed(fault.get(), "a member is missing, unknown or of another form");
        }
        Json.Obj object = (Json.Obj) json;
        boolean ofPeriod = object.text("kind").equals("period");
        if (ofPeriod != object.has("period")) {
            return new Misformed("/period", "there if and only if the kind is period");
        }
        boolean finalForm = object.text("form").equals("final");
        if (finalForm != object.has("size") || (!finalForm && object.has("older"))) {
            return new Misformed("/size", "there if and only if the form is final");
        }
        if (!object.text("origin").equals(LogKeys.origin(new Hash(object.text("ledger"))))) {
            return new Misformed("/origin", "not tallystick/ and the ledger id");
        }
        return new Parsed(of(object));
    }

    private static Cover of(Json.Obj json) {
        return new Cover(
                new AgreementId(json.text("agreement")),
                json.items("chains").stream()
                        .map(Json.Obj.class::cast)
                        .map(chain -> new Chain(
                                chain.text("chain"),
                                chain.whole("count"),
                                chain.findText("last").map(Hash::new)))
                        .toList(),
                Forms.texts(json, "engines"),
                json.text("form").equals("final"),
                json.whole("height"),
                new Hash(json.text("ledger")),
                LedgerTime.of(json.text("made")),
                json.find("older").map(Json.Obj.class::cast),
                json.findText("period"),
                json.bool("private"),
                Forms.texts(json, "rules"),
                json.findWhole("size"),
                json.bool("trial"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("agreement", agreement.text())
                .with("chains", Json.array(chains.stream().map(Cover::encode).toList()))
                .with("engines", Json.texts(engines))
                .with("form", finalForm ? "final" : "first")
                .with("height", height)
                .with("kind", period.isPresent() ? "period" : "history")
                .with("ledger", ledger.hex())
                .with("made", made.text())
                .with("older", older)
                .with("origin", LogKeys.origin(ledger))
                .with("pack", "1")
                .withText("period", period)
                .with("private", inPrivate)
                .with("rules", Json.texts(rules))
                .with("size", size.map(Json::whole))
                .with("trial", trial)
                .build();
    }

    private static Json encode(Chain chain) {
        return Json.object()
                .with("chain", chain.chain())
                .with("count", chain.count())
                .withText("last", chain.last().map(Hash::hex))
                .build();
    }
}
