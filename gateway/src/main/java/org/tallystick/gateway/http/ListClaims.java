package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.Executor;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// `GET /v1/agreements/{member}/{name}/{label}/claims`: the claims that were made, answered or not, by their hashes.
final class ListClaims implements Responder {

    private final Store store;
    private final Executor threads;

    ListClaims(Store store, Executor threads) {
        this.store = store;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Waiting.on(threads, () -> {
            AgreementId id = Parameters.agreement(request);
            try {
                List<String> claims = store.claims(id.text()).stream()
                        .flatMap(answer -> answer.items("effects").stream())
                        .map(effect -> ((Json.Obj) effect).text("claim"))
                        .toList();
                return Answer.of(200, Json.object().with("claims", Json.texts(claims)));
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }
}
