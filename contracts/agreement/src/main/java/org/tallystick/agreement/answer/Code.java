package org.tallystick.agreement.answer;

import java.util.Locale;
import java.util.Optional;

/// Every code a "no" can have. A code is stable: it never takes another meaning, and none is ever removed.
///
/// Sentences are made where a person reads them, so that wording is never consensus.
public enum Code {
    // The bytes are not what an envelope or a payload may be.
    TOO_LARGE,
    TOO_DEEP,
    NOT_JSON,
    DUPLICATE_MEMBER,
    NUMBER_FORM,
    NOT_CANONICAL,
    BASE64_FORM,
    ENVELOPE_FORM,
    PAYLOAD_FORM,
    WINDOW_FORM,
    TYPE_UNKNOWN,
    ALGORITHM_UNKNOWN,
    VERSION_UNKNOWN,
    ACT_UNKNOWN,

    // The signatures are not those the act needs.
    SIGNATURE_FORM,
    SIGNATURE_HIGH_S,
    SIGNATURE_ORDER,
    SIGNATURE_WRONG,
    SIGNERS_WRONG,

    // The instruction belongs elsewhere, or its id or its numbers are taken.
    WRONG_LEDGER,
    ID_REUSED,
    TAKEN,

    // The keys.
    KEY_UNKNOWN,
    KEY_REVOKED,
    KEY_EXPIRED,
    ALGORITHM_WRONG,
    KEY_WEAK,
    KEY_NOT_YET_VALID,
    KEY_PURPOSE,
    KEY_LIMIT,
    KEY_KNOWN,
    NO_SUCH_KEY,
    PURPOSES_WRONG,
    LAST_ADMINISTER_KEY,
    KEY_REVOKED_ALREADY,
    TOO_MANY_KEYS,
    SINCE_FUTURE,

    // Time.
    NOT_YET_VALID,
    TOO_EARLY,
    EXPIRED,

    // Members and parties.
    PARTY_KNOWN,
    PARTY_UNKNOWN,
    SAME_HOST,
    NOT_MEMBER_ADMIN,
    VKEY_FORM,
    SAME_ADDRESS,
    REGISTRAR_UNKNOWN,
    THRESHOLD_WRONG,
    NO_RECOVERY,
    QUORUM_MISSING,
    TOO_MANY_RECOVERIES,
    RECOVERY_ENDED,
    NOT_A_TRIAL,
    CLOCK_BACK,
    OFFSET_TOO_LARGE,

    // Agreements and offers.
    AGREEMENT_KNOWN,
    AGREEMENT_UNKNOWN,
    NOT_FIRST_OFFER,
    DOCUMENT_REFUSED,
    EXPIRES_WRONG,
    VERSION_WRONG,
    SUPERSEDES_WRONG,
    SALT_WRONG,
    OFFER_UNKNOWN,
    ALREADY_ACCEPTED,
    OFFER_ENDED,
    SAME_OFFER,
    TEXT_WRONG,
    NOT_YOURS,
    AGREEMENT_OFFERED,
    AGREEMENT_LAPSED,
    AGREEMENT_PAUSED,
    AGREEMENT_IN_RUN_OFF,
    AGREEMENT_CLOSED,
    AGREEMENT_NOT_PAUSED,
    NOT_A_PARTY,
    NOT_ALLOWED,
    NOT_SUPPORTED_YET,
    HOME_LACKS_HOST,

    // Motions and notices.
    MOTION_OPEN,
    NOT_ACCEPTED_YET,
    NOTICE_UNKNOWN,
    TOO_MANY_VERSIONS,
    AMENDMENT_RESTATES,
    CLASS_WRONG,
    STARTS_TOO_SOON,
    DECISION_WRONG,
    NOTICE_MISSING,
    NOTICE_NOT_AGREED,
    NOTICE_ENDED,
    CURE_RUNNING,
    NO_VOTE,
    SAME_VOTE,
    SAME_HOLDER,
    MOTION_ENDED,
    MOTION_UNKNOWN,
    NOT_CARRIED,
    VOTE_RUNNING,
    LOCK_RUNNING,
    NOTICE_RUNNING,

    // Sources and events.
    SOURCE_UNKNOWN,
    NOT_OWNER,
    SOURCE_ENDED,
    SOURCE_NOT_BEGUN,
    SOURCE_OF_NOTICES,
    EVENTS_REFUSED,
    EVENT_FUTURE,
    EVENT_UNKNOWN,
    SINGLE_EVENTS_FULL,
    TOO_MANY_PERIODS,
    PERIOD_TOO_OLD,
    GAP,
    HINT_WRONG,
    OWN_EVENT,
    ALREADY_ATTESTED,
    ALREADY_CONTRADICTED,
    NOT_HELD,
    PROOF_WRONG,
    TOO_MANY_RELEASED,

    // Declarations and closing.
    DECLARATION_WRONG,
    ALREADY_DECLARED,
    NOT_DECLARED,
    NOT_NEWEST,
    DECLARE_IN_ORDER,
    GRACE_OVER,
    GRACE_RUNNING,
    PERIOD_NOT_OVER,
    PERIOD_WRONG,
    PERIOD_SETTLED,
    PERIOD_CLOSING,
    PERIOD_NOT_SETTLED,
    NOT_DECLARED_YET,
    NOT_NEXT_PERIOD,
    NOT_CLOSER_YET,
    LACKING,

    // Claims, disputes, adjustments, payments.
    CLAIM_TOO_LATE,
    CLAIM_ANSWERED,
    CLAIM_UNKNOWN,
    SETTLEMENT_WRONG,
    ALREADY_ACKNOWLEDGED,
    NOT_BOTH_SIDES,
    NOT_WITH_HUB,
    TOO_MANY_ADJUSTMENTS,
    DISPUTE_TOO_LATE,
    DISPUTE_ENDED,
    DISPUTE_UNKNOWN,
    ANSWER_RUNNING,
    ARBITER_RUNNING,
    ABOVE_ITEM,
    ABOVE_DISPUTED,
    NOT_OTHER_SIDE,
    NOT_ARBITER,
    NOT_DEFAULT,
    REFERENCE_USED;

    /// As it stands in answers: lower case with underscores.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Code> ofText(String text) {
        for (Code code : values()) {
            if (code.text().equals(text)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
