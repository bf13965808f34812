package org.tallystick.agreement.instruction;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every act there is (`instruction-1` section 6), in the order of that text.
///
/// Those that are not enforced yet are refused by the rules; until then their bodies may be any objects.
public enum ActKind {
    REGISTER_REGISTRAR(Subject.MEMBER, null),
    LOG_KEY(Subject.MEMBER, null),
    ENROLL(Subject.PARTY, null),
    REHOST(Subject.PARTY, Purpose.ADMINISTER),
    RECOVERY_SET(Subject.PARTY, Purpose.ADMINISTER),
    KEY_ADD(Subject.PARTY, Purpose.ADMINISTER),
    KEY_ROTATE(Subject.PARTY, null),
    KEY_REVOKE(Subject.PARTY, Purpose.ADMINISTER),
    KEY_COMPROMISED(Subject.PARTY, Purpose.ADMINISTER),
    KEY_RECOVER(Subject.PARTY, Purpose.ADMINISTER),
    PAYOUT_ADDRESS(Subject.PARTY, Purpose.ADMINISTER),
    TRIAL_CLOCK(Subject.MEMBER, null),

    OFFER(Subject.AGREEMENT, Purpose.SIGN),
    COUNTER(Subject.AGREEMENT, Purpose.SIGN),
    ACCEPT(Subject.AGREEMENT, Purpose.SIGN),
    DECLINE(Subject.AGREEMENT, Purpose.SIGN),
    WITHDRAW(Subject.AGREEMENT, Purpose.SIGN),
    AMEND(Subject.AGREEMENT, Purpose.SIGN),
    MOTION(Subject.AGREEMENT, Purpose.SIGN),
    VOTE(Subject.AGREEMENT, Purpose.DECIDE),
    EXECUTE(Subject.AGREEMENT, Purpose.DECIDE),
    NOTICE(Subject.AGREEMENT, Purpose.SIGN),

    REPORT(Subject.AGREEMENT, Purpose.REPORT),
    ATTEST(Subject.AGREEMENT, Purpose.REPORT),
    CONTRADICT(Subject.AGREEMENT, Purpose.REPORT),
    DECLARE(Subject.AGREEMENT, Purpose.REPORT),
    TAKE_BACK(Subject.AGREEMENT, Purpose.REPORT),
    SEAL(Subject.AGREEMENT, Purpose.REPORT),
    CLAIM(Subject.AGREEMENT, Purpose.REPORT),
    CLAIM_ANSWER(Subject.AGREEMENT, Purpose.REPORT),

    CLOSE(Subject.AGREEMENT, Purpose.REPORT),
    ACKNOWLEDGE(Subject.AGREEMENT, Purpose.SIGN),
    ADJUST(Subject.AGREEMENT, Purpose.SIGN),
    DISPUTE(Subject.AGREEMENT, Purpose.SIGN),
    DISPUTE_ANSWER(Subject.AGREEMENT, Purpose.SIGN),
    DISPUTE_SETTLE(Subject.AGREEMENT, Purpose.SIGN),
    DISPUTE_DECIDE(Subject.AGREEMENT, Purpose.DECIDE),
    PAYMENT_SENT(Subject.AGREEMENT, Purpose.SIGN),
    PAYMENT_RECEIVED(Subject.AGREEMENT, Purpose.SIGN);

    private static final Map<String, ActKind> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ActKind::text, kind -> kind));
    private static final List<ActKind> LARGE = List.of(OFFER, COUNTER, AMEND, REPORT, ATTEST, CONTRADICT);
    private static final List<ActKind> ENFORCED = List.of(
            REGISTER_REGISTRAR,
            LOG_KEY,
            ENROLL,
            REHOST,
            RECOVERY_SET,
            KEY_ADD,
            KEY_ROTATE,
            KEY_REVOKE,
            KEY_COMPROMISED,
            KEY_RECOVER,
            TRIAL_CLOCK,
            OFFER,
            COUNTER,
            ACCEPT,
            DECLINE,
            WITHDRAW,
            AMEND,
            MOTION,
            VOTE,
            EXECUTE,
            NOTICE,
            REPORT,
            ATTEST,
            CONTRADICT,
            DECLARE,
            TAKE_BACK,
            SEAL,
            CLAIM,
            CLAIM_ANSWER,
            CLOSE,
            ADJUST);

    /// What the act is about: the registry, asked by a member or by a party, or an agreement.
    private enum Subject {
        MEMBER,
        PARTY,
        AGREEMENT
    }

    private final String text;
    private final Subject subject;
    private final Optional<Purpose> purpose;

    ActKind(Subject subject, @Nullable Purpose purpose) {
        this.text = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.subject = subject;
        this.purpose = Optional.ofNullable(purpose);
    }

    /// As it stands in the payload.
    public String text() {
        return text;
    }

    public static Optional<ActKind> ofText(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    /// Whether a member asks for it, not a party.
    public boolean byMember() {
        return subject == Subject.MEMBER;
    }

    /// Whether it names an agreement and a version of it; else it belongs to the registry.
    public boolean underAgreement() {
        return subject == Subject.AGREEMENT;
    }

    /// Whether the rules carry it out: section 6.6, which shrinks as more is enforced.
    public boolean enforced() {
        return ENFORCED.contains(this);
    }

    /// What each key of a party that signs it must be for, if anything: column *p*. Registrar keys have no purposes,
    /// and
    /// new keys need none; nor does a key that revokes itself.
    public Optional<Purpose> purpose() {
        return purpose;
    }

    public int payloadLimit() {
        return LARGE.contains(this) ? Limits.LARGE_PAYLOAD : Limits.PAYLOAD;
    }
}
