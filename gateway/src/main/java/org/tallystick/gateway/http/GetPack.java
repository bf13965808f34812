package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.pack.PackBuilder;

/// `GET /v1/packs/{member}/{name}/{label}?period=&older=`: the audit pack of an agreement, in its final form
/// (`docs/spec/pack-1.md`).
final class GetPack implements Responder {

    private final LedgerReading ledger;
    private final Packs packs;

    GetPack(LedgerReading ledger, Packs packs) {
        this.ledger = ledger;
        this.packs = packs;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return packs.answer(request, () -> {
            AgreementId id = Parameters.agreement(request);
            Optional<String> period = Parameters.namedPeriod(request);
            Optional<PackBuilder.Older> older = Parameters.older(request);
            var _ = ledger.agreement(id);
            if (period.isPresent()) {
                var _ = ledger.settlement(id.text(), period.get());
            }
            return new Packs.Asked(
                    Answer.OCTETS,
                    older,
                    (peer, published, out) -> new PackBuilder(peer, id, period, Optional.of(published)).write(out));
        });
    }
}
