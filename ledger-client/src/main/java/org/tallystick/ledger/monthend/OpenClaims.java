package org.tallystick.ledger.monthend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.state.ClaimRecord;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Courier;

/// The claims of an agreement that the owner of their source has not answered.
final class OpenClaims {

    private OpenClaims() {}

    static List<Readiness.Claim> of(Courier courier, AgreementId id, Document document) throws LedgerException {
        List<Readiness.Claim> open = new ArrayList<>();
        for (Hash claim : courier.claims(id)) {
            Optional<ClaimRecord> record =
                    courier.get(Keys.claim(id.text(), claim)).map(ClaimRecord::decode);
            if (record.isPresent() && record.get().answer().isEmpty()) {
                String source = record.get().source();
                Document.Source of = document.source(source).orElseThrow();
                open.add(new Readiness.Claim(
                        claim,
                        source,
                        document.ledgerParty(of.owner()),
                        record.get().due()));
            }
        }
        return open;
    }
}
