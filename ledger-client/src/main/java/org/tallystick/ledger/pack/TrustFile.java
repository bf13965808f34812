package org.tallystick.ledger.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.agreement.state.LogKeys;
import org.tallystick.ledger.log.Policy;

/// What an auditor obtained elsewhere and trusts: `docs/spec/pack-1.md` section 5. It never travels inside a pack.
///
/// @param members by member, then by the block from which on an entry counts
/// @param need how many members must endorse a transaction; a majority if absent
/// @param rest the members that only the final form looks at, and the note, as they stand in the file
public record TrustFile(Hash ledger, List<Trusted> members, Optional<Long> need, Json.Obj rest) {

    private static final int MAX_MEMBERS = 1_000;
    private static final int MAX_AUTHORITIES = 16;

    /// A member and its certificate authorities.
    ///
    /// @param authorities PEM
    /// @param from the first block for which it counts, `until` the last
    public record Trusted(String member, List<String> authorities, Optional<Long> from, Optional<Long> until) {
        public Trusted {
            authorities = List.copyOf(authorities);
        }

        public boolean countsAt(long block) {
            return from.orElse(0L) <= block && block <= until.orElse(Long.MAX_VALUE);
        }
    }

    private static final Form CERTIFICATE =
            Form.text(text -> Certificates.ofPem(Bytes.ofUtf8(text)).isPresent());
    private static final Form TRUSTED = Form.object(
            Map.of("ca", Form.array(CERTIFICATE, 1, MAX_AUTHORITIES), "member", Forms.MEMBER),
            Map.of("from", Forms.NUMBER, "until", Forms.NUMBER));
    private static final Form COUNT = Form.whole(1, MAX_MEMBERS);
    private static final Form ENDORSE = Form.either(
            Form.object(Map.of("majority", Form.of(value -> value.equals(Json.bool(true))))),
            Form.object(Map.of("need", COUNT)));
    private static final Form VKEY = Form.text(text -> VerifierKey.parse(text)
            .filter(key -> key.type() == VerifierKey.Type.ED25519 && key.name().endsWith("/head"))
            .isPresent());
    private static final Form FORM = Form.object(
            Map.of("ledger", Forms.HASH, "members", Form.array(TRUSTED, 1, MAX_MEMBERS), "trust", Form.oneOf("1")),
            Map.of(
                    "anchors",
                    Form.array(
                            Form.object(
                                    Map.of(
                                            "block", Forms.NUMBER,
                                            "chain", Form.whole(1, Json.Whole.MAX),
                                            "hash", Form.pattern("0x[0-9a-f]{64}")),
                                    Map.of("contract", Form.pattern("0x[0-9a-f]{40}"))),
                            1,
                            PackLimits.JSON_MEMBERS),
                    "endorse",
                    ENDORSE,
                    "engines",
                    Forms.ENGINES,
                    "heads",
                    Form.object(Map.of("keys", Form.ascendingTexts(VKEY, 1, MAX_MEMBERS), "need", COUNT)),
                    "note",
                    Form.pattern("[^\\x00-\\x09\\x0b-\\x1f]{1,1000}"),
                    "older",
                    Form.object(Map.of("root", Forms.HASH, "size", Form.whole(1, Json.Whole.MAX))),
                    "policy",
                    Form.text(text -> !text.isEmpty() && text.length() <= PackLimits.POLICY)));

    public TrustFile {
        members = List.copyOf(members);
    }

    /// A file that trusts these members, a majority of which must endorse.
    public static TrustFile of(Hash ledger, List<Trusted> members) {
        return new TrustFile(ledger, members.stream().sorted(ORDER).toList(), Optional.empty(), Json.Obj.EMPTY);
    }

    private static final Comparator<Trusted> ORDER = Comparator.comparing(Trusted::member)
            .thenComparing(one -> one.from().orElse(0L));

    /// The members that count at a block, each once.
    public List<String> membersAt(long block) {
        return members.stream()
                .filter(one -> one.countsAt(block))
                .map(Trusted::member)
                .distinct()
                .toList();
    }

    /// How many members must endorse a transaction of this block.
    public long needAt(long block) {
        return need.orElseGet(() -> membersAt(block).size() / 2 + 1L);
    }

    /// The engine revisions the auditor accepts, if they are named.
    public Optional<List<String>> engines() {
        return rest.has("engines") ? Optional.of(Forms.texts(rest, "engines")) : Optional.empty();
    }

    /// Who must have signed and cosigned a checkpoint.
    public Optional<Policy> policy() {
        return rest.findText("policy")
                .map(text -> Policy.parse(Bytes.ofUtf8(text)).good().orElseThrow());
    }

    /// Who states where chains end.
    ///
    /// @param need how many members must agree
    public record Heads(long need, List<VerifierKey> keys) {
        public Heads {
            keys = List.copyOf(keys);
        }
    }

    public Optional<Heads> heads() {
        return rest.has("heads")
                ? Optional.of(new Heads(rest.object("heads").whole("need"), FinalTrust.keys(rest.object("heads"))))
                : Optional.empty();
    }

    /// Size and root of the log when an older pack was checked.
    public Optional<Json.Obj> older() {
        return rest.find("older").map(Json.Obj.class::cast);
    }

    public Optional<String> note() {
        return rest.findText("note");
    }

    public sealed interface Reading {}

    public record Parsed(TrustFile trust) implements Reading {}

    /// @param at JSON pointer, or empty
    public record Malformed(String at, String text) implements Reading {}

    /// Reads no more of the file than a trust file may have.
    public static Reading read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(Bytes.copyOf(in.readNBytes(PackLimits.COVER + 1)));
        } catch (IOException e) {
            return new Malformed("", "it cannot be read: " + e.getMessage());
        }
    }

    /// Reads a trust file: canonical JSON and one LF.
    public static Reading read(Bytes bytes) {
        if (bytes.size() > PackLimits.COVER) {
            return new Malformed("", bytes.size() + " bytes, more than " + PackLimits.COVER);
        }
        if (bytes.size() == 0 || bytes.at(bytes.size() - 1) != '\n') {
            return new Malformed("", "no LF at the end");
        }
        return switch (JsonReader.readCanonical(bytes.slice(0, bytes.size() - 1))) {
            case JsonReader.Fault(var code, var at) -> new Malformed("", code + " after " + at + " characters");
            case JsonReader.Value(var json) -> read(json);
        };
    }

    private static Reading read(Json json) {
        Optional<String> fault = Forms.isSmall(json) ? FORM.fault(json) : Optional.of("");
        if (fault.isPresent()) {
            return new Malformed(fault.get(), "a member is missing, unknown or of another form");
        }
        Json.Obj object = (Json.Obj) json;
        List<Trusted> members = object.items("members").stream()
                .map(Json.Obj.class::cast)
                .map(one -> new Trusted(
                        one.text("member"), Forms.texts(one, "ca"), one.findWhole("from"), one.findWhole("until")))
                .toList();
        Optional<Malformed> wrong = wrong(members);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        Optional<Long> need = object.has("endorse") ? object.object("endorse").findWhole("need") : Optional.empty();
        long different = members.stream().map(Trusted::member).distinct().count();
        if (need.filter(count -> count > different).isPresent()) {
            return new Malformed("/endorse/need", need.get() + " of " + different + " members cannot endorse");
        }
        Json.Builder rest = Json.object();
        for (String name : List.of("anchors", "engines", "heads", "note", "older", "policy")) {
            rest = rest.with(name, object.find(name));
        }
        Optional<Malformed> ofFinalForm = FinalTrust.wrong(object);
        return ofFinalForm.isPresent()
                ? ofFinalForm.get()
                : new Parsed(new TrustFile(new Hash(object.text("ledger")), members, need, rest.build()));
    }

    private static Optional<Malformed> wrong(List<Trusted> members) {
        Map<Bytes, String> keys = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Trusted one = members.get(i);
            String at = "/members/" + i;
            if (one.from().orElse(0L) > one.until().orElse(Long.MAX_VALUE)) {
                return Optional.of(new Malformed(at + "/until", "before from"));
            }
            if (i > 0) {
                Trusted before = members.get(i - 1);
                boolean apart = before.member().equals(one.member())
                        && before.until().orElse(Long.MAX_VALUE) < one.from().orElse(0L);
                if (before.member().compareTo(one.member()) >= 0 && !apart) {
                    return Optional.of(new Malformed(at + "/member", "not sorted, or twice for the same blocks"));
                }
            }
            for (int k = 0; k < one.authorities().size(); k++) {
                Bytes key = key(one.authorities().get(k));
                String other = keys.putIfAbsent(key, one.member());
                if (other != null && !other.equals(one.member())) {
                    return Optional.of(new Malformed(at + "/ca/" + k, "the key of " + other));
                }
            }
        }
        return Optional.empty();
    }

    private static Bytes key(String pem) {
        X509Certificate certificate = Certificates.ofPem(Bytes.ofUtf8(pem)).orElseThrow();
        return Bytes.copyOf(certificate.getPublicKey().getEncoded());
    }

    public Bytes encode() {
        Json.Builder json = Json.object()
                .with("ledger", ledger.hex())
                .with(
                        "members",
                        Json.array(members.stream().map(TrustFile::encode).toList()))
                .with("trust", "1")
                .with(
                        "endorse",
                        need.map(count -> Json.object().with("need", count).build()));
        for (Map.Entry<String, Json> member : rest.members().entrySet()) {
            json = json.with(member.getKey(), member.getValue());
        }
        return Bytes.concat(json.build().canonical(), Bytes.ofUtf8("\n"));
    }

    private static Json encode(Trusted one) {
        return Json.object()
                .with("ca", Json.texts(one.authorities()))
                .with("from", one.from().map(Json::whole))
                .with("member", one.member())
                .with("until", one.until().map(Json::whole))
                .build();
    }

    /// What only the final form looks at, as far as it can be wrong by itself.
    private static final class FinalTrust {

        private FinalTrust() {}

        static Optional<Malformed> wrong(Json.Obj file) {
            if (file.has("heads")) {
                Json.Obj heads = file.object("heads");
                List<VerifierKey> keys = keys(heads);
                TreeSet<String> names = new TreeSet<>();
                keys.forEach(key -> names.add(key.name()));
                if (keys.stream().map(VerifierKey::key).distinct().count() < keys.size()) {
                    return Optional.of(new Malformed("/heads/keys", "a key twice"));
                }
                if (heads.whole("need") > names.size()) {
                    return Optional.of(new Malformed("/heads/need", "more than there are members with keys"));
                }
            }
            if (file.findText("policy").isEmpty()) {
                return Optional.empty();
            }
            return switch (Policy.parse(Bytes.ofUtf8(file.text("policy")))) {
                case org.tallystick.ledger.log.Reading.Fault<Policy>(var why) ->
                    Optional.of(new Malformed("/policy", why));
                case org.tallystick.ledger.log.Reading.Value<Policy>(var policy) -> wrong(policy, file);
            };
        }

        private static Optional<Malformed> wrong(Policy policy, Json.Obj file) {
            String origin = LogKeys.origin(new Hash(file.text("ledger")));
            return policy.logs().isEmpty()
                            || policy.logs().stream()
                                    .anyMatch(log -> !log.key().name().equals(origin))
                    ? Optional.of(new Malformed("/policy", "its logs are not those of this ledger: " + origin))
                    : Optional.empty();
        }

        private static List<VerifierKey> keys(Json.Obj heads) {
            return Forms.texts(heads, "keys").stream()
                    .map(text -> VerifierKey.parse(text).orElseThrow())
                    .toList();
        }
    }
}
