package org.tallystick.agreement.rules;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OfferRecord;

/// Offers of a first version, counter-offers, and what becomes of them: a version is adopted once everybody who must
/// has
/// accepted it.
final class Offers {

    private static final Duration LONGEST_OFFER = Duration.ofDays(90);

    private final Overlay state;
    private final Moment moment;

    Offers(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    /// Opens an agreement that is not there yet, or whose last offer lapsed.
    Answer offer(Payload payload, Act.Offer act, Hash instruction) {
        return open(payload, new Opened(act.document(), act.expires(), Optional.empty()), instruction);
    }

    /// Answers the open offer with another, which takes its place.
    ///
    /// @param offered the document of the open offer
    Answer counter(Payload payload, Act.Counter act, Document offered, Hash instruction) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        Optional<No> gone = gone(agreement, act.to(), offered);
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        if (!offered.isSide((PartyId) payload.party())) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        if (payload.scope().orElseThrow().version().equals(act.to())) {
            return Answer.denied(No.refused(
                    Code.SAME_OFFER, Json.object().with("version", act.to().hex())));
        }
        return open(payload, new Opened(act.document(), act.expires(), Optional.of(act.to())), instruction);
    }

    /// What is offered.
    ///
    /// @param to the version that it answers
    private record Opened(Json.Obj document, LedgerTime expires, Optional<Hash> to) {}

    private Answer open(Payload payload, Opened act, Hash instruction) {
        Bytes canonical = act.document().canonical();
        Hash version = Hash.of(canonical);
        if (!version.equals(payload.scope().orElseThrow().version())) {
            return Answer.denied(No.refused(Code.VERSION_WRONG, Json.object().with("version", version.hex())));
        }
        boolean expiresWell = moment.time().isBefore(act.expires())
                && !payload.from().plus(LONGEST_OFFER).isBefore(act.expires());
        if (!expiresWell) {
            return Answer.denied(No.refused(
                    Code.EXPIRES_WRONG,
                    Json.object()
                            .with("latest", payload.from().plus(LONGEST_OFFER).text())));
        }
        Optional<DocumentReading.Fault> misformed = DocumentReader.formFault(act.document());
        if (misformed.isPresent()) {
            return Answer.denied(refused(List.of(misformed.get())));
        }
        if (act.document().whole("number") != 1 || act.document().has("supersedes")) {
            return Answer.denied(No.refused(Code.NOT_FIRST_OFFER));
        }
        return switch (DocumentReader.read(act.document())) {
            case DocumentReading.Refused(var findings) -> Answer.denied(refused(findings));
            case DocumentReading.NotSupportedYet(var what) ->
                Answer.denied(No.refused(Code.NOT_SUPPORTED_YET, Json.object().with("what", what)));
            case DocumentReading.Accepted(var document) -> open(payload, act, document, canonical, instruction);
        };
    }

    /// Codes without places: places are for who shows them, and are found again by the same checks.
    static No refused(List<DocumentReading.Fault> findings) {
        List<String> codes = findings.stream()
                .map(DocumentReading.Fault::code)
                .distinct()
                .sorted()
                .toList();
        return No.refused(Code.DOCUMENT_REFUSED, Json.object().with("codes", Json.texts(codes)));
    }

    private Answer open(Payload payload, Opened act, Document document, Bytes canonical, Hash instruction) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        if (!document.id().text().equals(agreement)) {
            return Answer.denied(refused(List.of(new DocumentReading.Fault("id_wrong", "/id"))));
        }
        PartyId offerer = (PartyId) payload.party();
        if (!document.isSide(offerer)) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        TreeMap<String, Hash> accepted = new TreeMap<>();
        accepted.put(offerer.text(), instruction);
        OfferRecord offer = new OfferRecord(
                moment.time(), offerer.text(), act.expires(), accepted, Optional.empty(), Optional.empty(), act.to());
        act.to().ifPresent(to -> end(agreement, to, OfferRecord.End.COUNTERED));
        state.writeBytes(Keys.document(agreement, document.version()), canonical);
        state.write(Keys.offer(agreement, document.version()), OfferRecord.CODEC, offer);
        state.write(
                Keys.agreement(agreement),
                AgreementHead.CODEC,
                AgreementHead.offered(document.version(), document.opening(), moment.time()));
        return Answer.applied(Json.object()
                .with("kind", "offer")
                .with("version", document.version().hex()));
    }

    private OfferRecord record(String agreement, Hash version) {
        return state.read(Keys.offer(agreement, version), OfferRecord.CODEC).orElseThrow();
    }

    private void end(String agreement, Hash version, OfferRecord.End how) {
        state.write(
                Keys.offer(agreement, version),
                OfferRecord.CODEC,
                record(agreement, version).ended(how));
    }

    /// Why a version is not the open offer: it ended, or it is not there yet.
    private Optional<No> gone(String agreement, Hash version, Document offered) {
        if (version.equals(offered.version())) {
            return Optional.empty();
        }
        Json.Builder named = Json.object().with("version", version.hex());
        return Optional.of(
                state.read(Keys.offer(agreement, version)).isPresent()
                        ? No.refused(Code.OFFER_ENDED, named)
                        : No.waiting(Code.OFFER_UNKNOWN, named));
    }

    private static boolean mustAccept(Document document, Payload payload) {
        return document.mustAcceptFirst().stream().anyMatch(payload.party()::equals);
    }

    private static Answer notAllowed(String role) {
        return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", role)));
    }

    /// The English that was signed is another than that of the document.
    static Optional<No> otherText(Document document, Optional<Hash> text) {
        Hash rendered = Hash.of(Bytes.ofUtf8(document.terms().rendered()));
        return text.filter(read -> !read.equals(rendered))
                .map(_ -> No.refused(Code.TEXT_WRONG, Json.object().with("text", rendered.hex())));
    }

    /// Records an acceptance; the last one adopts the version.
    ///
    /// @param head of an agreement that is offered and not lapsed
    Answer accept(Payload payload, Act.Accept act, AgreementHead head, Document document, Hash instruction) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        Optional<No> gone = gone(agreement, payload.scope().orElseThrow().version(), document);
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        if (!mustAccept(document, payload)) {
            return notAllowed("acceptor");
        }
        String party = payload.party().text();
        OfferRecord before = record(agreement, document.version());
        if (before.accepted().containsKey(party)) {
            return Answer.denied(No.refused(
                    Code.ALREADY_ACCEPTED,
                    Json.object().with("version", document.version().hex())));
        }
        Optional<No> otherText = otherText(document, act.text());
        if (otherText.isPresent()) {
            return Answer.denied(otherText.get());
        }
        OfferRecord offer = before.acceptedBy(party, instruction);
        state.write(Keys.offer(agreement, document.version()), OfferRecord.CODEC, offer);
        boolean all = document.mustAcceptFirst().stream()
                .allMatch(one -> offer.accepted().containsKey(one.text()));
        if (all) {
            return new Adoption(state, moment).adopt(agreement, head, document, Collections.emptySortedSet());
        }
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, head.touched(moment.time()));
        return Answer.applied();
    }

    /// Ends the open offer.
    Answer decline(Payload payload, AgreementHead head, Document document) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        Optional<No> gone = gone(agreement, payload.scope().orElseThrow().version(), document);
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        return mustAccept(document, payload)
                ? lapse(agreement, head, document, OfferRecord.End.DECLINED)
                : notAllowed("acceptor");
    }

    /// Takes the offer back, or one's acceptance of it.
    Answer withdraw(Payload payload, AgreementHead head, Document document) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        Optional<No> gone = gone(agreement, payload.scope().orElseThrow().version(), document);
        if (gone.isPresent()) {
            return Answer.denied(gone.get());
        }
        String party = payload.party().text();
        OfferRecord offer = record(agreement, document.version());
        if (offer.by().equals(party)) {
            return lapse(agreement, head, document, OfferRecord.End.WITHDRAWN);
        }
        if (!offer.accepted().containsKey(party)) {
            return Answer.denied(No.refused(Code.NOT_YOURS, Json.object().with("by", offer.by())));
        }
        state.write(Keys.offer(agreement, document.version()), OfferRecord.CODEC, offer.takenBackBy(party));
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, head.touched(moment.time()));
        return Answer.applied();
    }

    private Answer lapse(String agreement, AgreementHead head, Document document, OfferRecord.End how) {
        end(agreement, document.version(), how);
        AgreementHead lapsed = head.lapsed(moment.time());
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, lapsed);
        return Answer.applied(
                Json.object().with("kind", "state").with("state", lapsed.stage().text()));
    }
}
