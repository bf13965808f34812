package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// `GET /v1/agreements/{member}/{name}/{label}/settlements/{period}`: the settlement of a period, with all its lines
/// and
/// the position of the verdict that settled it.
final class GetSettlement implements Responder {

    private final LedgerReading ledger;
    private final Store store;

    GetSettlement(LedgerReading ledger, Store store) {
        this.ledger = ledger;
        this.store = store;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementId id = Parameters.agreement(request);
            String period = Parameters.period(request);
            Json.Obj settlement = ledger.settlement(id.text(), period);
            List<Json> lines = ledger.lines(id.text(), period, settlement.whole("count"));
            return Answer.of(
                    200,
                    Json.object()
                            .with("hash", Hash.of(settlement.canonical()).hex())
                            .with("lines", Json.array(lines))
                            .with("position", position(id, period))
                            .with("settlement", settlement));
        });
    }

    private Optional<Json.Obj> position(AgreementId id, String period) throws InterruptedException, Refusal {
        try {
            return store.settledAt(id.text(), period).map(Position::toJson);
        } catch (StoreException _) {
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        }
    }
}
