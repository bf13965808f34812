package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Net;

/// `GET /v1/net`: which ledger this is, as its key `net` says, and its time.
final class GetNet implements Responder {

    private final LedgerReading ledger;
    private final String member;

    GetNet(LedgerReading ledger, String member) {
        this.ledger = ledger;
        this.member = member;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(ledger::net).map(this::answer);
    }

    private Answer answer(Net net) {
        LedgerTime now = net.time(new LedgerTime(System.currentTimeMillis() / 1000));
        Json.Builder body = Json.object().with("member", member).with("time", now.text());
        net.encode().members().forEach((name, value) -> {
            if (!name.equals(Answer.TRIAL)) {
                Json.Builder _ = body.with(name, value);
            }
        });
        return Answer.of(200, body);
    }
}
