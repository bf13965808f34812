package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions;

/// `GET /v1/state?key=&key=`: values of the ledger by the names of their keys, as the peer has them.
final class GetState implements Responder {

    /// The longest name has two parties, an agreement's label and an id or a hash.
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_:/-]{0,299}");

    private final LedgerReading ledger;

    GetState(LedgerReading ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            List<String> keys = Parameters.all(request, "key");
            boolean good = !keys.isEmpty()
                    && keys.size() <= Transactions.MAX_KEYS
                    && keys.stream().allMatch(key -> KEY.matcher(key).matches());
            if (!good) {
                throw new Refusal(Problem.parameter("key"));
            }
            return Answer.of(200, Json.object().with("values", new Json.Obj(new TreeMap<>(ledger.get(keys)))));
        });
    }
}
