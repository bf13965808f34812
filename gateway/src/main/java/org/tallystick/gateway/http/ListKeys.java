package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// `GET /v1/parties/{member}/{name}/keys`: the keys that a party has or had, by the names of their records.
final class ListKeys implements Responder {

    private final Store store;
    private final Executor threads;

    ListKeys(Store store, Executor threads) {
        this.store = store;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Waiting.on(threads, () -> {
            Owner owner = Parameters.owner(request);
            TreeSet<String> keys = new TreeSet<>();
            try {
                for (Json.Obj answer : store.keyActs(owner.text())) {
                    for (Json item : answer.items("effects")) {
                        Json.Obj effect = (Json.Obj) item;
                        if (effect.text("kind").equals("key")) {
                            keys.add(effect.text("owner") + "#" + effect.text("thumb"));
                        }
                    }
                }
                return Answer.of(200, Json.object().with("keys", Json.texts(List.copyOf(keys))));
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }
}
