package org.tallystick.agreement.rules;

import java.time.Duration;
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
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OfferRecord;

/// Offers and their acceptance: a version is adopted once everybody who must has accepted it.
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
        Bytes canonical = act.document().canonical();
        Hash version = Hash.of(canonical);
        if (!version.equals(payload.scope().orElseThrow().version())) {
            return Answer.denied(No.refused(Code.VERSION_WRONG, Json.object().with("version", version.hex())));
        }
        boolean expiresWell = moment.time().isBefore(act.expires())
                && !payload.from().plus(LONGEST_OFFER).isBefore(act.expires());
        if (!expiresWell) {
            return Answer.denied(No.refused(Code.EXPIRES_WRONG));
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
            case DocumentReading.Accepted(var document) -> offer(payload, act, document, canonical, instruction);
        };
    }

    /// Codes without places: places are for who shows them, and are found again by the same checks.
    private static No refused(List<DocumentReading.Fault> findings) {
        List<String> codes = findings.stream()
                .map(DocumentReading.Fault::code)
                .distinct()
                .sorted()
                .toList();
        return No.refused(Code.DOCUMENT_REFUSED, Json.object().with("codes", Json.texts(codes)));
    }

    private Answer offer(Payload payload, Act.Offer act, Document document, Bytes canonical, Hash instruction) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        if (!document.id().text().equals(agreement)) {
            return Answer.denied(refused(List.of(new DocumentReading.Fault("id_wrong", "/id"))));
        }
        PartyId offerer = (PartyId) payload.party();
        if (!document.parties().containsValue(offerer)) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "side")));
        }
        TreeMap<String, Hash> accepted = new TreeMap<>();
        accepted.put(offerer.text(), instruction);
        OfferRecord offer = new OfferRecord(moment.time(), offerer.text(), act.expires(), accepted, Optional.empty());
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

    /// Records an acceptance; the last one adopts the version.
    ///
    /// @param head of an agreement that is offered and not lapsed
    Answer accept(Payload payload, Act.Accept act, AgreementHead head, Document document, Hash instruction) {
        String agreement = payload.scope().orElseThrow().agreement().text();
        Hash version = document.version();
        Json.Builder named = Json.object().with("version", version.hex());
        if (!payload.scope().orElseThrow().version().equals(version)) {
            return Answer.denied(No.waiting(
                    Code.OFFER_UNKNOWN,
                    Json.object()
                            .with(
                                    "version",
                                    payload.scope().orElseThrow().version().hex())));
        }
        String party = payload.party().text();
        List<PartyId> needed = document.mustAcceptFirst();
        if (needed.stream().noneMatch(one -> one.text().equals(party))) {
            return Answer.denied(No.refused(Code.NOT_ALLOWED, Json.object().with("role", "acceptor")));
        }
        OfferRecord before =
                state.read(Keys.offer(agreement, version), OfferRecord.CODEC).orElseThrow();
        if (before.accepted().containsKey(party)) {
            return Answer.denied(No.refused(Code.ALREADY_ACCEPTED, named));
        }
        Hash rendered = Hash.of(Bytes.ofUtf8(document.terms().rendered()));
        if (act.text().filter(text -> !text.equals(rendered)).isPresent()) {
            return Answer.denied(No.refused(Code.TEXT_WRONG, Json.object().with("text", rendered.hex())));
        }
        OfferRecord offer = before.acceptedBy(party, instruction);
        long missing = needed.stream()
                .filter(one -> !offer.accepted().containsKey(one.text()))
                .count();
        if (missing > 0) {
            state.write(Keys.offer(agreement, version), OfferRecord.CODEC, offer);
            state.write(Keys.agreement(agreement), AgreementHead.CODEC, head.touched(moment.time()));
            return Answer.applied();
        }
        state.write(Keys.offer(agreement, version), OfferRecord.CODEC, offer.adopted());
        AgreementHead adopted = head.adopted(new AgreementHead.Version(version, moment.time(), document.starts()));
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, adopted);
        return Answer.applied(
                Json.object()
                        .with("kind", "version")
                        .with("number", document.number())
                        .with("starts", document.starts().text())
                        .with("version", version.hex()),
                Json.object()
                        .with("kind", "state")
                        .with("state", adopted.stage().text()));
    }
}
