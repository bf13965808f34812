package org.tallystick.ledger.monthend;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Claimed;
import org.tallystick.ledger.client.Courier;

/// The claims of an agreement that the owner of their source has not answered.
final class OpenClaims {

    private OpenClaims() {}

    static List<Readiness.Claim> of(Courier courier, AgreementId id, Document document) throws LedgerException {
        List<Readiness.Claim> open = new ArrayList<>();
        for (Claimed claim : Claimed.under(courier, id)) {
            if (claim.record().answer().isEmpty()) {
                String source = claim.record().source();
                Document.Source of = document.source(source).orElseThrow();
                open.add(new Readiness.Claim(
                        claim.hash(),
                        source,
                        document.ledgerParty(of.owner()),
                        claim.record().due()));
            }
        }
        return open;
    }
}
