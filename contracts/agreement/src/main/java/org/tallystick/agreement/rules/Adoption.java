package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.answer.No;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.document.Governance.Decision;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.AgreementHead.Version;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.OfferRecord;

/// Makes an offered version the newest of its agreement.
final class Adoption {

    private final Overlay state;
    private final Moment moment;

    Adoption(Overlay state, Moment moment) {
        this.state = state;
        this.moment = moment;
    }

    /// @param decisions what kinds of change it is; of the first version none
    Answer adopt(String agreement, AgreementHead head, Document document, SortedSet<Decision> decisions) {
        Optional<Version> leaving = head.leaving();
        boolean pending = leaving.isPresent()
                && head.versions().stream()
                        .skip(1)
                        .noneMatch(version -> version.starts().compareTo(head.unsettled()) <= 0);
        if (pending) {
            return Answer.denied(
                    No.refused(Code.TOO_MANY_VERSIONS, Json.object().with("limit", AgreementHead.MAX_VERSIONS)));
        }
        leaving.ifPresent(version -> keep(agreement, head.page(), version));
        AgreementHead adopted = head.adopted(new Version(document.version(), moment.time(), document.starts()));
        AgreementHead after =
                decisions.contains(Decision.EXTEND) ? adopted.ending(Optional.empty(), moment.time()) : adopted;
        state.write(Keys.agreement(agreement), AgreementHead.CODEC, after);
        String offer = Keys.offer(agreement, document.version());
        state.write(
                offer,
                OfferRecord.CODEC,
                state.read(offer, OfferRecord.CODEC).orElseThrow().ended(OfferRecord.End.ADOPTED));
        Json.Builder version = Json.object()
                .with("kind", "version")
                .with("number", document.number())
                .with("starts", document.starts().text())
                .with("version", document.version().hex());
        return decisions.isEmpty()
                ? Answer.applied(
                        version,
                        Json.object()
                                .with("kind", "state")
                                .with("state", after.stage().text()))
                : Answer.applied(version);
    }

    /// Puts a version behind those that the head had no room for before.
    private void keep(String agreement, int page, Version version) {
        String key = Keys.versions(agreement, page);
        List<Json> versions = new ArrayList<>(
                state.read(key).map(found -> found.items("versions")).orElse(List.of()));
        versions.add(version.encode());
        state.write(key, Json.object().with("versions", Json.array(versions)).build());
    }
}
