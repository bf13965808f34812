package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementStory;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.StoryEntry;
import org.tallystick.ledger.client.StoryJson;

/// `GET /v1/agreements/{member}/{name}/{label}/motions`: the decisions that were moved, with the votes so far, what
/// each
/// needs and until when, and the notices that were given.
final class ListMotions implements Responder {

    private final LedgerReading ledger;
    private final Store store;

    ListMotions(LedgerReading ledger, Store store) {
        this.ledger = ledger;
        this.store = store;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementView view = ledger.agreement(Parameters.agreement(request));
            AgreementStory story = AgreementStory.of(ledger, moved(view), view, ledger.now());
            return Answer.of(
                    200,
                    Json.object().with("motions", StoryJson.motions(story)).with("notices", StoryJson.notices(story)));
        });
    }

    private List<StoryEntry> moved(AgreementView view) throws LedgerException, InterruptedException, Refusal {
        try {
            return store.moved(view.id().text());
        } catch (StoreException _) {
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        }
    }
}
