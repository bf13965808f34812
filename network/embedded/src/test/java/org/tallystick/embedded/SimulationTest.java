package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionHashedReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.CollectionPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxPvtReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.HashedRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVReadHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWriteHash;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.Version;
import org.junit.jupiter.api.Test;

/// What a simulation makes of private data: the bytes that members sign, written out by hand, and Fabric's errors.
class SimulatorTest {
    private static final String ACME = "AcmeMSP";
    private static final String CORAL = "CoralMSP";
    private static final Version WRITTEN =
            Version.newBuilder().setBlockNum(3).setTxNum(1).build();

    private final DefinedChaincode vault =
            DefinedChaincode.of("tallystick", PrivateDataTest.definition(), List.of(ACME, "BlueMSP", CORAL));
    private final WorldState state = new WorldState();

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static ByteString hash(String text) {
        return Sha256.of(utf8(text));
    }

    /// A value that Acme keeps and whose hash everybody has.
    private void written(String key, String value) {
        state.apply(
                3,
                List.of(
                        new WorldState.Write(
                                new WorldState.Key.Hashed("vault", "home", hash(key)), Optional.of(hash(value)), 1),
                        new WorldState.Write(
                                new WorldState.Key.Private(ACME, "vault", "home", utf8(key)),
                                Optional.of(utf8(value)),
                                1)));
    }

    private Simulation at(String member, String client) {
        return new Simulation(state.snapshot(), member, client, vault);
    }

    @Test
    void private_reads_and_writes_are_hashed_in_the_order_of_their_names() throws Exception {
        written("a", "1");
        var simulation = at(ACME, ACME);

        assertThat(simulation.getPrivate("home", utf8("a"))).isEqualTo(utf8("1"));
        assertThat(simulation.getPrivate("home", utf8("absent"))).isEmpty();
        simulation.putPrivate("home", utf8("z"), utf8("2"));
        simulation.putPrivate("home", utf8("a"), utf8("3"));
        simulation.deletePrivate("home", utf8("m"));
        SimulationResults results = simulation.results();

        ByteString values = KVRWSet.newBuilder()
                .addWrites(KVWrite.newBuilder().setKey("a").setValue(utf8("3")))
                .addWrites(KVWrite.newBuilder().setKey("m").setIsDelete(true))
                .addWrites(KVWrite.newBuilder().setKey("z").setValue(utf8("2")))
                .build()
                .toByteString();
        var hashed = HashedRWSet.newBuilder()
                .addHashedReads(KVReadHash.newBuilder().setKeyHash(hash("a")).setVersion(WRITTEN))
                .addHashedReads(KVReadHash.newBuilder().setKeyHash(hash("absent")))
                .addHashedWrites(KVWriteHash.newBuilder().setKeyHash(hash("a")).setValueHash(hash("3")))
                .addHashedWrites(KVWriteHash.newBuilder().setKeyHash(hash("m")).setIsDelete(true))
                .addHashedWrites(KVWriteHash.newBuilder().setKeyHash(hash("z")).setValueHash(hash("2")))
                .build();
        assertThat(results.readWriteSet())
                .isEqualTo(TxReadWriteSet.newBuilder()
                        .addNsRwset(definitionReads())
                        .addNsRwset(NsReadWriteSet.newBuilder()
                                .setNamespace("vault")
                                .addCollectionHashedRwset(CollectionHashedReadWriteSet.newBuilder()
                                        .setCollectionName("home")
                                        .setHashedRwset(hashed.toByteString())
                                        .setPvtRwsetHash(Sha256.of(values))))
                        .build()
                        .toByteString());
        assertThat(results.privateData())
                .contains(TxPvtReadWriteSet.newBuilder()
                        .addNsPvtRwset(NsPvtReadWriteSet.newBuilder()
                                .setNamespace("vault")
                                .addCollectionPvtRwset(CollectionPvtReadWriteSet.newBuilder()
                                        .setCollectionName("home")
                                        .setRwset(values)))
                        .build());
    }

    /// Whoever touches a collection reads the chaincode's whole definition.
    private static NsReadWriteSet definitionReads() {
        var reads = KVRWSet.newBuilder();
        for (String key : List.of(
                "namespaces/fields/vault/Collections",
                "namespaces/fields/vault/EndorsementInfo",
                "namespaces/fields/vault/Sequence",
                "namespaces/fields/vault/ValidationInfo",
                "namespaces/metadata/vault")) {
            reads.addReads(KVRead.newBuilder().setKey(key));
        }
        return NsReadWriteSet.newBuilder()
                .setNamespace("_lifecycle")
                .setRwset(reads.build().toByteString())
                .build();
    }

    @Test
    void a_simulation_that_only_reads_has_no_private_data() {
        written("a", "1");
        var simulation = at(ACME, ACME);

        assertThat(simulation.getPrivate("home", utf8("a"))).isEqualTo(utf8("1"));

        assertThat(simulation.results().privateData()).isEmpty();
    }

    @Test
    void a_written_private_value_is_not_seen_by_its_writer() {
        written("a", "1");
        var simulation = at(ACME, ACME);

        simulation.putPrivate("home", utf8("a"), utf8("2"));

        assertThat(simulation.getPrivate("home", utf8("a"))).isEqualTo(utf8("1"));
    }

    @Test
    void a_peer_that_does_not_keep_the_value_says_so_in_fabric_s_words() {
        written("a", "1");
        var atCoral = at(CORAL, ACME);

        assertThat(atCoral.getPrivateHash("home", utf8("a"))).isEqualTo(hash("1"));
        assertThatThrownBy(() -> atCoral.getPrivate("home", utf8("a")))
                .hasMessage("private data matching public hash version is not available. Public hash version ="
                        + " {BlockNum: 3, TxNum: 1}, Private data version = <nil>");
        assertThat(atCoral.getPrivate("home", utf8("absent"))).isEmpty();
    }

    @Test
    void who_is_no_member_is_refused_in_fabric_s_words() {
        written("a", "1");
        var forCoral = at(ACME, CORAL);

        assertThatThrownBy(() -> forCoral.getPrivate("home", utf8("a")))
                .hasMessage("tx creator does not have read access permission on privatedata in chaincodeName:vault"
                        + " collectionName: home");
        assertThatThrownBy(() -> forCoral.putPrivate("home", utf8("a"), utf8("2")))
                .hasMessage("tx creator does not have write access permission on privatedata in chaincodeName:vault"
                        + " collectionName: home");
        assertThat(forCoral.getPrivateHash("home", utf8("a"))).isEqualTo(hash("1"));
    }

    @Test
    void an_undefined_collection_is_named_in_fabric_s_words() {
        var simulation = at(ACME, ACME);

        assertThatThrownBy(() -> simulation.getPrivate("nowhere", utf8("a")))
                .hasMessage("collection tallystick/vault/nowhere could not be found");
        assertThatThrownBy(() -> simulation.getPrivateHash("nowhere", utf8("a")))
                .hasMessage("collection [nowhere] not defined in the collection config for chaincode [vault]");
    }
}
