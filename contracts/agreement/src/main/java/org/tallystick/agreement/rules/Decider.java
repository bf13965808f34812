package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.KeyScope;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.AgreementHead.Stage;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Markers;
import org.tallystick.agreement.state.MotionRecord;
import org.tallystick.agreement.state.OfferRecord;
import org.tallystick.agreement.state.SourceHead;

/// Decides one instruction after the other: the checks of `docs/spec/instruction-1.md` section 5, in their order, then
/// the rules of the act. The first failure is the answer.
final class Decider {

    private static final int MARKER_DAYS = 30;
    /// How long an instruction may still name the version before the newest.
    private static final Duration OVERTAKEN = Duration.ofDays(7);

    private final Overlay state;
    private final Moment moment;
    private final Documents documents;
    private final Signatures signatures;
    private final Registry registry;
    private final Offers offers;
    private final Intake intake;
    private final Attestations attestations;
    private final Declarations declarations;
    private final Claims claims;
    private final Closing closing;
    private final Motions motions;
    private final Notices notices;
    private final Adjustments adjustments;

    Decider(Overlay state, Moment moment, Documents documents, Edition edition, Hints hints, Signatures signatures) {
        this.state = state;
        this.moment = moment;
        this.documents = documents;
        this.signatures = signatures;
        OpenRuns runs = new OpenRuns();
        this.registry = new Registry(state, moment, edition);
        this.offers = new Offers(state, moment);
        this.intake = new Intake(state, moment, hints, runs);
        this.attestations = new Attestations(state, moment, hints, runs);
        this.claims = new Claims(state, moment, hints);
        this.declarations = new Declarations(state, moment, runs);
        this.closing = new Closing(state, moment, edition, documents);
        this.motions = new Motions(state, moment, documents);
        this.notices = new Notices(state, moment);
        this.adjustments = new Adjustments(state);
    }

    /// @param index of the item in its transaction
    Item decide(int index, Read read) {
        return switch (read) {
            case Answered(var no) -> Item.unread(no);
            case Signed signed -> decide(index, signed);
        };
    }

    /// Says where the items will look for their markers, unless their answer comes before that.
    void foresee(List<Read> items) {
        state.foresee(items.stream()
                .flatMap(item -> item instanceof Signed signed ? Stream.of(signed.payload()) : Stream.empty())
                .filter(payload -> beforeMarker(payload).isEmpty())
                .map(payload -> Keys.markers(home(payload), payload.party().text(), payload.id(), Markers.SHORTEST))
                .distinct()
                .toList());
    }

    private Optional<No> beforeMarker(Payload payload) {
        Hash ledger = moment.net().ledger();
        if (!payload.ledger().equals(ledger)) {
            return Optional.of(No.form(Code.WRONG_LEDGER, Json.object().with("ledger", ledger.hex())));
        }
        return payload.id().day().plusDays(MARKER_DAYS).isAfter(moment.day())
                ? Optional.empty()
                : Optional.of(No.form(
                        Code.EXPIRED,
                        Json.object().with("until", payload.until().text())));
    }

    private static String home(Payload payload) {
        return payload.scope().map(scope -> scope.agreement().text()).orElse(Keys.REGISTRY);
    }

    private Item decide(int index, Signed signed) {
        Payload payload = signed.payload();
        Hash hash = signed.instruction();
        Optional<No> early = beforeMarker(payload);
        if (early.isPresent()) {
            return Item.unsigned(hash, early.get());
        }
        Markers.Place place = Markers.Place.of(
                key -> state.read(key, Markers.CODEC),
                home(payload),
                payload.party().text(),
                payload.id());
        if (place.marker().isPresent()) {
            Markers.Marker stored = place.marker().get();
            return stored.instruction().equals(hash)
                    ? Item.repeat(stored.verdict())
                    : Item.unsigned(
                            hash,
                            No.form(
                                    Code.ID_REUSED,
                                    Json.object()
                                            .with("hash", stored.instruction().hex())));
        }
        Optional<No> taken = taken(signed);
        if (taken.isPresent()) {
            return Item.unsigned(hash, taken.get());
        }
        return switch (signed.verify(moment.time(), this::key, registry::recovery, signatures)) {
            case Answered(var no) -> Item.unsigned(hash, no);
            case Verified verified -> conclude(index, place, verified);
        };
    }

    private Optional<KeyRecord> key(Kid kid) {
        return state.read(Keys.key(kid.owner().text(), kid.thumb()), KeyRecord.CODEC);
    }

    private Optional<No> taken(Signed signed) {
        if (signed.act() instanceof Act.Report report) {
            long last = source(signed.payload(), report.source().text())
                    .map(SourceHead::last)
                    .orElse(0L);
            if (report.first() <= last) {
                return Optional.of(No.form(Code.TAKEN, Json.object().with("last", last)));
            }
        }
        return Optional.empty();
    }

    private Optional<SourceHead> source(Payload payload, String source) {
        AgreementId agreement = payload.scope().orElseThrow().agreement();
        return state.read(Keys.source(agreement.text(), source), SourceHead.CODEC);
    }

    /// From a valid signature on every no but waiting is a verdict.
    private Item conclude(int index, Markers.Place place, Verified verified) {
        Payload payload = verified.payload();
        Answer answer = answer(index, verified);
        if (answer instanceof Answer.Denied(var no) && no.kind() != No.Kind.REFUSED) {
            state.forget();
            return Item.unsigned(verified.instruction(), no);
        }
        if (answer instanceof Answer.Denied) {
            state.forget();
        }
        String chain = Keys.chain(payload);
        boolean reported = answer instanceof Answer.Applied && verified.act() instanceof Act.Report;
        if (reported && answer instanceof Answer.Applied(var effects) && effects.size() == 1) {
            state.keep();
            return Item.reported(chain, effects.getFirst());
        }
        Json.Obj verdict = Item.verdict(answer, verified.instruction(), moment.time());
        if (!reported) {
            state.write(place.key(), Markers.CODEC, place.with(new Markers.Marker(verified.instruction(), verdict)));
        }
        state.keep();
        return Item.verdict(chain, verdict);
    }

    private Answer answer(int index, Verified verified) {
        Payload payload = verified.payload();
        Optional<Standing> standing = payload.scope().map(scope -> standing(scope.agreement()));
        return standing.flatMap(found -> stranger(payload, found))
                .or(() -> outsideWindow(payload))
                .or(() -> KeyScope.exceeded(verified))
                .map(Answer::denied)
                .orElseGet(() -> switch (verified.act()) {
                    case Act.RegisterRegistrar act -> registry.registerRegistrar(payload, act);
                    case Act.LogKey act -> registry.logKey(payload, act);
                    case Act.Enroll act -> registry.enroll(payload, act);
                    case Act.Rehost act -> registry.rehost(verified, act);
                    case Act.RecoverySet act -> registry.recoverySet(verified, act);
                    case Act.KeyAdd act -> keys(verified).add(act);
                    case Act.KeyRotate act -> keys(verified).rotate(act);
                    case Act.KeyRevoke act -> keys(verified).revoke(act);
                    case Act.KeyCompromised act -> keys(verified).compromised(act);
                    case Act.KeyRecover act -> keys(verified).recover(act);
                    case Act.TrialClock act -> registry.trialClock(act);
                    case Act.Other _ ->
                        Answer.denied(
                                No.refused(Code.NOT_SUPPORTED_YET, Json.object().with("what", "/act")));
                    case Act.Offer _,
                            Act.Counter _,
                            Act.Accept _,
                            Act.Decline _,
                            Act.Withdraw _,
                            Act.Amend _,
                            Act.Motion _,
                            Act.Vote _,
                            Act.Execute _,
                            Act.Notice _,
                            Act.Report _,
                            Act.Attest _,
                            Act.Contradict _,
                            Act.Declare _,
                            Act.TakeBack _,
                            Act.Seal _,
                            Act.Claim _,
                            Act.ClaimAnswer _,
                            Act.Close _,
                            Act.Adjust _ -> underAgreement(index, verified, standing.orElseThrow());
                });
    }

    private Optional<No> outsideWindow(Payload payload) {
        if (moment.time().isBefore(payload.from())) {
            return Optional.of(No.waiting(
                    Code.NOT_YET_VALID,
                    Json.object().with("from", payload.from().text())));
        }
        return moment.time().isBefore(payload.until())
                ? Optional.empty()
                : Optional.of(No.refused(
                        Code.EXPIRED,
                        Json.object().with("until", payload.until().text())));
    }

    /// How an agreement stands: its head, and the document that says who is bound.
    ///
    /// @param document the newest adopted version; before there is one, the last offer
    /// @param lapsed whether that offer has ended unadopted
    private record Standing(Optional<AgreementHead> head, Optional<Document> document, boolean lapsed) {}

    private Standing standing(AgreementId agreement) {
        Optional<AgreementHead> head = state.read(Keys.agreement(agreement.text()), AgreementHead.CODEC);
        if (head.isEmpty()) {
            return new Standing(head, Optional.empty(), false);
        }
        Hash version = head.get()
                .newest()
                .map(AgreementHead.Version::hash)
                .or(head.get()::offer)
                .orElseThrow();
        boolean lapsed = switch (head.get().stage()) {
            case LAPSED -> true;
            case OFFERED ->
                offer(agreement, version)
                        .filter(offer -> !moment.time().isBefore(offer.expires()))
                        .isPresent();
            case ACTIVE, PAUSED, CLOSED -> false;
        };
        return new Standing(head, Optional.of(document(agreement, version)), lapsed);
    }

    private Optional<OfferRecord> offer(AgreementId agreement, Hash version) {
        return state.read(Keys.offer(agreement.text(), version), OfferRecord.CODEC);
    }

    private Document document(AgreementId agreement, Hash version) {
        Bytes bytes = state.bytes(Keys.document(agreement.text(), version)).orElseThrow();
        return documents.parse(version, bytes);
    }

    /// Why the party has nothing to say here. It comes first, so that a stranger leaves no trace in the agreement.
    private Optional<No> stranger(Payload payload, Standing standing) {
        AgreementId agreement = payload.scope().orElseThrow().agreement();
        boolean opens = payload.kind() == ActKind.OFFER && (standing.head().isEmpty() || standing.lapsed());
        if (standing.head().isEmpty() && !opens) {
            return Optional.of(No.waiting(Code.AGREEMENT_UNKNOWN, Json.object().with("agreement", agreement.text())));
        }
        PartyId party = (PartyId) payload.party();
        boolean bound = opens
                ? agreement.offerer().equals(party)
                : standing.document().orElseThrow().binds(party) || isInvited(payload, party);
        return bound
                ? Optional.empty()
                : Optional.of(No.form(
                        Code.NOT_A_PARTY,
                        Json.object().with("party", payload.party().text())));
    }

    /// Whether a party accepts or declines an amendment by which it would enter.
    private boolean isInvited(Payload payload, PartyId party) {
        if (payload.kind() != ActKind.ACCEPT && payload.kind() != ActKind.DECLINE) {
            return false;
        }
        Payload.Scope scope = payload.scope().orElseThrow();
        return offer(scope.agreement(), scope.version())
                        .flatMap(OfferRecord::motion)
                        .isPresent()
                && document(scope.agreement(), scope.version()).binds(party);
    }

    private PartyKeys keys(Verified verified) {
        return new PartyKeys(state, moment, verified);
    }

    private Answer underAgreement(int index, Verified verified, Standing standing) {
        Payload payload = verified.payload();
        if (standing.head().isEmpty()) {
            return offers.offer(payload, (Act.Offer) verified.act(), verified.instruction());
        }
        AgreementHead head = standing.head().get();
        Optional<No> early = tooEarly(payload, verified.act(), head);
        if (early.isPresent()) {
            return Answer.denied(early.get());
        }
        return switch (head.stage()) {
            case OFFERED, LAPSED -> whileOffered(verified, head, standing);
            case ACTIVE, PAUSED, CLOSED ->
                inForce(
                        index,
                        verified,
                        new Engaged(payload, head, standing.document().orElseThrow()));
        };
    }

    /// No act may be earlier than its predecessor under the same head: that of its source, or the agreement's.
    private Optional<No> tooEarly(Payload payload, Act act, AgreementHead head) {
        Optional<LedgerTime> at = switch (act) {
            case Act.Report report -> source(payload, report.source().text()).map(SourceHead::at);
            case Act.Attest attest -> newest(payload, attest.proofs());
            case Act.Contradict contradict -> newest(payload, contradict.proofs());
            case Act.Declare declare -> source(payload, declare.source().text()).map(SourceHead::at);
            case Act.TakeBack takeBack ->
                source(payload, takeBack.source().text()).map(SourceHead::at);
            case Act.Seal seal -> source(payload, seal.source().text()).map(SourceHead::at);
            case Act.Vote vote -> lastOn(payload, head, vote.motion());
            case Act.Execute execute -> lastOn(payload, head, execute.motion());
            case Act.Withdraw withdraw
            when withdraw.motion().isPresent() ->
                lastOn(payload, head, withdraw.motion().get());
            case Act.Accept _, Act.Decline _, Act.Withdraw _ -> lastOnVersion(payload, head);
            default -> Optional.of(head.at());
        };
        return at.filter(moment.time()::isBefore)
                .map(time -> No.waiting(Code.TOO_EARLY, Json.object().with("time", time.text())));
    }

    /// When the last act came on a motion, or on the agreement.
    private Optional<LedgerTime> lastOn(Payload payload, AgreementHead head, Hash motion) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        return Stream.concat(
                        Stream.of(head.at()),
                        state.read(Keys.motion(agreement, motion), MotionRecord.CODEC).map(MotionRecord::at).stream())
                .max(Comparator.naturalOrder());
    }

    /// When the last act came on the motion that moves the version, if it is an amendment, or on the agreement.
    private Optional<LedgerTime> lastOnVersion(Payload payload, AgreementHead head) {
        Payload.Scope scope = payload.scope().orElseThrow();
        return offer(scope.agreement(), scope.version())
                .flatMap(OfferRecord::motion)
                .map(motion -> lastOn(payload, head, motion))
                .orElse(Optional.of(head.at()));
    }

    /// When the last act came on any source of these events.
    private Optional<LedgerTime> newest(Payload payload, List<Act.EventProof> proofs) {
        return proofs.stream()
                .map(proof -> proof.id().source().text())
                .distinct()
                .flatMap(id -> source(payload, id).stream())
                .map(SourceHead::at)
                .max(Comparator.naturalOrder());
    }

    private Answer whileOffered(Verified verified, AgreementHead head, Standing standing) {
        Payload payload = verified.payload();
        Document document = standing.document().orElseThrow();
        if (standing.lapsed()) {
            return switch (verified.act()) {
                case Act.Offer offer -> offers.offer(payload, offer, verified.instruction());
                case Act.Counter counter -> offerEnded(payload, counter.to());
                case Act.Accept _, Act.Decline _ -> offerEnded(payload);
                case Act.Withdraw withdraw when withdraw.motion().isEmpty() -> offerEnded(payload);
                default ->
                    Answer.denied(
                            No.refused(Code.AGREEMENT_LAPSED, Json.object().with("state", "lapsed")));
            };
        }
        return switch (verified.act()) {
            case Act.Offer _ -> known(payload);
            case Act.Counter counter -> offers.counter(payload, counter, document, verified.instruction());
            case Act.Accept accept -> offers.accept(payload, accept, head, document, verified.instruction());
            case Act.Decline _ -> offers.decline(payload, head, document);
            case Act.Withdraw withdraw when withdraw.motion().isEmpty() -> offers.withdraw(payload, head, document);
            default ->
                Answer.denied(No.waiting(
                        Code.AGREEMENT_OFFERED,
                        Json.object().with("state", head.stage().text())));
        };
    }

    private Answer offerEnded(Payload payload) {
        return offerEnded(payload, payload.scope().orElseThrow().version());
    }

    /// An offer that is not there yet may come; one that is there has ended.
    private Answer offerEnded(Payload payload, Hash version) {
        Json.Builder named = Json.object().with("version", version.hex());
        return Answer.denied(
                offer(payload.scope().orElseThrow().agreement(), version).isPresent()
                        ? No.refused(Code.OFFER_ENDED, named)
                        : No.waiting(Code.OFFER_UNKNOWN, named));
    }

    private static Answer known(Payload payload) {
        return Answer.denied(No.refused(
                Code.AGREEMENT_KNOWN,
                Json.object()
                        .with(
                                "agreement",
                                payload.scope().orElseThrow().agreement().text())));
    }

    private Answer inForce(int index, Verified verified, Engaged engaged) {
        Payload payload = verified.payload();
        AgreementHead head = engaged.head();
        Hash named = payload.scope().orElseThrow().version();
        if (verified.act() instanceof Act.Offer) {
            return known(payload);
        }
        if (head.stage() == Stage.CLOSED) {
            return Answer.denied(No.refused(
                    Code.AGREEMENT_CLOSED,
                    Json.object().with("state", head.stage().text())));
        }
        switch (verified.act()) {
            case Act.Counter counter -> {
                return offerEnded(payload, counter.to());
            }
            case Act.Accept _, Act.Decline _ -> {
                return onAmendment(engaged, verified);
            }
            case Act.Withdraw withdraw
            when withdraw.motion().isEmpty() -> {
                return onAmendment(engaged, verified);
            }
            case Act.Amend amend -> {
                return motions.amend(engaged, amend, verified);
            }
            default -> {}
        }
        if (!current(head, named)) {
            Hash newest = head.newest().orElseThrow().hash();
            return Answer.denied(No.refused(Code.VERSION_WRONG, Json.object().with("version", newest.hex())));
        }
        return switch (verified.act()) {
            case Act.Report report ->
                intake.report(engaged, report, head(engaged, report.source().text()), index);
            case Act.Declare declare ->
                declarations.declare(
                        engaged, declare, head(engaged, declare.source().text()), verified.instruction());
            case Act.Attest attest -> attestations.attest(engaged, attest, index);
            case Act.Contradict contradict -> attestations.contradict(engaged, contradict, index);
            case Act.TakeBack takeBack ->
                declarations.takeBack(
                        engaged, takeBack, head(engaged, takeBack.source().text()));
            case Act.Seal seal ->
                declarations.seal(engaged, seal, head(engaged, seal.source().text()), verified.instruction());
            case Act.Claim claim -> claims.claim(engaged, claim, verified.instruction());
            case Act.ClaimAnswer answer -> claims.answer(engaged, answer, index, verified.instruction());
            case Act.Close close -> closing.close(engaged, close);
            case Act.Motion motion -> motions.move(engaged, motion, verified);
            case Act.Vote vote -> motions.vote(engaged, vote, verified);
            case Act.Execute execute -> execute(engaged, execute);
            case Act.Withdraw withdraw ->
                motions.withdraw(engaged, withdraw.motion().orElseThrow());
            case Act.Notice notice -> notices.give(engaged, notice, verified.instruction());
            case Act.Adjust adjust -> adjustments.adjust(engaged, adjust, verified);
            default -> throw new IllegalStateException("decided before: " + payload.kind());
        };
    }

    private Answer execute(Engaged engaged, Act.Execute execute) {
        return engaged.document().isSide((PartyId) engaged.payload().party())
                ? motions.execute(engaged, execute)
                : Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
    }

    /// Accepts, declines or withdraws a version that is not the first: an amendment under way, or one that is over.
    private Answer onAmendment(Engaged engaged, Verified verified) {
        Payload payload = verified.payload();
        Payload.Scope scope = payload.scope().orElseThrow();
        Optional<OfferRecord> offer = offer(scope.agreement(), scope.version())
                .filter(found -> found.motion().isPresent() && found.ended().isEmpty());
        if (offer.isEmpty()) {
            return offerEnded(payload);
        }
        return switch (verified.act()) {
            case Act.Accept accept -> motions.accept(engaged, offer.get(), accept, verified);
            case Act.Decline _ -> motions.decline(engaged, offer.get(), verified);
            default -> motions.withdraw(engaged, offer.get().motion().get());
        };
    }

    /// The newest adopted version, or for a while the one before it.
    private boolean current(AgreementHead head, Hash named) {
        AgreementHead.Version newest = head.newest().orElseThrow();
        if (newest.hash().equals(named)) {
            return true;
        }
        int versions = head.versions().size();
        return versions > 1
                && head.versions().get(versions - 2).hash().equals(named)
                && moment.time().isBefore(newest.at().plus(OVERTAKEN));
    }

    /// The head of a source; one that the document does not name is answered before anything of it is looked at.
    private SourceHead head(Engaged engaged, String source) {
        return source(engaged.payload(), source)
                .orElseGet(() -> SourceHead.unused(engaged.document()
                        .source(source)
                        .map(Document.Source::first)
                        .orElse(engaged.document().opening())));
    }
}
