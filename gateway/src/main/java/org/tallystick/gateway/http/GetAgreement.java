package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;

/// `GET /v1/agreements/{member}/{name}/{label}`: the head of an agreement and its newest document, also as the English
/// text that its terms mean.
///
/// The newest document is that of the newest adopted version; before one was adopted, that of the last offer.
final class GetAgreement implements Responder {

    private final LedgerReading ledger;

    GetAgreement(LedgerReading ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementId id = Parameters.agreement(request);
            Json.Obj head = ledger.get(Keys.agreement(id.text()))
                    .orElseThrow(() -> new Refusal(Problem.of(Trouble.AGREEMENT_NOT_FOUND)));
            AgreementHead read = AgreementHead.decode(head);
            Optional<Hash> version =
                    read.newest().map(AgreementHead.Version::hash).or(read::offer);
            Optional<Json.Obj> document =
                    version.isEmpty() ? Optional.empty() : ledger.get(Keys.document(id.text(), version.get()));
            return Answer.of(
                    200,
                    Json.object()
                            .with("agreement", id.text())
                            .with("document", document)
                            .with("head", head)
                            .withText("text", document.flatMap(GetAgreement::rendered))
                            .withText("version", version.map(Hash::hex)));
        });
    }

    private static Optional<String> rendered(Json.Obj document) {
        return DocumentReader.read(document) instanceof DocumentReading.Accepted(var accepted)
                ? Optional.of(accepted.terms().rendered())
                : Optional.empty();
    }
}
