package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.StoryJson;

/// `GET /v1/agreements/{member}/{name}/{label}`: the head of an agreement, where it stands now, and its newest
/// document,
/// also as the English text that its terms mean.
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
            AgreementView view = ledger.agreement(Parameters.agreement(request));
            Optional<AgreementView.VersionView> shown = view.shown();
            return Answer.of(
                    200,
                    StoryJson.standing(view, ledger.now())
                            .with("document", shown.map(AgreementView.VersionView::json))
                            .withText("text", shown.map(AgreementView.VersionView::rendered))
                            .withText(
                                    "version",
                                    shown.map(version -> version.hash().hex())));
        });
    }
}
