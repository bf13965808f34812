package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// `GET /v1/agreements/{member}/{name}/{label}/statements/{period}?party=`: one party's view of a settlement.
///
/// Of the balances the party sees its own (`carried`, `capital`), and those of the clauses that post to or from it.
final class GetStatement implements Responder {

    private static final List<String> BY_PARTY = List.of("carried", "capital");

    private final LedgerReading ledger;

    GetStatement(LedgerReading ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return ledger.ask(() -> {
            AgreementId id = Parameters.agreement(request);
            String period = Parameters.period(request);
            String party = Parameters.termsParty(request);
            Json.Obj settlement = ledger.settlement(id.text(), period);
            List<Json.Obj> postings = ledger.lines(id.text(), period, settlement.whole("count")).stream()
                    .map(Json.Obj.class::cast)
                    .filter(line ->
                            line.text("from").equals(party) || line.text("to").equals(party))
                    .toList();
            Optional<Json> payment = settlement.object("payments").find(party);
            if (payment.isEmpty() && postings.isEmpty()) {
                throw new Refusal(Problem.of(Trouble.PARTY_NOT_FOUND));
            }
            List<String> clauses =
                    postings.stream().map(line -> line.text("clause")).toList();
            return Answer.of(
                    200,
                    Json.object()
                            .with("agreement", id.text())
                            .with("balances", balances(settlement.object("balances"), party, clauses))
                            .with(
                                    "item",
                                    ledger.get(Keys.openItems(id.text(), period))
                                            .flatMap(items ->
                                                    items.object("items").find(party)))
                            .with("party", party)
                            .with("payment", payment)
                            .with("period", period)
                            .with("postings", Json.array(postings))
                            .with("settlement", Hash.of(settlement.canonical()).hex()));
        });
    }

    private static Json balances(Json.Obj all, String party, List<String> clauses) {
        TreeMap<String, Json> own = new TreeMap<>();
        for (Map.Entry<String, Json> group : all.members().entrySet()) {
            List<String> keys = BY_PARTY.contains(group.getKey()) ? List.of(party) : clauses;
            TreeMap<String, Json> values = new TreeMap<>(((Json.Obj) group.getValue()).members());
            values.keySet().retainAll(keys);
            if (!values.isEmpty()) {
                own.put(group.getKey(), new Json.Obj(values));
            }
        }
        return new Json.Obj(own);
    }
}
