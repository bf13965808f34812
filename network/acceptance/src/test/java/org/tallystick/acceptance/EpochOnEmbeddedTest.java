package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.acceptance.stock.DatedCall;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.embedded.tally.TallyLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// The epoch on the embedded ledger: one that began two hours ago, and what was endorsed in it.
@Tag("slow")
class EpochOnEmbeddedTest {

    private static final List<String> MEMBERS = List.of("north", "east", "west");
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private volatile Duration behind = Duration.ofHours(2);

    @TempDir
    private Path folder;

    private Path own(String member) {
        return folder.resolve("members").resolve(member);
    }

    private Ledger connect(EmbeddedLedger ledger, String member) throws Exception {
        return FabricLedger.over(
                ledger.channel(member), MemberIdentity.read(member, own(member), "admin"), "tallystick", "tallystick");
    }

    /// Begins the ledger with a proposal of two hours ago.
    private void begin(EmbeddedLedger ledger, Hash id) throws Exception {
        var init = new Ledger.Call("init", List.of(Bytes.ofUtf8(id.hex()), Bytes.ofUtf8("false")));
        var dated = new DatedCall("tallystick", "tallystick", init, behind.negated());
        assertThat(dated.commit(ledger.channel("north"), "north", own("north"), "admin"))
                .isEqualTo("VALID");
    }

    private static Bytes registrar(Hash ledger, String member) {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, new Random(member.hashCode()));
        LedgerTime now = new LedgerTime(System.currentTimeMillis() / 1000);
        Act act = new Act.RegisterRegistrar(
                key.key(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        MemberId owner = new MemberId(member);
        Payload payload = Payload.of(
                ledger,
                owner,
                Ulid.of(now.seconds() * 1000, Bytes.copyOf(new byte[10])),
                now,
                now.plus(Duration.ofDays(1)),
                Optional.empty(),
                act);
        return Envelope.sign(payload, new Envelope.Hand(owner, key));
    }

    private static String commit(Ledger ledger, Ledger.Endorsed endorsed) throws LedgerException {
        ledger.broadcast(endorsed);
        return ledger.await(endorsed.transaction(), LONGEST).code();
    }

    @Test
    void an_envelope_endorsed_in_the_epoch_before_cannot_commit() throws Exception {
        var settings = EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(TallyLedger.chaincode(false)))
                .withClock(() -> Instant.now().minus(behind));
        try (var embedded = EmbeddedLedger.start(settings)) {
            Hash id = genesisId(embedded);
            begin(embedded, id);
            behind = Duration.ZERO;
            try (Ledger north = connect(embedded, "north");
                    Ledger east = connect(embedded, "east")) {
                var submit = new Ledger.Call("submit", List.of(registrar(id, "north"), Bytes.ofUtf8("{\"hints\":[]}")));
                var advance = new Ledger.Call("advance-epoch", List.of());
                Ledger.Endorsed kept = north.endorse(submit);
                Ledger.Endorsed first = north.endorse(advance);
                Ledger.Endorsed second = east.endorse(advance);

                assertThat(commit(north, first)).isEqualTo("VALID");

                assertThat(commit(east, second)).isEqualTo("MVCC_READ_CONFLICT");
                assertThat(commit(north, kept)).isEqualTo("MVCC_READ_CONFLICT");
                assertThat(north.net().epoch()).isEqualTo(2);
                assertThat(commit(north, north.endorse(submit))).isEqualTo("VALID");
                assertThatThrownBy(() -> east.endorse(advance)).hasMessageContaining("epoch_young");
            }
        }
    }

    private Hash genesisId(EmbeddedLedger embedded) throws Exception {
        Duration before = behind;
        behind = Duration.ZERO;
        try (Ledger north = connect(embedded, "north")) {
            return north.id();
        } finally {
            behind = before;
        }
    }
}
