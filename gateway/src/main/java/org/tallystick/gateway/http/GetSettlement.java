package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;

/// `GET /v1/agreements/{member}/{name}/{label}/settlements/{period}`: the settlement of a period, with all its lines.
final class GetSettlement implements Responder {

    private final LedgerReading ledger;

    GetSettlement(LedgerReading ledger) {
        this.ledger = ledger;
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
                            .with("settlement", settlement));
        });
    }
}
