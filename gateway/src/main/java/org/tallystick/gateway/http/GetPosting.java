package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.PostingProof;

/// `GET /v1/packs/{member}/{name}/{label}/postings/{period}/{posting}`: the proof of one posting
/// (`docs/spec/pack-1.md` section 8.1).
final class GetPosting implements Responder {

    private final LedgerReading ledger;
    private final Packs packs;

    GetPosting(LedgerReading ledger, Packs packs) {
        this.ledger = ledger;
        this.packs = packs;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return packs.answer(request, () -> {
            AgreementId id = Parameters.agreement(request);
            String period = Parameters.period(request);
            int posting = Parameters.posting(request);
            Json.Obj settlement = ledger.settlement(id.text(), period);
            if (posting > settlement.whole("count")) {
                throw new Refusal(Problem.of(Trouble.POSTING_NOT_FOUND));
            }
            return new Packs.Asked(
                    Answer.TEXT,
                    Optional.empty(),
                    (peer, published, out) -> out.write(PostingProof.make(peer, id, period, posting, published)
                            .octets()
                            .toArray()));
        });
    }
}
