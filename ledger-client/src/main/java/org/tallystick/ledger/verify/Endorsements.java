package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.pack.TrustFile;

/// Who stands behind a transaction: its creator signed it, and peers of enough members signed what it led to.
final class Endorsements {

    private final Findings findings;
    private final Optional<TrustFile> trust;
    private final Configuration configuration;

    Endorsements(Findings findings, Optional<TrustFile> trust, Configuration configuration) {
        this.findings = findings;
        this.trust = trust;
        this.configuration = configuration;
    }

    /// Checks one transaction and answers the members that endorsed it. An endorsement that does not hold only does not
    /// count, as on the ledger: else whoever carries a transaction could spoil every pack with it.
    SortedSet<String> check(
            TransactionEnvelope transaction, TransactionSignatures signatures, long block, Place place) {
        Authorities authorities = configuration.at(block);
        authorities
                .fault(transaction.creator(), transaction.time())
                .or(() -> forged(signatures.ofCreator(), transaction.creator()))
                .ifPresent(fault -> findings.fail(Check.OCCURRENCE_ENDORSED, place, "of the creator: " + fault));
        findings.same(
                Check.OCCURRENCE_ENDORSED,
                place,
                transaction.statedProposal().hex(),
                transaction.proposal().hex(),
                "what was endorsed is another proposal");
        TreeSet<String> members = new TreeSet<>();
        List<String> faults = new ArrayList<>();
        List<TransactionEnvelope.Endorsed> endorsements = transaction.endorsements();
        for (int i = 0; i < endorsements.size(); i++) {
            TransactionEnvelope.Endorsed one = endorsements.get(i);
            boolean signed = signatures.ofEndorser(i);
            Optional<String> fault = authorities
                    .fault(one.by(), transaction.time())
                    .or(() -> forged(signed, one.by()))
                    .or(() -> authorities.isPeer(one.by())
                            ? Optional.empty()
                            : Optional.of("the certificate of " + one.by().member() + " is not a peer's"));
            if (fault.isPresent()) {
                faults.add("of endorsement " + i + ": " + fault.get());
            } else {
                members.add(one.by().member());
            }
        }
        long need = trust.map(file -> file.needAt(block))
                .orElse(authorities.members().size() / 2 + 1L);
        if (members.size() < need) {
            findings.fail(
                    Check.OCCURRENCE_ENDORSED,
                    place,
                    Json.texts(members),
                    Json.whole(need),
                    members.size() + " members endorsed it, " + need + " are needed; " + String.join("; ", faults));
        }
        return members;
    }

    private static Optional<String> forged(boolean signed, TransactionEnvelope.Identity by) {
        return signed
                ? Optional.empty()
                : Optional.of("the signature is not that of the certificate of " + by.member());
    }
}
