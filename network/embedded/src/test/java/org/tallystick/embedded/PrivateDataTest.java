package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.tallystick.embedded.FabricConformance.assertRefused;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Proposal;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.gateway.PreparedTransaction;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Private data collections as the stock client sees them on Fabric 3.1.5: who keeps what, who must endorse, which
/// words an error has. The chaincode's own refusals are swallowed by the shim, so their words are in [SimulatorTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivateDataTest {
    private static final String ACME = "AcmeMSP";
    private static final String BLUE = "BlueMSP";
    private static final String CORAL = "CoralMSP";
    private static final List<String> MEMBERS = List.of(ACME, BLUE, CORAL);

    /// Of two, endorsed by both.
    private static final String HOME = "home";
    /// Of two, without endorsers of its own.
    private static final String SHARED = "shared";
    /// Of two; whoever asks may write and read.
    private static final String OPEN = "open";
    /// More peers must hold it than there are.
    private static final String STRICT = "strict";

    private EmbeddedLedger ledger;
    private Client acme;
    private Client blue;
    private Client coral;

    static ChaincodeDefinition definition() {
        List<String> two = List.of(ACME, BLUE);
        return new ChaincodeDefinition(
                VaultChaincode.NAME,
                "1",
                _ -> new VaultChaincode(),
                List.of(
                        new CollectionDefinition(HOME, two, 1, 1, 0, true, true, Optional.of(Endorsers.eachOf(two))),
                        new CollectionDefinition(SHARED, two, 0, 1, 0, true, true, Optional.empty()),
                        new CollectionDefinition(
                                OPEN, two, 0, 1, 0, false, false, Optional.of(new Endorsers(1, MEMBERS))),
                        new CollectionDefinition(STRICT, two, 2, 2, 0, true, true, Optional.empty())));
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        ledger = EmbeddedLedger.start(EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(definition())));
        acme = Client.inProcess(ledger, ACME);
        blue = Client.inProcess(ledger, BLUE);
        coral = Client.inProcess(ledger, CORAL);
    }

    @AfterAll
    void close() {
        ledger.close();
    }

    private static Proposal.Builder proposal(Client client, String function, String... arguments) {
        return client.network()
                .getContract(VaultChaincode.NAME)
                .newProposal(function)
                .addArguments(arguments);
    }

    private static Transaction keeping(Client client, String function, String value, String... arguments)
            throws EndorseException {
        return proposal(client, function, arguments)
                .putTransient("value", value)
                .build()
                .endorse();
    }

    private static void keep(Client client, String collection, String key, String value) throws Exception {
        byte[] _ = keeping(client, "keep", value, collection, key).submit();
    }

    private static String ask(Client client, String function, String... arguments) throws GatewayException {
        return Client.text(proposal(client, function, arguments).build().evaluate());
    }

    private static long endorsements(Transaction transaction) throws Exception {
        var envelope = PreparedTransaction.parseFrom(transaction.getBytes()).getEnvelope();
        return Endorsed.of(envelope).getEndorsementsCount();
    }

    @Test
    void the_members_of_a_collection_read_what_was_kept_and_nobody_else_does() throws Exception {
        keep(acme, HOME, "k", "a secret of two");

        assertThat(ask(acme, "show", HOME, "k")).isEqualTo("a secret of two");
        assertThat(ask(blue, "show", HOME, "k")).isEqualTo("a secret of two");
        assertThatThrownBy(() -> ask(coral, "show", HOME, "k")).isInstanceOf(GatewayException.class);
    }

    @Test
    void everybody_has_the_hash_of_what_was_kept() throws Exception {
        keep(acme, HOME, "hashed", "a secret of two");

        byte[] hash = proposal(coral, "hash", HOME, "hashed").build().evaluate();

        assertThat(ByteString.copyFrom(hash)).isEqualTo(Sha256.of(ByteString.copyFromUtf8("a secret of two")));
        assertThat(ask(coral, "hash", HOME, "absent")).isEmpty();
    }

    @Test
    void no_block_holds_a_private_value_or_its_key() throws Exception {
        keep(acme, HOME, "the very secret key", "the very secret value");

        for (long number = 0; number < ledger.height(); number++) {
            String block = block(number).toByteString().toString(StandardCharsets.ISO_8859_1);
            assertThat(block).doesNotContain("the very secret value");
        }
        Transaction unnamed = keeping(acme, "keep", "x", HOME, "k2");
        assertThat(new String(unnamed.getResult(), StandardCharsets.UTF_8)).isEmpty();
    }

    private Block block(long number) throws Exception {
        return Block.parseFrom(acme.network()
                .getContract("qscc")
                .evaluateTransaction("GetBlockByNumber", "tallystick", Long.toString(number)));
    }

    @Test
    void a_collection_with_endorsers_of_its_own_needs_them_and_not_the_chaincode_s() throws Exception {
        Transaction both = keeping(acme, "keep", "1", HOME, "own endorsers");

        byte[] _ = both.submit();

        assertThat(endorsements(both)).isEqualTo(2);
        for (List<String> wrong : List.of(List.of(ACME), List.of(ACME, CORAL), List.of(BLUE, CORAL))) {
            Transaction chosen = proposal(acme, "keep", HOME, "own endorsers")
                    .putTransient("value", "2")
                    .setEndorsingOrganizations(wrong.toArray(String[]::new))
                    .build()
                    .endorse();
            var e = catchThrowableOfType(CommitException.class, chosen::submit);
            assertThat(e.getCode()).as("%s", wrong).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        }
        assertThat(ask(acme, "show", HOME, "own endorsers")).isEqualTo("1");
    }

    @Test
    void one_endorser_is_enough_where_the_collection_says_so() throws Exception {
        Transaction one = keeping(acme, "keep", "1", OPEN, "one");

        byte[] _ = one.submit();

        assertThat(endorsements(one)).isEqualTo(1);
        assertThat(ask(blue, "show", OPEN, "one")).isEqualTo("1");
    }

    @Test
    void a_public_key_beside_it_needs_the_chaincode_s_endorsers_too() throws Exception {
        Transaction chosen = proposal(acme, "keep and publish", OPEN, "beside", "published", "1")
                .putTransient("value", "1")
                .setEndorsingOrganizations(ACME)
                .build()
                .endorse();

        var e = catchThrowableOfType(CommitException.class, chosen::submit);

        assertThat(e.getCode()).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
        byte[] _ = keeping(acme, "keep and publish", "1", OPEN, "beside", "published", "1")
                .submit();
        assertThat(ask(coral, "public", "", "published")).isEqualTo("1");
    }

    @Test
    void a_collection_without_endorsers_of_its_own_takes_the_chaincode_s_among_its_members() throws Exception {
        Transaction transaction = keeping(blue, "keep", "1", SHARED, "majority");

        byte[] _ = transaction.submit();

        assertThat(endorsements(transaction)).isEqualTo(2);
        assertThat(ask(acme, "show", SHARED, "majority")).isEqualTo("1");
    }

    @Test
    void each_member_has_a_collection_of_its_own_without_a_definition() throws Exception {
        String own = "_implicit_org_" + ACME;
        Transaction alone = keeping(acme, "keep", "for acme", own, "k");

        byte[] _ = alone.submit();

        assertThat(endorsements(alone)).isEqualTo(1);
        assertThat(ask(acme, "show", own, "k")).isEqualTo("for acme");
        var atBlue =
                proposal(blue, "show", own, "k").setEndorsingOrganizations(BLUE).build();
        assertThatThrownBy(atBlue::evaluate).isInstanceOf(GatewayException.class);
        assertThat(ask(blue, "hash", own, "k")).isNotEmpty();
        Transaction foreign = proposal(blue, "keep", own, "k")
                .putTransient("value", "from blue")
                .setEndorsingOrganizations(BLUE)
                .build()
                .endorse();
        assertThat(catchThrowableOfType(CommitException.class, foreign::submit).getCode())
                .isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    }

    @Test
    void clients_of_others_neither_read_nor_write_where_only_members_may() throws Exception {
        assertThatThrownBy(() -> keeping(coral, "keep", "1", HOME, "k")).isInstanceOf(EndorseException.class);
        var reading = proposal(coral, "show", HOME, "k")
                .setEndorsingOrganizations(ACME)
                .build();
        assertThatThrownBy(reading::evaluate).isInstanceOf(GatewayException.class);

        Transaction blind = proposal(coral, "keep", OPEN, "blind")
                .putTransient("value", "from coral")
                .setEndorsingOrganizations(CORAL)
                .build()
                .endorse();
        byte[] _ = blind.submit();
        assertThat(ask(acme, "show", OPEN, "blind")).isEqualTo("from coral");
    }

    @Test
    void transient_data_do_not_go_to_a_peer_outside_the_collection_unasked() throws Exception {
        String own = "_implicit_org_" + ACME;

        var e = catchThrowableOfType(
                EndorseException.class, () -> keeping(acme, "keep and publish", "1", own, "k", "p", "1"));

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(e.getStatus().getDescription())
                .isEqualTo("requires endorsement from organisation(s) that are not in the distribution policy of the"
                        + " private data collection(s): [_implicit_org_AcmeMSP]; retry specifying trusted endorsing"
                        + " organizations to protect transient data");
        Transaction trusting = proposal(acme, "keep and publish", own, "k", "p", "1")
                .putTransient("value", "1")
                .setEndorsingOrganizations(ACME, BLUE)
                .build()
                .endorse();
        byte[] _ = trusting.submit();
    }

    @Test
    void a_reading_that_too_few_members_can_repeat_is_not_endorsed() {
        String own = "_implicit_org_" + ACME;

        var e = catchThrowableOfType(
                EndorseException.class,
                () -> proposal(acme, "read and publish", own, "k", "p").build().endorse());

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(e.getStatus().getDescription())
                .isEqualTo("no combination of peers can be derived which satisfy the endorsement policy: no peer"
                        + " combination can satisfy the endorsement policy");
    }

    @Test
    void the_home_peer_does_not_endorse_for_a_collection_that_needs_others() throws Exception {
        Transaction transaction = keeping(acme, "keep", "for blue", "_implicit_org_" + BLUE, "k");

        byte[] _ = transaction.submit();

        assertThat(endorsements(transaction)).isEqualTo(1);
        assertThat(ask(blue, "show", "_implicit_org_" + BLUE, "k")).isEqualTo("for blue");
    }

    @Test
    void of_two_changes_on_one_private_reading_the_second_is_a_conflict() throws Exception {
        Transaction first = keeping(acme, "add", "a", HOME, "hot");
        Transaction second = keeping(blue, "add", "b", HOME, "hot");

        byte[] _ = first.submit();
        var e = catchThrowableOfType(CommitException.class, second::submit);

        assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
        assertThat(ask(blue, "show", HOME, "hot")).isEqualTo("a");
    }

    @Test
    void whoever_read_a_hash_conflicts_with_a_new_value() throws Exception {
        keep(acme, HOME, "watched", "1");
        Transaction copying =
                proposal(coral, "copy hash", HOME, "watched", "copied").build().endorse();

        keep(acme, HOME, "watched", "2");
        var e = catchThrowableOfType(CommitException.class, copying::submit);

        assertThat(e.getCode()).isEqualTo(TxValidationCode.MVCC_READ_CONFLICT);
        assertThat(ask(acme, "public", "", "copied")).isEmpty();
    }

    @Test
    void a_dropped_value_is_gone_with_its_hash() throws Exception {
        keep(acme, HOME, "dropped", "1");

        byte[] _ = proposal(acme, "drop", HOME, "dropped").build().endorse().submit();

        assertThat(ask(blue, "show", HOME, "dropped")).isEmpty();
        assertThat(ask(coral, "hash", HOME, "dropped")).isEmpty();
    }

    @Test
    void an_evaluate_keeps_nothing() throws Exception {
        byte[] _ = proposal(acme, "keep", HOME, "evaluated")
                .putTransient("value", "1")
                .build()
                .evaluate();

        assertThat(ask(acme, "show", HOME, "evaluated")).isEmpty();
    }

    @Test
    void an_undefined_collection_is_neither_read_nor_written() {
        assertThatThrownBy(() -> ask(acme, "show", "nowhere", "k")).isInstanceOf(GatewayException.class);
        assertThatThrownBy(() -> keep(acme, "nowhere", "k", "1")).isInstanceOf(EndorseException.class);
    }

    @Test
    void a_collection_that_too_few_peers_can_hold_is_not_endorsed() {
        var e = catchThrowableOfType(EndorseException.class, () -> keep(acme, STRICT, "k", "1"));

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(e.getDetails().getFirst().getMessage())
                .startsWith("error in simulation: failed to distribute private collection, txID ")
                .endsWith(", channel tallystick: could not build private data dissemination plan for chaincode vault"
                        + " and collection strict: required to disseminate to at least 2 peers, but know of only 1"
                        + " eligible peers");
    }

    @Test
    void a_definition_that_cannot_be_is_refused_with_its_values() {
        List<String> two = List.of(ACME, BLUE);
        assertThatThrownBy(() -> new CollectionDefinition("c", two, 0, 0, 9, true, true, Optional.empty()))
                .hasMessage("collection-name: c -- blockToLive (9) must be 0: this ledger keeps private data for ever");
        assertThatThrownBy(() -> new CollectionDefinition("c", two, 2, 1, 0, true, true, Optional.empty()))
                .hasMessage(
                        "collection-name: c -- maximum peer count (1) cannot be less than the required peer count (2)");
        assertThatThrownBy(() -> new CollectionDefinition("c", two, -1, 1, 0, true, true, Optional.empty()))
                .hasMessage("collection-name: c -- requiredPeerCount (-1) cannot be less than zero");
        assertThatThrownBy(() -> new CollectionDefinition("c", List.of(), 0, 1, 0, true, true, Optional.empty()))
                .hasMessageContaining("its members must be named");
        assertThatThrownBy(() -> new Endorsers(3, two)).hasMessage("3 of [AcmeMSP, BlueMSP] cannot endorse");
        assertThatThrownBy(() -> vault(new CollectionDefinition("_c", two, 0, 1, 0, true, true, Optional.empty())))
                .hasMessageStartingWith("invalid collection name '_c'");
        var one = new CollectionDefinition("c", two, 0, 1, 0, true, true, Optional.empty());
        assertThatThrownBy(() -> vault(one, one)).hasMessageContaining("each defined once, not [c, c]");
        assertThatThrownBy(
                        () -> EmbeddedLedger.Settings.of(Path.of("unused"), List.of(ACME, CORAL), List.of(vault(one))))
                .hasMessage("collection-name: c -- collection member 'BlueMSP' is not part of the channel");
    }

    private static ChaincodeDefinition vault(CollectionDefinition... collections) {
        return new ChaincodeDefinition(VaultChaincode.NAME, "1", _ -> new VaultChaincode(), List.of(collections));
    }

    @Test
    void the_home_peer_says_no_before_anybody_else_is_asked() {
        assertRefused(
                () -> keeping(acme, "no such function", "1", HOME, "k"),
                Status.Code.ABORTED,
                "failed to endorse transaction, see attached details for more info");
    }
}
