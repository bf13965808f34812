package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Executor;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// `GET /v1/agreements`: the agreements on this ledger, by id.
final class ListAgreements implements Responder {

    private final Store store;
    private final Executor threads;

    ListAgreements(Store store, Executor threads) {
        this.store = store;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Waiting.on(threads, () -> {
            String after = Parameters.query(request, "after").orElse("");
            if (!after.isEmpty() && AgreementId.parse(after).isEmpty()) {
                throw new Refusal(Problem.parameter("after"));
            }
            try {
                return Answer.of(
                        200,
                        Json.object().with("agreements", Json.texts(store.agreements(after, HttpLimits.AGREEMENTS))));
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }
}
