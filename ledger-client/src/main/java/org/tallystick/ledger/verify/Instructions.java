package org.tallystick.ledger.verify;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.KeyScope;
import org.tallystick.agreement.signing.MemberCertificate;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// What every instruction with a verdict must satisfy by itself: its form, its signatures, its keys and its window.
/// What was applied then goes into the key history or into the books.
final class Instructions {

    /// The verdicts on what a key signed beyond its purposes and limits.
    private static final Set<String> BEYOND_KEYS = Set.of("key_purpose", "key_limit");

    private final Findings findings;
    private final Set<String> chains;
    private final Hash ledger;
    private final Signatures signatures;
    private final KeyHistory keys;
    private final Books books;

    /// @param signatures of the transaction
    Instructions(
            Findings findings, Set<String> chains, Hash ledger, Signatures signatures, KeyHistory keys, Books books) {
        this.findings = findings;
        this.chains = chains;
        this.ledger = ledger;
        this.signatures = signatures;
        this.keys = keys;
        this.books = books;
    }

    /// @param time ledger time of the transaction
    /// @param endorsers the members that endorsed it
    void check(
            TransactionEnvelope transaction, Items items, LedgerTime time, SortedSet<String> endorsers, Place place) {
        books.begin();
        for (Items.Item item : items.all()) {
            boolean judged = item.isVerdict()
                    && item.chain().filter(chains::contains).isPresent()
                    && item.read() instanceof Signed;
            if (judged) {
                check(transaction, item, (Signed) item.read(), time, endorsers, place.item(item.index()));
            }
        }
        keys.compare(transaction);
    }

    private void check(
            TransactionEnvelope transaction,
            Items.Item item,
            Signed signed,
            LedgerTime time,
            SortedSet<String> endorsers,
            Place place) {
        Payload payload = signed.payload();
        findings.same(
                Check.OCCURRENCE_SIGNATURES,
                place.at("/ledger"),
                payload.ledger().hex(),
                ledger.hex(),
                "it was signed for another ledger");
        window(payload, item, time, place);
        switch (signed.verify(time, keys::find, party -> keys.recovery(party, time), signatures)) {
            case Answered(var no) -> unverified(no, place);
            case Verified verified -> {
                keys.signed(verified, place);
                if (item.code().filter(BEYOND_KEYS::contains).isEmpty()) {
                    scope(verified, place);
                }
                if (item.isApplied()) {
                    host(payload, endorsers, place);
                    applied(transaction, item, verified, time, place);
                } else {
                    findings.attention(
                            Check.ATTENTION_REFUSED,
                            place,
                            payload.kind().text() + " of " + payload.party().text() + " was refused: "
                                    + item.code().orElse(""));
                }
            }
        }
    }

    private void window(Payload payload, Items.Item item, LedgerTime time, Place place) {
        boolean before = time.isBefore(payload.from());
        boolean after = !time.isBefore(payload.until());
        boolean expired = !item.isApplied() && item.code().equals(Optional.of("expired"));
        if (before || after != expired) {
            findings.fail(
                    Check.CUTOFF_WINDOWS,
                    place,
                    Json.text(payload.from() + " to " + payload.until()),
                    Json.text(time.text()),
                    expired ? "it was within its window" : "it was outside its window");
        }
    }

    private void unverified(No no, Place place) {
        String code = no.code().text();
        Check check = switch (no.code()) {
            case KEY_UNKNOWN, REGISTRAR_UNKNOWN, KEY_REVOKED, KEY_EXPIRED, KEY_NOT_YET_VALID ->
                Check.AUTHORIZATION_KEYS;
            default -> Check.OCCURRENCE_SIGNATURES;
        };
        findings.fail(check, place, Json.text(code), no.values(), "its signatures do not hold: " + code);
    }

    private void scope(Verified verified, Place place) {
        KeyScope.exceeded(verified)
                .ifPresent(no -> findings.fail(
                        Check.AUTHORIZATION_KEYS,
                        place,
                        Json.text(no.code().text()),
                        no.values(),
                        "a key signed what it is not for: " + no.code().text()));
    }

    private void host(Payload payload, SortedSet<String> endorsers, Place place) {
        String host = keys.host(payload.party());
        if (!endorsers.contains(host)) {
            findings.attention(
                    Check.ATTENTION_NOT_ENDORSED_BY_HOST,
                    place,
                    payload.kind().text() + " of " + payload.party().text() + ": " + host + " did not endorse it");
        }
    }

    private void applied(
            TransactionEnvelope transaction, Items.Item item, Verified verified, LedgerTime time, Place place) {
        Payload payload = verified.payload();
        KeyHistory.Applied applied = new KeyHistory.Applied(verified, item.stated(), place);
        switch (verified.act()) {
            case Act.RegisterRegistrar act -> {
                registrar(transaction, payload, place);
                keys.registered(applied, act);
            }
            case Act.Enroll act -> keys.enrolled(applied, act);
            case Act.Rehost act -> keys.rehosted(applied, act);
            case Act.RecoverySet act -> keys.recoverySet(applied, act);
            case Act.KeyAdd act -> keys.keyAdded(applied, act);
            case Act.KeyRotate act -> keys.keyRotated(applied, act);
            case Act.KeyRevoke act -> keys.keyRevoked(applied, act);
            case Act.KeyCompromised act -> keys.keyCompromised(applied, act);
            case Act.KeyRecover act -> keys.keyRecovered(applied, act);
            case Act.LogKey _ -> {
                // whom the log is trusted to, the trust file says
            }
            case Act.TrialClock _ -> {
                // its effect is the time of what follows, which the replay computes
            }
            case Act.Offer act -> books.agreement().offer(payload, act, time, place);
            case Act.Counter act -> books.agreement().counter(payload, act, time, place);
            case Act.Accept act -> accepted(verified, act, item.stated(), time, place);
            case Act.Decline _ -> {
                if (books.agreement().isOffered(payload)) {
                    books.agreement().ends(payload, time, place);
                } else {
                    books.motions().answer(verified, false, item.stated(), time, place);
                }
            }
            case Act.Withdraw act -> withdrawn(payload, act, item.stated(), time, place);
            case Act.Amend act -> books.motions().amend(verified, act, item.stated(), time, place);
            case Act.Motion act -> books.motions().move(verified, act, item.stated(), time, place);
            case Act.Vote act -> books.motions().vote(verified, act, item.stated(), time, place);
            case Act.Execute act -> books.motions().execute(payload, act, item.stated(), time, place);
            case Act.Notice act ->
                books.agreement().notice(payload, act, verified.instruction(), item.stated(), time, place);
            case Act.Adjust act -> books.adjust(verified, act, time, place);
            case Act.Report act -> books.events().report(payload, act, item.stated(), time, place);
            case Act.Declare act -> books.declarations().declare(payload, act, time, place);
            case Act.Attest act -> books.events().attest(payload, act, item.stated(), time, place);
            case Act.Contradict act -> books.events().contradict(payload, act, time, place);
            case Act.TakeBack act -> books.declarations().takeBack(payload, act, time, place);
            case Act.Seal act -> books.declarations().seal(payload, act, time, place);
            case Act.Claim act -> books.claims().claim(payload, act, verified.instruction(), time, place);
            case Act.ClaimAnswer act -> books.claims().answer(payload, act, time, place);
            case Act.Close act -> books.close(payload, act, item.stated(), transaction, time, place);
            case Act.Other other ->
                findings.fail(
                        Check.ACCURACY_VERDICTS,
                        place,
                        "the act " + other.kind().text() + " is not enforced yet and cannot have been applied");
        }
    }

    private void accepted(Verified verified, Act.Accept act, Json.Obj stated, LedgerTime time, Place place) {
        if (books.agreement().newest().isEmpty()) {
            books.agreement().accept(verified.payload(), act, stated, time, place);
        } else {
            books.motions().answer(verified, true, stated, time, place);
        }
    }

    private void withdrawn(Payload payload, Act.Withdraw act, Json.Obj stated, LedgerTime time, Place place) {
        if (books.agreement().isOffered(payload) && act.motion().isEmpty()) {
            if (Items.effect(stated, "state").isPresent()) {
                books.agreement().ends(payload, time, place);
            } else {
                books.agreement().takesBack(payload, time, place);
            }
            return;
        }
        Hash motion = act.motion()
                .orElseGet(() ->
                        books.motions().motionOf(payload.scope().orElseThrow().version()));
        books.motions().withdraw(payload, motion, time, place);
    }

    private void registrar(TransactionEnvelope transaction, Payload payload, Place place) {
        findings.same(
                Check.AUTHORIZATION_REGISTRARS,
                place,
                payload.party().text(),
                transaction.creator().member(),
                "a registrar key was sent by an identity of another member");
        if (!MemberCertificate.isAdmin(transaction.creator().certificate())) {
            findings.fail(
                    Check.AUTHORIZATION_REGISTRARS, place, "a registrar key was sent by an identity that is no admin");
        }
    }
}
