package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementFilter;
import org.tallystick.ledger.client.AgreementSummary;
import org.tallystick.ledger.client.Agreements;

/// `GET /v1/agreements`: the agreements on this ledger, by id; with `party`, `state`, `from` or `to` only some of them,
/// each in a line.
///
/// Only so many are looked at for one answer: `next` says after which to go on.
final class ListAgreements implements Responder {

    private final Store store;
    private final LedgerReading ledger;

    ListAgreements(Store store, LedgerReading ledger) {
        this.store = store;
        this.ledger = ledger;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            String after = Parameters.query(request, "after").orElse("");
            if (!after.isEmpty() && AgreementId.parse(after).isEmpty()) {
                throw new Refusal(Problem.parameter("after"));
            }
            AgreementFilter filter = Parameters.filter(request);
            try {
                return filter.isAll()
                        ? Answer.of(
                                200,
                                Json.object()
                                        .with("agreements", Json.texts(store.agreements(after, HttpLimits.AGREEMENTS))))
                        : some(store.agreements(after, HttpLimits.LOOKED_AT), filter);
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    private Answer some(List<String> ids, AgreementFilter filter) throws LedgerException {
        LedgerTime now = ledger.now();
        List<AgreementSummary> taken = new ArrayList<>();
        for (String id : ids) {
            new Agreements(ledger)
                    .find(new AgreementId(id))
                    .map(view -> AgreementSummary.of(view, now))
                    .filter(filter::takes)
                    .ifPresent(taken::add);
        }
        Optional<String> next = ids.size() < HttpLimits.LOOKED_AT ? Optional.empty() : Optional.of(ids.getLast());
        return Answer.of(
                200,
                Json.object()
                        .with(
                                "agreements",
                                Json.texts(taken.stream()
                                        .map(one -> one.id().text())
                                        .toList()))
                        .withText("next", next)
                        .with(
                                "summaries",
                                Json.array(taken.stream()
                                        .map(AgreementSummary::encode)
                                        .toList())));
    }
}
