package org.tallystick.agreement.instruction;

import static org.tallystick.agreement.instruction.Forms.ADDRESS;
import static org.tallystick.agreement.instruction.Forms.AMOUNT;
import static org.tallystick.agreement.instruction.Forms.COUNT;
import static org.tallystick.agreement.instruction.Forms.CURRENCY;
import static org.tallystick.agreement.instruction.Forms.DATE;
import static org.tallystick.agreement.instruction.Forms.EVENT;
import static org.tallystick.agreement.instruction.Forms.EVENT_ID;
import static org.tallystick.agreement.instruction.Forms.EVENT_TYPE;
import static org.tallystick.agreement.instruction.Forms.EVIDENCE;
import static org.tallystick.agreement.instruction.Forms.HASH;
import static org.tallystick.agreement.instruction.Forms.ID;
import static org.tallystick.agreement.instruction.Forms.INTEGER;
import static org.tallystick.agreement.instruction.Forms.KEY_LIMITS;
import static org.tallystick.agreement.instruction.Forms.MEMBER;
import static org.tallystick.agreement.instruction.Forms.NOTE;
import static org.tallystick.agreement.instruction.Forms.NUMBER;
import static org.tallystick.agreement.instruction.Forms.PARTY;
import static org.tallystick.agreement.instruction.Forms.PERIOD;
import static org.tallystick.agreement.instruction.Forms.POSITIVE_AMOUNT;
import static org.tallystick.agreement.instruction.Forms.PROOF;
import static org.tallystick.agreement.instruction.Forms.PURPOSES;
import static org.tallystick.agreement.instruction.Forms.SOURCE;
import static org.tallystick.agreement.instruction.Forms.TEXT;
import static org.tallystick.agreement.instruction.Forms.THUMB;
import static org.tallystick.agreement.instruction.Forms.TIME;
import static org.tallystick.agreement.json.Form.oneOf;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;

/// The form of each act's body (`instruction-1` section 6), member by member as that text lists them.
///
/// The document of an offer is any object here: its faults are a verdict (`document_refused`), found and answered in
/// full by the rules. An event has the form of its members; what its type requires is a verdict, too.
final class Bodies {

    /// What C2SP calls a vkey; those of ML-DSA-44 have some 1,800 characters.
    private static final Form VKEY =
            Form.pattern("[!-*,-~]{1,200}\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]{1," + Limits.VKEY + "}={0,2}");
    private static final Form BOOL = Form.bool();
    private static final Form CHAIN = Form.whole(1, Json.Whole.MAX);

    private static final Form RECOVERY = Form.object(
            Map.of("parties", Form.ascendingTexts(PARTY, 1, Limits.RECOVERY_PARTIES), "threshold", INTEGER));

    /// Sums may be longer than what is summed.
    private static final Form TOTAL_AMOUNT = Form.either(COUNT, Form.pattern("0|[1-9][0-9]{0,39}"));

    private static final Form TOTAL_QUANTITY =
            Form.either(COUNT, Form.pattern("(?=.{1,80}$)(0|[1-9][0-9]*)(\\.[0-9]+|/[1-9][0-9]*)?"));
    private static final Form TOTAL = Form.object(
            Map.of("count", COUNT, "type", EVENT_TYPE),
            Map.of("amount", TOTAL_AMOUNT, "currency", CURRENCY, "quantity", TOTAL_QUANTITY));
    private static final Comparator<Json> BY_TYPE_THEN_CURRENCY = Comparator.<Json, String>comparing(
                    total -> ((Json.Obj) total).text("type"))
            .thenComparing(total -> ((Json.Obj) total).findText("currency").orElse(""));

    private static final Form DECISION = Form.tagged(
            "kind",
            Map.of(
                    "pause", Form.object(Map.of("kind", TEXT, "reason", NOTE)),
                    "continue", Form.object(Map.of("kind", TEXT)),
                    "terminate",
                            Form.object(
                                    Map.of("kind", TEXT, "cause", oneOf("breach", "convenience"), "last", DATE),
                                    Map.of("notice", HASH)),
                    "suspend", Form.object(Map.of("kind", TEXT, "party", ID)),
                    "resume", Form.object(Map.of("kind", TEXT, "party", ID))));

    private static final Map<String, Form> REMARKS = Map.of("evidence", EVIDENCE, "reason", NOTE);
    private static final Form NOTICE = Form.tagged(
            "kind",
            Map.of(
                    "leave", Form.object(Map.of("kind", TEXT), REMARKS),
                    "no-renewal", Form.object(Map.of("kind", TEXT), REMARKS),
                    "breach", Form.object(Map.of("kind", TEXT, "against", PARTY), REMARKS),
                    "cured", Form.object(Map.of("kind", TEXT, "notice", HASH), REMARKS)));

    private static final Form ATTESTED = Form.ascendingTexts(EVENT_ID, 1, Limits.EVENTS_IN_AN_ATTESTATION);
    private static final Form ATTESTED_PROOFS = Forms.proofs(1, Limits.EVENTS_IN_AN_ATTESTATION);
    private static final Form CLAIM_ANSWERED =
            Form.object(Map.of("claim", HASH, "event", EVENT_ID, "proof", PROOF), Map.of("evidence", EVIDENCE));
    private static final Form CLAIM_REFUSED =
            Form.object(Map.of("claim", HASH, "refusal", NOTE), Map.of("evidence", EVIDENCE));

    private static final Map<String, Form> PAYMENT = Map.of(
            "amount", POSITIVE_AMOUNT, "on", DATE, "payee", ID, "payer", ID, "period", PERIOD, "reference", TEXT);
    private static final Form CHAIN_ENTRY =
            Form.object(Map.of("block", COUNT, "chain", CHAIN, "log", COUNT, "tx", Form.pattern("0x[0-9a-f]{64}")));

    private Bodies() {}

    /// A body whose proofs are of its events, one for each.
    private static Form provingEach(Form form) {
        return value -> form.fault(value).or(() -> {
            Json.Obj body = (Json.Obj) value;
            List<Json> proven = body.items("proofs").stream()
                    .map(proof -> ((Json.Obj) proof).get("id"))
                    .toList();
            return proven.equals(body.items("events")) ? Optional.empty() : Optional.of("/proofs");
        });
    }

    private static Optional<String> proofOfAnother(Json.Obj body) {
        return body.object("proof").text("id").equals(body.text("event")) ? Optional.empty() : Optional.of("/proof/id");
    }

    static Form of(ActKind kind) {
        return switch (kind) {
            case REGISTER_REGISTRAR ->
                Form.object(
                        Map.of("key", Key.FORM), Map.of("from", TIME, "name", TEXT, "revoke", THUMB, "until", TIME));
            case LOG_KEY ->
                Form.object(
                        Map.of("kind", oneOf("head", "log", "receipt", "witness"), "vkey", VKEY),
                        Map.of("until", TIME));
            case ENROLL ->
                Form.object(
                        Map.of("key", Key.FORM, "purposes", PURPOSES),
                        Map.of("holder", ID, "limits", KEY_LIMITS, "name", TEXT, "recovery", RECOVERY));
            case REHOST -> Form.object(Map.of("member", MEMBER));
            case RECOVERY_SET -> RECOVERY;
            case KEY_ADD ->
                Form.object(
                        Map.of("key", Key.FORM, "purposes", PURPOSES),
                        Map.of("from", TIME, "holder", ID, "limits", KEY_LIMITS, "until", TIME));
            case KEY_ROTATE -> Form.object(Map.of("key", Key.FORM, "old", THUMB));
            case KEY_REVOKE -> Form.object(Map.of("key", THUMB, "reason", oneOf("ended", "left", "lost", "other")));
            case KEY_COMPROMISED -> Form.object(Map.of("key", THUMB, "since", TIME), Map.of("evidence", EVIDENCE));
            case KEY_RECOVER ->
                Form.object(Map.of("key", Key.FORM, "revoke", Form.ascendingTexts(THUMB, 0, Limits.KEYS_OF_A_PARTY)));
            case PAYOUT_ADDRESS -> Form.object(Map.of("address", ADDRESS, "chain", CHAIN), Map.of("token", ADDRESS));
            case TRIAL_CLOCK -> Form.object(Map.of("offset", INTEGER));

            case OFFER -> Form.object(Map.of("document", Form.anyObject(), "expires", TIME));
            case COUNTER -> Form.object(Map.of("document", Form.anyObject(), "expires", TIME, "to", HASH));
            case ACCEPT -> Form.object(Map.of(), Map.of("text", HASH));
            case DECLINE -> Form.object(Map.of(), Map.of("reason", NOTE));
            case WITHDRAW -> Form.object(Map.of(), Map.of("motion", HASH));
            case AMEND ->
                Form.object(Map.of(
                        "class", oneOf("admit", "appoint", "extend", "govern", "seat", "succeed", "terms"),
                        "document", Form.anyObject(),
                        "expires", TIME));
            case MOTION -> Form.object(Map.of("decision", DECISION, "expires", TIME));
            case VOTE -> Form.object(Map.of("choice", oneOf("abstain", "no", "none", "yes"), "motion", HASH));
            case EXECUTE -> Form.object(Map.of("motion", HASH));
            case NOTICE -> NOTICE;

            case REPORT ->
                Form.object(
                        Map.of(
                                "events", Form.array(Form.anyObject(), 1, Limits.EVENTS_IN_A_REPORT),
                                "first", NUMBER,
                                "source", SOURCE),
                        Map.of("proofs", Forms.proofs(1, Limits.PROOFS_IN_A_REPORT)));
            case ATTEST -> provingEach(Form.object(Map.of("events", ATTESTED, "proofs", ATTESTED_PROOFS)));
            case CONTRADICT ->
                provingEach(Form.object(
                        Map.of("events", ATTESTED, "proofs", ATTESTED_PROOFS, "reason", NOTE),
                        Map.of("evidence", EVIDENCE)));
            case DECLARE ->
                Form.object(Map.of(
                        "count", COUNT,
                        "held", COUNT,
                        "last", Form.whole(0, Limits.NUMBER),
                        "period", PERIOD,
                        "source", SOURCE,
                        "totals", Form.ascending(TOTAL, 0, Limits.TOTALS, total -> total, BY_TYPE_THEN_CURRENCY)));
            case TAKE_BACK, SEAL -> Form.object(Map.of("period", PERIOD, "source", SOURCE));
            case CLAIM ->
                Form.object(Map.of("event", EVENT, "evidence", EVIDENCE, "source", SOURCE), Map.of("note", NOTE));
            case CLAIM_ANSWER ->
                value -> value instanceof Json.Obj body && body.has("refusal")
                        ? CLAIM_REFUSED.fault(body)
                        : CLAIM_ANSWERED.fault(value).or(() -> proofOfAnother((Json.Obj) value));

            case CLOSE -> Form.object(Map.of("period", PERIOD));
            case ACKNOWLEDGE ->
                Form.object(Map.of("agreed", BOOL, "period", PERIOD, "settlement", HASH), Map.of("note", NOTE));
            case ADJUST ->
                Form.object(
                        Map.of(
                                "amount", POSITIVE_AMOUNT,
                                "payee", ID,
                                "payer", ID,
                                "period", PERIOD,
                                "reason", oneOf("error", "goodwill", "other", "price", "volume"),
                                "text", NOTE),
                        Map.of("evidence", EVIDENCE));
            case DISPUTE ->
                Form.object(
                        Map.of(
                                "amount", POSITIVE_AMOUNT,
                                "from", ID,
                                "period", PERIOD,
                                "settlement", HASH,
                                "text", NOTE,
                                "to", ID),
                        Map.of(
                                "clause", ID,
                                "events", Form.array(EVENT_ID, 1, Limits.EVENTS_IN_A_DISPUTE),
                                "evidence", EVIDENCE));
            case DISPUTE_ANSWER ->
                Form.object(Map.of("accepts", BOOL, "dispute", HASH, "text", NOTE), Map.of("evidence", EVIDENCE));
            case DISPUTE_SETTLE -> Form.object(Map.of("amount", AMOUNT, "dispute", HASH, "text", NOTE));
            case DISPUTE_DECIDE ->
                Form.object(
                        Map.of("amount", AMOUNT, "dispute", HASH, "text", NOTE),
                        Map.of("default", Form.of(value -> value.equals(Json.bool(true)))));
            case PAYMENT_SENT -> Form.object(PAYMENT, Map.of("evidence", EVIDENCE));
            case PAYMENT_RECEIVED -> Form.object(PAYMENT, Map.of("chain", CHAIN_ENTRY, "evidence", EVIDENCE));
        };
    }
}
