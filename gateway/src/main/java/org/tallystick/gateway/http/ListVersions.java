package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.StoryJson;

/// `GET /v1/agreements/{member}/{name}/{label}/versions`: all versions that were adopted, oldest first.
final class ListVersions implements Responder {

    private final LedgerReading ledger;

    ListVersions(LedgerReading ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementView view = ledger.agreement(Parameters.agreement(request));
            return Answer.of(
                    200, Json.object().with("versions", StoryJson.versions(new Agreements(ledger).adopted(view))));
        });
    }
}
