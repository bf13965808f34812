package org.tallystick.acceptance.bench;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Net;

/// Members and parties of a benchmark, all in this process: their keys, and what they sign.
final class LifeParties {

    private static final Duration BEFORE = Duration.ofMinutes(1);
    private static final Duration WINDOW = Duration.ofDays(1);
    /// Instructions whose ids have times that far apart have markers in different keys, so that one owner can
    /// send many at once.
    private static final Duration APART = Duration.ofSeconds(34);

    private static final int ENTROPY = 10;

    private final SecureRandom random = new SecureRandom();
    private final TreeMap<String, SigningKey> keys = new TreeMap<>();
    private Net net;

    /// @param net the ledger's, for its id and its time
    LifeParties(Net net) {
        this.net = net;
    }

    /// The same keys; what is made and forgotten there is not known here.
    LifeParties others() {
        LifeParties others = new LifeParties(net);
        others.keys.putAll(keys);
        return others;
    }

    /// Its key is not needed any more.
    void forget(String name) {
        keys.remove(name);
    }

    /// The clock of the trial was moved.
    void at(Net moved) {
        net = moved;
    }

    Net net() {
        return net;
    }

    LedgerTime now() {
        return net.time(new LedgerTime(Instant.now().getEpochSecond()));
    }

    /// A key by its name: `east/shop` for the first one of that party, `east/shop 2` for another.
    SigningKey key(String name) {
        return keys.computeIfAbsent(name, _ -> SigningKey.generate(Algorithm.ES256, random));
    }

    String thumb(String name) {
        return key(name).key().thumb();
    }

    /// An act about members and parties.
    ///
    /// @param place among those that are sent at once
    /// @param signers names of their keys
    Signed registry(int place, String owner, Act act, String... signers) {
        return signed(place, owner, Optional.empty(), act, signers);
    }

    /// An act under an agreement.
    Signed under(int place, String agreement, Hash version, String party, Act act, String... signers) {
        return signed(place, party, Optional.of(Payload.Scope.of(new AgreementId(agreement), version)), act, signers);
    }

    private Signed signed(int place, String owner, Optional<Payload.Scope> scope, Act act, String... signers) {
        LedgerTime now = now();
        byte[] entropy = new byte[ENTROPY];
        random.nextBytes(entropy);
        LedgerTime made = now.plus(APART.multipliedBy(place).negated());
        Payload payload = Payload.of(
                net.ledger(),
                Owner.parse(owner).orElseThrow(),
                Ulid.of(made.seconds() * 1000, Bytes.copyOf(entropy)),
                now.plus(BEFORE.negated()),
                now.plus(WINDOW),
                scope,
                act);
        List<Envelope.Hand> hands = Arrays.stream(signers)
                .map(name -> new Envelope.Hand(
                        Owner.parse(name.replaceFirst(" .*", "")).orElseThrow(), key(name)))
                .toList();
        if (Signed.read(Envelope.sign(payload, hands)) instanceof Signed signed) {
            return signed;
        }
        throw new IllegalStateException("our own envelope is misformed");
    }
}
