package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.LedgerCourier;

/// The profile whose orderers need not trust each other.
@Tag("long")
@ExtendWith(FabricFound.class)
final class BftTest {

    /// Its orderers wait 20 s for a leader that says nothing, before they choose another.
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(500);

    @Test
    @Timeout(480)
    void one_orderer_of_four_may_die_and_even_the_one_that_leads(@TempDir Path temporary) throws Exception {
        Binaries binaries = Binaries.find(System.getenv()).orElseThrow();
        try (TrialNetwork trial = TrialNetwork.start(temporary, "bft", binaries, _ -> {})) {
            LocalNetwork network = trial.network();
            Orderer leader = leader(network);
            List<Orderer> followers = network.topology().orderers().stream()
                    .filter(orderer -> !orderer.equals(leader))
                    .toList();

            network.kill(List.of(followers.getFirst()));
            assertThat(registered(network, network.topology().memberOf(leader).name()))
                    .isInstanceOf(Answer.Applied.class);
            trial.restart();

            network.kill(List.of(leader));
            assertThat(registered(
                            network,
                            network.topology().memberOf(followers.getFirst()).name()))
                    .isInstanceOf(Answer.Applied.class);
            assertThat(leader(network)).isNotEqualTo(leader);
        }
    }

    private static Orderer leader(LocalNetwork network) throws Exception {
        return network.status().nodes().stream()
                .filter(NodeStatus::leads)
                .map(status -> (Orderer) status.node())
                .findFirst()
                .orElseThrow();
    }

    /// A member's registrar registers its key: the same instruction again, until it is answered.
    private static Answer registered(LocalNetwork network, String member) throws Exception {
        Instant end = Instant.now().plus(LONGEST);
        try (Ledger ledger = network.connect(member, MemberKeys.REGISTRAR)) {
            Signed registration = registration(ledger.id(), new MemberId(member));
            while (true) {
                try {
                    return new LedgerCourier(ledger)
                            .send(List.of(registration), ATTEMPT)
                            .getFirst()
                            .answer();
                } catch (LedgerException e) {
                    if (!e.mayRepeat() || Instant.now().isAfter(end)) {
                        throw e;
                    }
                }
                Thread.sleep(AGAIN);
            }
        }
    }

    private static Signed registration(Hash ledger, MemberId member) {
        SigningKey key =
                SigningKey.generate(Algorithm.ED25519, new Random(member.text().hashCode()));
        Act act = new Act.RegisterRegistrar(
                key.key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        LedgerTime now = new LedgerTime(System.currentTimeMillis() / 1000);
        Payload payload = Payload.of(
                ledger,
                member,
                Ulid.of(now.seconds() * 1000, Bytes.copyOf(new byte[10])),
                now,
                now.plus(Duration.ofDays(1)),
                Optional.empty(),
                act);
        return (Signed) Signed.read(Envelope.sign(payload, new Envelope.Hand(member, key)));
    }
}
