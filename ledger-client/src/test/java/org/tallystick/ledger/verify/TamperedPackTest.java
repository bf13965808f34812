package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.ChaincodeEndorsedAction;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Packs that were changed after the fact, with every checksum computed anew: each is refuted by the check that is
/// meant
/// to, at the place.
final class TamperedPackTest {

    private static final long SEED = 11;
    private static final TestStory STORY = TestStory.long_(SEED, false);
    private static final TestPack PACK = TestPack.of(STORY.pack());
    private static final TrustFile TRUST = STORY.ledger.network.trust(STORY.ledger.id());
    private static final TestNetwork STRANGERS = new TestNetwork(SEED + 1, "east", "north", "west");

    private static Report verify(TestPack pack) {
        return VerifierTest.verify(pack.bytes(), Optional.of(TRUST));
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Bytes replaced(Bytes bytes, String from, String to) {
        String text = text(bytes);
        if (!text.contains(from) || from.length() != to.length()) {
            throw new IllegalArgumentException("no " + from);
        }
        return Bytes.copyOf(text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    /// The endorsed action of a transaction, changed; the creator signs again.
    private static Bytes endorsed(
            Bytes envelope, TestNetwork.Credential creator, UnaryOperator<ChaincodeEndorsedAction> change) {
        try {
            Payload payload =
                    Payload.parseFrom(Envelope.parseFrom(envelope.toArray()).getPayload());
            Transaction transaction = Transaction.parseFrom(payload.getData());
            var action = transaction.getActions(0);
            var inner = ChaincodeActionPayload.parseFrom(action.getPayload());
            inner = inner.toBuilder().setAction(change.apply(inner.getAction())).build();
            transaction = transaction.toBuilder()
                    .setActions(0, action.toBuilder().setPayload(inner.toByteString()))
                    .build();
            ByteString changed = payload.toBuilder()
                    .setData(transaction.toByteString())
                    .build()
                    .toByteString();
            return Bytes.copyOf(Envelope.newBuilder()
                    .setPayload(changed)
                    .setSignature(creator.sign(changed))
                    .build()
                    .toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestNetwork.Credential admin() {
        return STORY.ledger.network.member("north").admin();
    }

    /// The transaction whose bytes hold this text, from the end.
    private static String holding(String text) {
        return PACK.names.stream()
                .filter(name -> name.startsWith("tx/"))
                .filter(name -> text(PACK.get(name)).contains(text))
                .reduce("", (_, name) -> name);
    }

    private static Arguments change(String title, Check check, String place, Function<TestPack, TestPack> change) {
        return Arguments.of(title, check, place, change);
    }

    private static ChaincodeEndorsedAction forged(ChaincodeEndorsedAction action, boolean high) {
        TestNetwork.Credential peer = STORY.ledger.network.member("east").peer();
        ByteString signed = action.getProposalResponsePayload().concat(peer.serialized());
        return action.toBuilder()
                .setEndorsements(
                        0,
                        action.getEndorsements(0).toBuilder()
                                .setSignature(
                                        high
                                                ? peer.sign(signed, false)
                                                : peer.sign(signed.concat(ByteString.copyFromUtf8("x")))))
                .build();
    }

    private static String settlement() {
        return "settlements/2026-01";
    }

    static Stream<Arguments> changes() {
        String close = PACK.lastTransaction();
        String report = holding("/0000000004");
        String first = PACK.transaction(0);
        return Stream.of(
                change(
                        "an event in an envelope",
                        Check.OCCURRENCE_ENDORSED,
                        report,
                        pack -> pack.with(report, replaced(pack.get(report), "2026-01-31", "2026-01-30"))),
                change("a transaction left out", Check.CUTOFF_TIME, "", pack -> pack.without(report)),
                change(
                        "two transactions in each other's place",
                        Check.CUTOFF_TIME,
                        "",
                        pack -> pack.with(report, pack.get(close)).with(close, pack.get(report))),
                change(
                        "a forged endorsement",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(close, endorsed(pack.get(close), admin(), action -> forged(action, false)))),
                change(
                        "an endorsement with the greater s",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(close, endorsed(pack.get(close), admin(), action -> forged(action, true)))),
                change(
                        "an endorsement too few",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(
                                close,
                                endorsed(
                                        pack.get(close),
                                        admin(),
                                        action -> action.toBuilder()
                                                .removeEndorsements(1)
                                                .build()))),
                change(
                        "the same member twice",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(
                                close,
                                endorsed(
                                        pack.get(close),
                                        admin(),
                                        action -> action.toBuilder()
                                                .setEndorsements(1, action.getEndorsements(0))
                                                .build()))),
                change(
                        "endorsed by clients, not peers",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(
                                close,
                                endorsed(
                                        pack.get(close),
                                        admin(),
                                        action -> action.toBuilder()
                                                .setEndorsements(
                                                        0,
                                                        TestLedger.endorsement(
                                                                STORY.ledger
                                                                        .network
                                                                        .member("east")
                                                                        .client(),
                                                                action.getProposalResponsePayload()))
                                                .build()))),
                change(
                        "endorsed under a foreign authority",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(
                                close,
                                endorsed(
                                        pack.get(close),
                                        admin(),
                                        action -> action.toBuilder()
                                                .setEndorsements(
                                                        0,
                                                        TestLedger.endorsement(
                                                                STRANGERS
                                                                        .member("east")
                                                                        .peer(),
                                                                action.getProposalResponsePayload()))
                                                .build()))),
                change(
                        "a settlement line",
                        Check.ACCURACY_SETTLED,
                        settlement(),
                        pack -> pack.with(
                                settlement(), replaced(pack.get(settlement()), "\"amount\":201", "\"amount\":202"))),
                change(
                        "a settlement left out",
                        Check.ACCURACY_SETTLED,
                        settlement(),
                        pack -> pack.without(settlement())),
                change(
                        "a settlement of a period that is not settled",
                        Check.ACCURACY_SETTLED,
                        "settlements/2026-03",
                        pack -> pack.renamed(pack.find("settlements/2026-02"), "settlements/2026-03")),
                change(
                        "the height",
                        Check.PACK_CONTAINER,
                        "pack.json, /height",
                        pack -> pack.cover(json -> json.replace("\"height\":22", "\"height\":23"))),
                change(
                        "the time it was made",
                        Check.PACK_CONTAINER,
                        "pack.json, /made",
                        pack -> pack.cover(json -> json.replace("\"made\":\"2026", "\"made\":\"2027"))),
                change(
                        "whether it is a trial",
                        Check.PACK_TRIAL,
                        "pack.json, /trial",
                        pack -> pack.cover(json -> json.replace("\"trial\":false", "\"trial\":true"))),
                change(
                        "the ledger id",
                        Check.PACK_LEDGER,
                        "pack.json, /ledger",
                        pack -> pack.cover(
                                json -> json.replace(STORY.ledger.id().hex(), Hash.ZERO.hex()))),
                change(
                        "the count of a chain",
                        Check.COMPLETENESS_CHAINS,
                        "pack.json, /chains",
                        pack -> pack.cover(json -> json.replaceFirst("\"count\":[0-9]", "\"count\":7"))),
                change(
                        "a chain left out",
                        Check.COMPLETENESS_CHAINS,
                        "pack.json, /chains",
                        pack -> pack.cover(json -> json.replaceFirst(
                                "\\{\"chain\":\"pty/north/vendor\",[^}]*\\}",
                                "{\"chain\":\"pty/north/vendos\",\"count\":0}"))),
                change(
                        "no genesis block",
                        Check.PACK_LEDGER,
                        "config/0000000000",
                        pack -> pack.without("config/0000000000")),
                change(
                        "another genesis block",
                        Check.PACK_TRUST,
                        "config/0000000000",
                        pack -> pack.with(
                                "config/0000000000",
                                new TestLedger(STRANGERS).genesis().bytes())),
                change("no init", Check.PACK_LEDGER, "pack.json", pack -> pack.without(first)),
                change(
                        "a position in another block",
                        Check.COMPLETENESS_CHAINS,
                        "pack.json, /chains",
                        pack -> pack.renamed(pack.find(close), "tx/0000000022-000001")),
                change(
                        "bytes that are no transaction",
                        Check.OCCURRENCE_ENDORSED,
                        close,
                        pack -> pack.with(close, Bytes.ofUtf8("hello"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("changes")
    void a_change_is_refuted_at_its_place(
            String title, Check check, String place, Function<TestPack, TestPack> change) {
        Report report = verify(change.apply(PACK));

        assertThat(report.outcome()).as(title).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(report.findings())
                .as(String.join("\n", report.lines(title)))
                .anyMatch(finding -> finding.result() == Result.FAIL
                        && finding.check() == check
                        && finding.place().map(Place::toString).orElse("").startsWith(place));
    }

    @Test
    void without_a_trust_file_nothing_is_better_than_could_not_check() {
        Report report = VerifierTest.verify(PACK.bytes(), Optional.empty());

        assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
        assertThat(report.lines("pack")).contains("trust root: NOT CHECKED");
    }

    @Test
    void a_trust_file_of_another_ledger_or_other_authorities_refutes() {
        TrustFile otherLedger = new TrustFile(Hash.ZERO, TRUST.members(), Optional.empty(), Json.Obj.EMPTY);
        TrustFile otherAuthorities = STRANGERS.trust(STORY.ledger.id());

        for (TrustFile trust : List.of(otherLedger, otherAuthorities)) {
            Report report = VerifierTest.verify(PACK.bytes(), Optional.of(trust));

            assertThat(report.outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
            assertThat(report.findings())
                    .anyMatch(finding -> finding.check() == Check.PACK_TRUST && finding.result() == Result.FAIL);
        }
    }

    @Test
    void an_auditor_may_ask_for_more_members_than_a_majority() {
        TrustFile all = new TrustFile(TRUST.ledger(), TRUST.members(), Optional.of(3L), Json.Obj.EMPTY);

        Report report = VerifierTest.verify(PACK.bytes(), Optional.of(all));

        assertThat(report.outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
    }

    @Test
    void a_pack_up_to_a_period_holds_and_ends_there() {
        TestPack period = TestPack.of(STORY.pack(Optional.of("2026-01")));

        Report report = verify(period);
        Report overlong = verify(PACK.cover(json -> json.replace("\"kind\":\"history\"", "\"kind\":\"period\"")
                .replace("\"private\"", "\"period\":\"2026-01\",\"private\"")));

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("period")))
                .isEqualTo(Outcome.HOLDS);
        assertThat(period.names).doesNotContain("settlements/2026-02");
        assertThat(overlong.findings())
                .anyMatch(finding -> finding.check() == Check.COMPLETENESS_PERIODS && finding.result() == Result.FAIL);
    }

    @Test
    void the_same_ledger_gives_the_same_pack() {
        assertThat(STORY.pack()).isEqualTo(STORY.pack());
    }

    @Test
    void the_pack_holds_nothing_of_other_parties() {
        assertThat(PACK.names.stream().filter(name -> name.startsWith("tx/")))
                .noneMatch(name -> text(PACK.get(name)).contains("east/other"));
        assertThat(PACK.cover().items("chains").stream().map(chain -> ((Json.Obj) chain).text("chain")))
                .containsExactly("agr/north/vendor/channel", "pty/east/shop", "pty/north/vendor", "reg");
    }
}
