package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SignedTogether;
import org.tallystick.ledger.pack.CertificateKey;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The signatures of one transaction: its creator's, its endorsers' and those of its instructions, each looked at once.
///
/// Nothing but octets and keys is looked at here, so it can be done ahead of all that decides whether a key may sign.
final class TransactionSignatures implements Signatures {

    private final Crew crew;
    private final FutureTask<Boolean> creator;
    private final FutureTask<List<Boolean>> endorsers;
    private final Map<Kid, UnderOneKey> instructions = new HashMap<>();

    /// @param instructions of the transaction that could be read
    TransactionSignatures(Crew crew, KnownKeys keys, TransactionEnvelope transaction, List<Signed> instructions) {
        this.crew = crew;
        Optional<CertificateKey> creator = keys.of(transaction.creator());
        this.creator = crew.ahead(() -> holds(creator, Hash.sha256(transaction.payload()), transaction.signature()));
        List<Optional<CertificateKey>> endorsers = transaction.endorsements().stream()
                .map(one -> keys.of(one.by()))
                .toList();
        this.endorsers = crew.ahead(() -> {
            List<Bytes> endorsed = transaction.endorsed();
            List<Boolean> answers = new ArrayList<>();
            for (int i = 0; i < endorsers.size(); i++) {
                Bytes signature = transaction.endorsements().get(i).signature();
                answers.add(holds(endorsers.get(i), endorsed.get(i), signature));
            }
            return answers;
        });
        Map<Kid, List<Signed>> byKid = new HashMap<>();
        for (Signed signed : instructions) {
            keys.registeredBy(signed.act());
            signed.kids()
                    .forEach(kid ->
                            byKid.computeIfAbsent(kid, _ -> new ArrayList<>()).add(signed));
        }
        byKid.forEach((kid, all) -> keys.named(kid.thumb())
                .ifPresent(key -> this.instructions.put(kid, new UnderOneKey(crew, kid, key, all))));
    }

    /// @param hash of what was signed
    private static boolean holds(Optional<CertificateKey> key, Bytes hash, Bytes signature) {
        return key.map(found -> found.signed(hash, signature)).orElse(false);
    }

    /// Those of the instructions that one key signed.
    ///
    /// @param answers what is found of each instruction
    private record UnderOneKey(Key key, FutureTask<Map<Signed, Boolean>> answers) {

        UnderOneKey(Crew crew, Kid kid, Key key, List<Signed> all) {
            this(key, crew.ahead(() -> {
                SignedTogether together = new SignedTogether(List.copyOf(all));
                Map<Signed, Boolean> answers = new HashMap<>();
                all.forEach(signed ->
                        answers.put(signed, together.hold(signed, signed.kids().indexOf(kid), key)));
                return answers;
            }));
        }
    }

    /// Whether the creator signed the transaction.
    boolean ofCreator() {
        return crew.answer(creator);
    }

    /// Whether who is named in an endorsement made it.
    boolean ofEndorser(int index) {
        return crew.answer(endorsers).get(index);
    }

    @Override
    public boolean hold(Signed signed, int index, Key key) {
        return Optional.ofNullable(instructions.get(signed.kids().get(index)))
                .filter(group -> group.key().equals(key))
                .flatMap(group ->
                        Optional.ofNullable(crew.answer(group.answers()).get(signed)))
                .orElseGet(() -> signed.holds(index, key));
    }
}
