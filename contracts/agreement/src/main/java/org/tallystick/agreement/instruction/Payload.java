package org.tallystick.agreement.instruction;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// What a party signs: one act, on one ledger, in one window.
///
/// @param ledger the id of the ledger it is for
/// @param party who asks
/// @param id the caller's, unique for this party
/// @param from the window is `[from, until)`
/// @param scope where the act is under an agreement
/// @param body as it was signed; [#act] is its typed view
public record Payload(
        Hash ledger,
        ActKind kind,
        Owner party,
        Ulid id,
        LedgerTime from,
        LedgerTime until,
        Optional<Scope> scope,
        Json.Obj body) {

    public static final String VERSION = "1";

    /// The agreement an act is under, the version the party acts on, and in a private home 16 octets that nobody can
    /// guess.
    public record Scope(AgreementId agreement, Hash version, Optional<Bytes> salt) {
        public Scope {
            if (salt.isPresent() && salt.get().size() != SALT) {
                throw new IllegalArgumentException("a salt of " + salt.get().size() + " octets");
            }
        }

        public static Scope of(AgreementId agreement, Hash version) {
            return new Scope(agreement, version, Optional.empty());
        }
    }

    private static final int SALT = 16;
    private static final Map<ActKind, Form> FORMS = forms();

    public Payload {
        if (scope.isPresent() != kind.underAgreement() || (party instanceof MemberId) != kind.byMember()) {
            throw new IllegalArgumentException(kind.text() + " by " + party.text() + " about " + scope);
        }
    }

    public static Payload of(
            Hash ledger, Owner party, Ulid id, LedgerTime from, LedgerTime until, Optional<Scope> scope, Act act) {
        return new Payload(ledger, act.kind(), party, id, from, until, scope, act.body());
    }

    /// The payload in an object that has the form of its act.
    public static Payload of(Json.Obj json) {
        ActKind kind = ActKind.ofText(json.text("act")).orElseThrow();
        Optional<Scope> scope = json.findText("agreement")
                .map(agreement -> new Scope(
                        new AgreementId(agreement),
                        new Hash(json.text("version")),
                        json.has("salt") ? Optional.of(Forms.octets(json, "salt")) : Optional.empty()));
        return new Payload(
                new Hash(json.text("ledger")),
                kind,
                Owner.parse(json.text("party")).orElseThrow(),
                new Ulid(json.text("id")),
                LedgerTime.of(json.text("from")),
                LedgerTime.of(json.text("until")),
                scope,
                json.object("body"));
    }

    /// The form of a payload with an act of this kind, its body included.
    public static Form form(ActKind kind) {
        Form form = FORMS.get(kind);
        if (form == null) {
            throw new IllegalStateException("no form for " + kind);
        }
        return form;
    }

    public Act act() {
        return Act.of(kind, body);
    }

    /// The member in which the window, or its distance from the id's time, is wrong; nothing if both are right.
    public Optional<String> windowFault() {
        long length = until.seconds() - from.seconds();
        if (length <= 0 || length > Limits.WINDOW.toSeconds()) {
            return Optional.of("/until");
        }
        long after = until.seconds() * 1000 - id.millis();
        return after < 0 || after > Limits.ID_TO_UNTIL.toMillis() ? Optional.of("/id") : Optional.empty();
    }

    /// Where the party names itself among those who may recover it; nothing if it does not.
    public Optional<String> recoveredByItself() {
        return switch (kind) {
            case RECOVERY_SET -> namedIn(body, "/body/parties/");
            case ENROLL -> body.find("recovery").flatMap(found -> namedIn((Json.Obj) found, "/body/recovery/parties/"));
            default -> Optional.empty();
        };
    }

    private Optional<String> namedIn(Json.Obj recovery, String below) {
        int at = recovery.items("parties").indexOf(Json.text(party.text()));
        return at < 0 ? Optional.empty() : Optional.of(below + at);
    }

    public Json.Obj toJson() {
        return Json.object()
                .with("instruction", VERSION)
                .with("ledger", ledger.hex())
                .with("act", kind.text())
                .with("party", party.text())
                .with("id", id.text())
                .with("from", from.text())
                .with("until", until.text())
                .withText("agreement", scope.map(under -> under.agreement().text()))
                .withText("version", scope.map(under -> under.version().hex()))
                .withText("salt", scope.flatMap(Scope::salt).map(Base64Url::encode))
                .with("body", body)
                .build();
    }

    /// The octets that are signed; their SHA-256 names the instruction.
    public Bytes bytes() {
        return toJson().canonical();
    }

    private static Map<ActKind, Form> forms() {
        Map<ActKind, Form> forms = new EnumMap<>(ActKind.class);
        for (ActKind kind : ActKind.values()) {
            Map<String, Form> required = new HashMap<>(Map.of(
                    "act", Forms.TEXT,
                    "body", kind.enforced() ? Bodies.of(kind) : Form.anyObject(),
                    "from", Forms.TIME,
                    "id", Forms.ULID,
                    "instruction", Forms.TEXT,
                    "ledger", Forms.HASH,
                    "party", kind.byMember() ? Forms.MEMBER : Forms.PARTY,
                    "until", Forms.TIME));
            if (kind.underAgreement()) {
                required.put("agreement", Forms.AGREEMENT);
                required.put("version", Forms.HASH);
            }
            forms.put(kind, Form.object(required, kind.underAgreement() ? Map.of("salt", Forms.b64u(SALT)) : Map.of()));
        }
        return forms;
    }
}
