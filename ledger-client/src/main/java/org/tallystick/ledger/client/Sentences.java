package org.tallystick.ledger.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.json.Json;

/// What a code means, as a person reads it: code and typed values become one English sentence.
///
/// The ledger keeps codes and values only, so that wording can be improved without asking every member. Sentences begin
/// in lower case and have no full stop: who shows them puts something in front.
public final class Sentences {

    private static final int MOST_NAMED = 5;

    private Sentences() {}

    /// The sentence for a code that stands in an answer, be it one that this program does not know yet.
    public static String of(String code, Json.Obj values) {
        return Code.ofText(code)
                .map(known -> of(known, values))
                .orElseGet(() -> "the answer is " + code + (values.members().isEmpty() ? "" : " " + shown(values)));
    }

    /// The sentence for a transaction that failed as a whole: `docs/spec/ledger-1.md` section 11.
    public static String ofFailure(String code, Json.Obj values) {
        return switch (code) {
            case "not_initialized" -> "the ledger was not begun yet: its first transaction, init, is missing";
            case "already_initialized" -> "the ledger was begun already";
            case "not_admin" -> "only an admin of a member may do this";
            case "charter_differs" ->
                "a member lets the ledger begin only as " + value(values, "ledger") + ", trial: "
                        + value(values, "trial");
            case "mixed_batch" -> "instructions of one transaction must be of one agreement, or of the registry";
            case "not_alone" -> "instruction " + value(values, "item") + " must travel alone";
            case "batch_too_large" ->
                "the transaction is too large: " + value(values, "size") + " of " + value(values, "limit");
            case "arguments_wrong" -> "the chaincode takes no such arguments";
            case "function_unknown" -> "the chaincode has no function " + value(values, "function");
            case "rules_unknown" -> "the ledger's rules are newer than those of this peer's chaincode";
            case "not_sweepable" -> "the marker " + value(values, "key") + " is not old enough to be swept";
            case "epoch_young" -> "the epoch is younger than an hour";
            case "home_unknown" -> "the peer has no such private collection";
            case "internal" -> "the chaincode broke; the peer's log says why";
            default -> "the transaction failed: " + code;
        };
    }

    public static String of(Code code, Json.Obj values) {
        Said said = new Said(values);
        return switch (code) {
            case TOO_LARGE -> "it is too large" + said.with(": the limit is ", "limit");
            case TOO_DEEP -> "it is nested too deep";
            case NOT_JSON ->
                "the " + said.or("part", "envelope") + " is not JSON" + said.with(" after character ", "at");
            case DUPLICATE_MEMBER ->
                "the " + said.or("part", "envelope") + " has a member twice" + said.with(" at character ", "at");
            case NUMBER_FORM ->
                "the " + said.or("part", "payload") + " has a number in a form that is not taken"
                        + said.with(" at character ", "at");
            case NOT_CANONICAL ->
                "the " + said.or("part", "payload") + " is not in its one spelling"
                        + said.with(" from character ", "at");
            case BASE64_FORM -> "the " + said.or("part", "payload") + " is not base64url without padding";
            case ENVELOPE_FORM -> "the envelope has not the form of one" + said.with(": see ", "at");
            case PAYLOAD_FORM -> "the payload has not the form of its act" + said.with(": see ", "at");
            case WINDOW_FORM -> "the window or the time of the id is wrong" + said.with(": see ", "at");
            case TYPE_UNKNOWN -> "the header's type " + said.of("stated") + " is unknown";
            case ALGORITHM_UNKNOWN -> "the signature algorithm " + said.of("stated") + " is unknown";
            case VERSION_UNKNOWN -> "the version " + said.of("stated") + " of instructions is unknown";
            case ACT_UNKNOWN -> "the act " + said.of("stated") + " is unknown";

            case SIGNATURE_FORM -> "signature " + said.or("index", "0") + " has not the form of its algorithm";
            case SIGNATURE_HIGH_S ->
                "signature " + said.or("index", "0") + " has a high s, so a second one could be made of it";
            case SIGNATURE_ORDER -> "the signatures are out of order, or a key signed twice";
            case SIGNATURE_WRONG -> "signature " + said.or("index", "0") + " is not that of the key it names";
            case SIGNERS_WRONG -> "the act needs other signers" + said.with(": ", "need");

            case WRONG_LEDGER -> "the instruction is for another ledger; this one is " + said.of("ledger");
            case ID_REUSED -> "the id was used for another instruction, " + said.of("hash");
            case TAKEN ->
                "the numbers are taken: the source is at " + said.of("last")
                        + "; if this report was applied, its verdict stands in the block that took them";

            case KEY_UNKNOWN -> "the ledger does not know the key " + said.of("kid");
            case KEY_REVOKED -> "the key " + said.of("kid") + " was revoked" + said.with(" on ", "at");
            case KEY_EXPIRED -> "the key " + said.of("kid") + " has expired" + said.with(" on ", "at");
            case ALGORITHM_WRONG -> "the key " + said.of("kid") + " signs with another algorithm";
            case KEY_WEAK -> "the key " + said.of("kid") + " is weak: others could sign for it";
            case KEY_NOT_YET_VALID -> "the key is not valid before " + said.of("from");
            case KEY_PURPOSE ->
                "the key " + said.of("kid") + " is not for this: it needs the purpose " + said.of("need");
            case KEY_LIMIT ->
                "the key " + said.of("kid") + " may not sign "
                        + (said.of("limit").equals("types") ? "events of such types" : "such an amount");
            case KEY_KNOWN -> "the key is registered already as " + said.of("kid");
            case NO_SUCH_KEY -> "there is no key " + said.of("key");
            case PURPOSES_WRONG -> "the purposes of the key are wrong: it needs " + said.of("need");
            case LAST_ADMINISTER_KEY ->
                "without the key " + said.of("key") + " no key that administers the party would be left for good";
            case KEY_REVOKED_ALREADY -> "the key " + said.of("key") + " is revoked already";
            case TOO_MANY_KEYS -> "the party has as many keys as it may have" + said.with(": ", "limit");
            case SINCE_FUTURE -> "a key cannot have been compromised in the future" + said.with(": ", "since");

            case NOT_YET_VALID -> "its window has not begun: it is good from " + said.of("from");
            case TOO_EARLY -> "it is earlier than the act before it, at " + said.of("time");
            case EXPIRED -> "its window is over: it was good until " + said.of("until");

            case PARTY_KNOWN -> "the party " + said.of("party") + " is enrolled already";
            case PARTY_UNKNOWN -> "the party " + said.of("party") + " is not enrolled";
            case SAME_HOST -> "the member hosts the party already";
            case NOT_MEMBER_ADMIN -> "only an admin of " + said.or("member", "the member") + " may carry this";
            case VKEY_FORM -> "the log key has not the form of one";
            case SAME_ADDRESS -> "the payout address is that one already";
            case REGISTRAR_UNKNOWN -> "the registrar's key " + said.of("kid") + " is not registered yet";
            case THRESHOLD_WRONG -> "the threshold is not between one and the number of recovery parties";
            case NO_RECOVERY -> said.or("party", "the party") + " has named nobody who may recover it";
            case QUORUM_MISSING ->
                "too few recovery parties have signed: " + said.of("have") + " of " + said.of("need");
            case TOO_MANY_RECOVERIES ->
                "the party has named others to recover it too often: it may again on " + said.of("until");
            case RECOVERY_ENDED -> "the recovery has ended";
            case NOT_A_TRIAL -> "this ledger is no trial: nobody can move its clock";
            case CLOCK_BACK -> "a clock never goes back: it is ahead by " + said.of("offset") + " s already";
            case OFFSET_TOO_LARGE -> "the clock cannot be that far ahead: at most " + said.of("limit") + " s";

            case AGREEMENT_KNOWN -> "the agreement " + said.of("agreement") + " exists already";
            case AGREEMENT_UNKNOWN -> "there is no agreement " + said.of("agreement") + " yet";
            case NOT_FIRST_OFFER -> "a first offer has number 1 and supersedes nothing";
            case DOCUMENT_REFUSED -> "the agreement document is at fault: " + said.of("codes");
            case EXPIRES_WRONG ->
                "it would stay open too long, or is over already: it may stay open until " + said.of("latest");
            case VERSION_WRONG -> "it names another version than " + said.of("version");
            case SUPERSEDES_WRONG ->
                "the new version does not follow on the newest one: its number would be " + said.of("number")
                        + ", and it would supersede " + said.of("supersedes");
            case SALT_WRONG -> "the salt is missing, or is there without need";
            case OFFER_UNKNOWN -> "there is no offer " + said.of("version") + " yet";
            case ALREADY_ACCEPTED -> "the party has accepted version " + said.of("version") + " already";
            case OFFER_ENDED -> "the offer " + said.of("version") + " has ended";
            case TEXT_WRONG ->
                "the text that was signed is not that of the terms; its hash would be " + said.of("text");
            case NOT_YOURS -> "it is not the party's own" + said.with(", but that of ", "by");
            case SAME_OFFER -> "that version is the one on offer: accept it, or offer another";
            case AGREEMENT_OFFERED -> "the agreement is offered, and not all have accepted it";
            case AGREEMENT_LAPSED -> "the offer lapsed before all had accepted it";
            case AGREEMENT_PAUSED -> "the agreement is paused";
            case AGREEMENT_IN_RUN_OFF -> "the agreement is in run-off";
            case AGREEMENT_CLOSED -> "the agreement is closed";
            case AGREEMENT_NOT_PAUSED -> "the agreement is not paused";
            case NOT_A_PARTY -> said.or("party", "the party") + " is not bound by this agreement";
            case NOT_ALLOWED -> "the party may not do this: it needs the role of " + said.of("role");
            case NOT_SUPPORTED_YET -> "this release does not enforce " + said.of("what") + " yet";
            case HOME_LACKS_HOST -> "the private home lacks the host of " + said.or("party", "a party");

            case AMENDMENT_RESTATES -> "an amendment may not change what was settled under the version before";
            case CLASS_WRONG -> "the amendment is of another class than it says: " + said.of("class");
            case MOTION_OPEN -> "the same version is being voted on already: motion " + said.of("motion");
            case TOO_MANY_VERSIONS ->
                "too many versions wait for their first period: at most " + said.of("limit") + " may";
            case STARTS_TOO_SOON -> "the new version starts too soon";
            case DECISION_WRONG -> decisionWrong(said);
            case NOTICE_MISSING ->
                "a breach that ends the agreement is first given notice of, and that notice" + said.with(" ", "notice")
                        + " is not there, or has ended";
            case NOTICE_NOT_AGREED -> "the agreement gives no right to this notice: it has no " + said.of("what");
            case NOTICE_UNKNOWN -> "there is no notice of a breach " + said.of("notice") + " yet";
            case NOTICE_ENDED ->
                said.values().has("notice")
                        ? "the notice " + said.of("notice") + " has ended already"
                        : "the agreement ends no later without this notice: its last day is " + said.of("ends");
            case CURE_RUNNING -> "the breach may still be cured, until " + said.of("earliest");
            case NO_VOTE -> "the party has no vote here, or not with this key";
            case SAME_VOTE ->
                said.of("choice").equals("none")
                        ? "the party has not voted, so there is no vote to take back"
                        : "the vote is " + said.of("choice") + " already";
            case SAME_HOLDER ->
                "the person behind this key, " + said.of("holder") + ", has voted on seat " + said.of("seat")
                        + " already: one person has one vote";
            case MOTION_ENDED -> "the motion" + said.with(" ", "motion") + " has ended";
            case MOTION_UNKNOWN -> "there is no motion" + said.with(" ", "motion") + " yet";
            case NOT_ACCEPTED_YET -> "not yet accepted by who enters with it: " + said.of("parties");
            case NOT_CARRIED ->
                "the motion is not carried: yes " + said.of("yes") + ", no " + said.of("no") + ", abstained "
                        + said.of("abstain") + ", and it needs " + said.of("need");
            case VOTE_RUNNING -> "the vote runs until " + said.of("until");
            case LOCK_RUNNING -> "the time lock runs until " + said.of("until");
            case NOTICE_RUNNING -> "the notice runs until " + said.of("until");

            case SOURCE_UNKNOWN -> "the agreement names no source " + said.of("source");
            case NOT_OWNER -> "the source " + said.of("source") + " is that of " + said.of("owner");
            case SOURCE_ENDED -> "the source " + said.of("source") + " has ended" + said.with(" with ", "last");
            case SOURCE_NOT_BEGUN -> "the source begins on " + said.of("from");
            case SOURCE_OF_NOTICES ->
                "the events of " + said.of("source") + " are notices: they are matched, and never count"
                        + ", so nothing of it is declared, attested or claimed";
            case EVENTS_REFUSED ->
                "events are at fault, and none took a number: " + said.list("lines", Sentences::line);
            case EVENT_FUTURE ->
                "event " + said.of("line") + " is dated in the future; it can be reported from " + said.of("earliest");
            case EVENT_UNKNOWN -> "there is no event " + said.or("event", "of that id") + " yet";
            case SINGLE_EVENTS_FULL ->
                "clause " + said.of("clause") + " takes no more than " + said.of("limit") + " single events of "
                        + said.of("source") + " from " + said.of("window") + " on";
            case TOO_MANY_PERIODS ->
                "the events fall into more than " + said.of("limit") + " periods: report fewer at once";
            case PERIOD_TOO_OLD -> "the period is too old";
            case GAP -> "numbers are missing in front: the source is at " + said.of("last");
            case HINT_WRONG -> "the courier does not know where a named event was reported";
            case OWN_EVENT ->
                said.values().find("source").isPresent()
                        ? "the source " + said.of("source") + " is the party's own: what it lacks, it reports"
                        : said.or("event", "the event") + " is of a source of the party's own";
            case ALREADY_ATTESTED -> "the party has attested " + said.or("event", "this event") + " already";
            case ALREADY_CONTRADICTED -> "the party has contradicted " + said.or("event", "this event") + " already";
            case NOT_HELD -> said.or("event", "the event") + " is not held";
            case TOO_MANY_RELEASED ->
                "it would release more than " + said.of("limit")
                        + " events at once: attest, or give notice of, fewer of them";
            case PROOF_WRONG -> "the proof" + said.with(" of ", "event") + " does not lead to the root of its report";

            case DECLARATION_WRONG ->
                "the declared " + said.or("what", "word") + " is not what was reported: declared " + said.of("stated")
                        + ", reported " + said.of("computed");
            case ALREADY_DECLARED -> said.of("period") + " is declared already" + said.with(" by ", "source");
            case NOT_DECLARED -> said.or("source", "the source") + " has not declared " + said.or("period", "it");
            case NOT_NEWEST ->
                said.or("period", "it") + " is not the newest period" + said.with(" that ", "source") + " has declared";
            case DECLARE_IN_ORDER -> "periods are declared in order: next is " + said.of("next");
            case GRACE_OVER -> "the grace was over on " + said.of("until");
            case GRACE_RUNNING -> "the grace runs until " + said.of("until");
            case PERIOD_NOT_OVER -> "the period is not over before " + said.of("until");
            case PERIOD_WRONG -> said.of("period") + " is no period of this agreement's calendar";
            case PERIOD_SETTLED -> said.of("period") + " is settled; what is known later belongs in the next period";
            case PERIOD_CLOSING -> said.of("period") + " is being closed";
            case PERIOD_NOT_SETTLED -> said.or("period", "the period") + " is not settled yet";
            case NOT_DECLARED_YET -> "not yet declared by " + said.of("sources");
            case NOT_NEXT_PERIOD -> "periods are closed in order: next is " + said.of("next");
            case NOT_CLOSER_YET -> "only a closer may close before " + said.of("until");
            case LACKING -> "the settlement lacks something: " + said.of("codes");

            case CLAIM_TOO_LATE -> "it is too late for this claim" + said.with(": it was possible until ", "until");
            case CLAIM_ANSWERED -> "the claim" + said.with(" ", "claim") + " is answered already";
            case CLAIM_UNKNOWN -> "there is no claim" + said.with(" ", "claim") + " yet";
            case SETTLEMENT_WRONG -> "it names another settlement";
            case ALREADY_ACKNOWLEDGED -> "the settlement is acknowledged already";
            case NOT_BOTH_SIDES ->
                "both must sign, and nobody else: " + said.or("payer", "the payer") + " and "
                        + said.or("payee", "the payee");
            case NOT_WITH_HUB -> "one of the two must be the hub" + said.with(", ", "hub") + ", and both must be bound";
            case TOO_MANY_ADJUSTMENTS -> "the period has as many adjustments as it may have" + said.with(": ", "limit");
            case DISPUTE_TOO_LATE -> "it is too late to dispute this settlement";
            case DISPUTE_ENDED -> "the dispute has ended";
            case DISPUTE_UNKNOWN -> "there is no such dispute yet";
            case ANSWER_RUNNING -> "the time to answer is still running";
            case ARBITER_RUNNING -> "the arbiter's time is still running";
            case ABOVE_ITEM -> "it is more than the open item" + said.with(" of ", "open");
            case ABOVE_DISPUTED -> "it is more than is disputed";
            case NOT_OTHER_SIDE ->
                said.values().has("party")
                        ? said.of("party") + " is no other side of this agreement"
                        : "it is for the other side to answer";
            case NOT_ARBITER -> "it is for the arbiter to decide";
            case NOT_DEFAULT -> "it is not what the agreement says without a decision";
            case REFERENCE_USED -> "the reference was used already";
        };
    }

    /// What an applied instruction did: an effect of `docs/spec/ledger-1.md` section 10.
    public static String ofEffect(Json.Obj effect) {
        Said said = new Said(effect);
        return switch (effect.findText("kind").orElse("")) {
            case "key" -> "the key " + said.of("thumb") + " of " + said.of("owner") + " is " + said.of("state");
            case "party" -> said.of("party") + " is hosted by " + said.of("host");
            case "offer" -> "version " + said.of("version") + " is offered";
            case "version" ->
                "version " + said.of("version") + " is adopted as number " + said.of("number") + " and starts with "
                        + said.of("starts");
            case "state" -> "the agreement is " + said.of("state") + said.with(", and its last day is ", "last");
            case "motion" -> "the motion " + said.of("motion") + " is open";
            case "vote" ->
                said.of("choice").equals("none")
                        ? "the vote of " + said.of("seats") + " is taken back"
                        : said.of("seats")
                                + (said.values().items("seats").size() == 1 ? " says " : " say ")
                                + said.of("choice");
            case "decided" -> decided(said);
            case "made" -> "event " + said.of("event") + " is booked in " + said.of("period");
            case "notice" -> "the notice " + said.of("notice") + " is on record";
            case "adjusted" ->
                "agreed: " + said.of("from") + " pays " + said.of("to") + " " + said.of("amount")
                        + " minor units, with the settlement of " + said.of("period");
            case "report" ->
                "numbers " + said.of("first") + " to " + said.of("last") + " are taken"
                        + said.with(", booked in ", "booked")
                        + (effect.findWhole("held").orElse(0L) > 0 ? ", held: " + said.of("held") : "");
            case "declared" ->
                effect.find("sealed").equals(Optional.of(Json.bool(true)))
                        ? said.of("source") + " is sealed for " + said.of("period") + " up to number " + said.of("last")
                        : said.of("source") + " has declared " + said.of("period") + " up to number " + said.of("last");
            case "opened" -> said.of("period") + " of " + said.of("source") + " is open again";
            case "released" -> "booked now: " + said.of("events");
            case "claim" ->
                "the claim " + said.of("claim") + " is " + said.of("state").replace("event", "answered with the event")
                        + (effect.find("late").equals(Optional.of(Json.bool(true))) ? ", late" : "");
            case "closing" -> said.of("period") + " is being closed, in several steps";
            case "close_undone" ->
                said.of("period") + " is open again: its close was begun by rules " + said.of("began")
                        + " and undone by rules " + said.of("rules");
            case "settlement" ->
                said.of("period") + " is settled with " + said.of("count") + " lines: " + said.of("hash");
            case "net" -> "the clock is " + said.or("offset", "0") + " s ahead";
            default -> shown(effect);
        };
    }

    /// What is wrong with one event of a report: terms/1 section 16 and instruction-1 section 8.
    public static String ofLine(String code) {
        return switch (code) {
            case "EVENT_FORM" -> "lacks what its type requires, or has what it may not have";
            case "EVENT_REF" -> "names an event that it cannot take back";
            case "EVENT_PERIOD" -> "is dated before the agreement's opening period";
            case "EVENT_PARTY" -> "names a party that the terms do not have";
            case "EVENT_CURRENCY" -> "has another currency than it may have";
            case "RATE_MISSING" -> "has no rate for what it is";
            case "RATE_BOUNDS" -> "has an agreed rate out of bounds";
            case "FIGURE_MISSING" -> "lacks a quantity";
            case "FX_MISSING" -> "lacks a fixing";
            case "reporter_not_allowed" -> "is of a type that this source does not carry";
            case "too_fine" -> "has a number with more than 18 decimals";
            case "too_big" -> "has a number that is too big";
            case "proof_missing" -> "names an event without its proof";
            case "proof_wrong" -> "names an event whose proof does not lead to its report";
            case "proof_unneeded" -> "is a proof that no event needs";
            case "no_fx" -> "is in a foreign currency, and the terms have no fixings";
            case "before_start" -> "is dated before the agreement begins";
            case "after_end" -> "is dated after the agreement's last day";
            case "while_paused" -> "is dated in a pause: it can be reported once the agreement is continued";
            case "too_many_held" -> "names an event that holds as many others as it may";
            case "reference_missing" -> "does not name its sale, so the other party's report of it cannot be found";
            case "reference_full" -> "names a sale that this side has reported as often as it may";
            default -> code;
        };
    }

    private static String line(Json.Obj line) {
        String of = line.has("proof") ? "proof " : "event ";
        return of + value(line, "line") + " " + ofLine(line.text("code"));
    }

    private static String decisionWrong(Said said) {
        if (said.values().has("party")) {
            return said.of("party") + " is no party of the terms whose payments can be suspended";
        }
        return "an agreement ends on a day from " + said.of("earliest") + " on" + said.with(", and before ", "ends");
    }

    /// Of a motion that was carried and could not be carried out, also why.
    private static String decided(Said said) {
        if (said.values().bool("carried")) {
            return "the motion " + said.of("motion") + " is carried";
        }
        Optional<String> code = said.values().findText("code");
        return "the motion " + said.of("motion")
                + (code.isEmpty()
                        ? " has ended and is not carried"
                        : " had the votes and could not be carried out: "
                                + of(code.get(), said.values().object("values")));
    }

    private static String value(Json.Obj values, String name) {
        return values.find(name).map(Sentences::shown).orElse("(not said)");
    }

    private static String shown(Json value) {
        return switch (value) {
            case Json.Text(var text) -> text;
            case Json.Whole(var number) -> Long.toString(number);
            case Json.Bool(var truth) -> truth ? "yes" : "no";
            case Json.Arr(var items) ->
                named(items.stream().map(Sentences::shown).toList());
            case Json.Obj(var members) ->
                members.entrySet().stream().map(Sentences::member).collect(Collectors.joining(", "));
            case Json.Inexact(var spelling) -> spelling;
            case Json.Null() -> "nothing";
        };
    }

    private static String member(Map.Entry<String, Json> member) {
        return member.getKey() + ": " + shown(member.getValue());
    }

    private static String named(List<String> all) {
        return all.size() <= MOST_NAMED
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, MOST_NAMED)) + " and " + (all.size() - MOST_NAMED) + " more";
    }

    /// The values that go into a sentence. One that is absent leaves a sentence that is still one.
    private record Said(Json.Obj values) {

        private interface Spelling {
            String of(Json.Obj item);
        }

        String of(String name) {
            return value(values, name);
        }

        String or(String name, String absent) {
            return values.find(name).map(Sentences::shown).orElse(absent);
        }

        String with(String before, String name) {
            return values.find(name).map(value -> before + shown(value)).orElse("");
        }

        String list(String name, Spelling spelling) {
            Optional<Json> list = values.find(name);
            return list.isPresent() && list.get() instanceof Json.Arr(var items)
                    ? named(items.stream()
                            .map(item -> item instanceof Json.Obj object ? spelling.of(object) : shown(item))
                            .toList())
                    : "(not said)";
        }
    }
}
