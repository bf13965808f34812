package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.client.StoryJson;

/// `GET /v1/agreements/{member}/{name}/{label}/story?after=`: who offered, accepted, moved, voted, gave notice, closed,
/// and what came of it, in the order of the ledger, as far as its blocks were followed here.
final class GetStory implements Responder {

    private final LedgerReading ledger;
    private final Store store;

    GetStory(LedgerReading ledger, Store store) {
        this.ledger = ledger;
        this.store = store;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementId id = Parameters.agreement(request);
            try {
                return Answer.of(
                        200,
                        Json.object()
                                .with(
                                        "story",
                                        StoryJson.entries(
                                                store.story(id.text(), Parameters.after(request), HttpLimits.STORY))));
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }
}
