package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Private data when the ledger is stopped, damaged, out of space, or ends between one file and the next.
class PrivateRecoveryTest {

    /// Who waits for a commit may be told that none will come a moment before whoever runs the ledger is.
    private static final long LONGEST_HALT_SECONDS = 30;
    private static final String ACME = "AcmeMSP";
    private static final String BLUE = "BlueMSP";
    private static final String CORAL = "CoralMSP";
    private static final List<String> MEMBERS = List.of(ACME, BLUE, CORAL);

    @TempDir
    private Path folder;

    private EmbeddedLedger.Settings settings() {
        return EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(PrivateDataTest.definition()));
    }

    private LedgerFiles files() {
        return new LedgerFiles(folder);
    }

    private static Transaction keeping(EmbeddedLedger ledger, String key, String value) throws GatewayException {
        return Client.inProcess(ledger, ACME)
                .network()
                .getContract(VaultChaincode.NAME)
                .newProposal("keep")
                .addArguments("home", key)
                .putTransient("value", value)
                .build()
                .endorse();
    }

    private static void keep(EmbeddedLedger ledger, String key, String value) throws Exception {
        byte[] _ = keeping(ledger, key, value).submit();
    }

    private static String show(EmbeddedLedger ledger, String member, String key) throws GatewayException {
        return Client.text(Client.inProcess(ledger, member)
                .network()
                .getContract(VaultChaincode.NAME)
                .evaluateTransaction("show", "home", key));
    }

    /// A ledger with three blocks that hold private data.
    private void keepThree() throws Exception {
        try (var ledger = EmbeddedLedger.start(settings())) {
            keep(ledger, "a", "first of two members");
            keep(ledger, "b", "second of two members");
            keep(ledger, "a", "third of two members");
        }
    }

    private void assertThree() throws Exception {
        try (var ledger = EmbeddedLedger.start(settings())) {
            for (String member : List.of(ACME, BLUE)) {
                assertThat(show(ledger, member, "a")).isEqualTo("third of two members");
                assertThat(show(ledger, member, "b")).isEqualTo("second of two members");
            }
        }
    }

    @Test
    void private_values_are_there_after_a_new_start() throws Exception {
        keepThree();

        assertThree();
        try (var ledger = EmbeddedLedger.start(settings())) {
            keep(ledger, "c", "fourth");
            assertThat(show(ledger, BLUE, "c")).isEqualTo("fourth");
        }
    }

    @Test
    void the_values_lie_in_files_of_the_members_that_keep_them_and_nowhere_else() throws Exception {
        keepThree();

        try (var all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                boolean kept = file.equals(files().privateData(ACME))
                        || file.equals(files().privateData(BLUE))
                        || file.equals(files().transientData(ACME))
                        || file.equals(files().transientData(BLUE));
                String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(text.contains("of two members")).as("%s", file).isEqualTo(kept);
            }
        }
        assertThat(files().privateData(CORAL)).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().privateData(ACME))))
                .isEqualTo("rw-------");
    }

    @Test
    void an_endorsed_transaction_keeps_its_private_data_over_a_new_start() throws Exception {
        byte[] endorsed;
        try (var ledger = EmbeddedLedger.start(settings())) {
            endorsed = keeping(ledger, "late", "endorsed before").getBytes();
        }

        try (var ledger = EmbeddedLedger.start(settings())) {
            byte[] _ = Client.inProcess(ledger, ACME)
                    .gateway()
                    .newTransaction(endorsed)
                    .submit();
            assertThat(show(ledger, BLUE, "late")).isEqualTo("endorsed before");
        }
        try (var ledger = EmbeddedLedger.start(settings())) {
            assertThat(show(ledger, BLUE, "late")).isEqualTo("endorsed before");
            assertThat(files().transientData(ACME)).isEmptyFile();
        }
    }

    @Test
    void private_data_that_waited_nowhere_are_missing_and_the_ledger_goes_on() throws Exception {
        byte[] endorsed;
        try (var ledger = EmbeddedLedger.start(settings())) {
            keep(ledger, "key", "1");
            endorsed = keeping(ledger, "key", "2").getBytes();
        }
        Files.delete(files().transientData(BLUE));

        for (int start = 0; start < 2; start++) {
            try (var ledger = EmbeddedLedger.start(settings())) {
                if (start == 0) {
                    byte[] _ = Client.inProcess(ledger, ACME)
                            .gateway()
                            .newTransaction(endorsed)
                            .submit();
                }
                var atBlue = Client.inProcess(ledger, BLUE)
                        .network()
                        .getContract(VaultChaincode.NAME)
                        .newProposal("show")
                        .addArguments("home", "key")
                        .setEndorsingOrganizations(BLUE)
                        .build();
                assertThat(show(ledger, ACME, "key")).isEqualTo("2");
                assertThatThrownBy(atBlue::evaluate).isInstanceOf(GatewayException.class);
            }
        }
    }

    /// The order is private file, then block: here the disk is full between the two.
    @Test
    void a_ledger_that_ends_between_the_private_file_and_the_block_loses_nothing() throws Exception {
        keepThree();
        var halts = new LinkedBlockingQueue<String>();
        byte[] endorsed;
        Disk full = (file, disk) -> file.equals(files().blocks()) ? new FailingDisk(disk, 100) : disk;
        long before = Files.size(files().privateData(ACME));
        try (var ledger = EmbeddedLedger.start(settings().withHalt(halts::add), full)) {
            Transaction transaction = keeping(ledger, "a", "between the files");
            endorsed = transaction.getBytes();
            assertThatThrownBy(transaction::submit).isInstanceOf(GatewayException.class);
            assertThat(halts.poll(LONGEST_HALT_SECONDS, TimeUnit.SECONDS)).isNotNull();
            assertThat(halts).isEmpty();
        }
        assertThat(Files.size(files().privateData(ACME))).isGreaterThan(before);

        assertThree();
        assertThat(Files.size(files().privateData(ACME))).isEqualTo(before);
        try (var ledger = EmbeddedLedger.start(settings())) {
            byte[] _ = Client.inProcess(ledger, ACME)
                    .gateway()
                    .newTransaction(endorsed)
                    .submit();
            assertThat(show(ledger, BLUE, "a")).isEqualTo("between the files");
        }
    }

    @Test
    void a_full_disk_under_the_private_file_halts_the_ledger_and_loses_nothing() throws Exception {
        keepThree();
        var halts = new LinkedBlockingQueue<String>();
        byte[] endorsed;
        Disk full = (file, disk) -> file.equals(files().privateData(BLUE)) ? new FailingDisk(disk, 40) : disk;
        try (var ledger = EmbeddedLedger.start(settings().withHalt(halts::add), full)) {
            Transaction transaction = keeping(ledger, "a", "half written");
            endorsed = transaction.getBytes();
            assertThatThrownBy(transaction::submit).isInstanceOf(GatewayException.class);
            assertThat(halts.poll(LONGEST_HALT_SECONDS, TimeUnit.SECONDS)).isNotNull();
            assertThat(halts).isEmpty();
        }

        assertThree();
        try (var ledger = EmbeddedLedger.start(settings())) {
            byte[] _ = Client.inProcess(ledger, ACME)
                    .gateway()
                    .newTransaction(endorsed)
                    .submit();
            assertThat(show(ledger, BLUE, "a")).isEqualTo("half written");
        }
    }

    @Test
    void a_full_disk_under_what_waits_refuses_the_endorsement_and_public_transactions_go_on() throws Exception {
        Disk full = (file, disk) -> file.equals(files().transientData(BLUE)) ? new FailingDisk(disk, 40) : disk;
        try (var ledger = EmbeddedLedger.start(settings(), full)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                Throwable refusal = catchThrowable(() -> keep(ledger, "a", "1"));
                assertThat(refusal).isInstanceOf(GatewayException.class);
                assertThat(((GatewayException) refusal).getDetails().getFirst().getMessage())
                        .startsWith("error in simulation: failed to store private data of transaction ")
                        .contains("No space left");
            }
            assertThat(show(ledger, ACME, "a")).isEmpty();
        }
        try (var ledger = EmbeddedLedger.start(settings())) {
            keep(ledger, "a", "1");
            assertThat(show(ledger, BLUE, "a")).isEqualTo("1");
        }
    }

    @Test
    void a_torn_tail_of_a_private_file_is_cut() throws Exception {
        keepThree();
        Files.write(files().privateData(BLUE), new byte[] {0, 0, 9, 9, 1, 2, 3}, StandardOpenOption.APPEND);
        Files.write(files().transientData(BLUE), new byte[] {0, 0, 9, 9, 1, 2, 3}, StandardOpenOption.APPEND);

        assertThree();
    }

    @Test
    void a_changed_byte_of_a_private_file_stops_the_start_and_names_the_offset() throws Exception {
        keepThree();
        byte[] whole = Files.readAllBytes(files().privateData(BLUE));
        for (int at = 0; at < whole.length; at += 37) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x20;
            Files.write(files().privateData(BLUE), changed);

            Throwable refusal = catchThrowable(() -> EmbeddedLedger.start(settings()));

            assertThat(refusal).as("byte %d", at).isInstanceOf(DamagedLedgerException.class);
            assertThat(((DamagedLedgerException) refusal).offset()).isLessThanOrEqualTo(at);
            assertThat(refusal).hasMessageContaining(files().privateData(BLUE).toString());
        }
    }

    @Test
    void a_private_file_without_what_a_block_says_stops_the_start() throws Exception {
        keepThree();
        byte[] whole = Files.readAllBytes(files().privateData(BLUE));
        int first = frames(whole).getFirst();

        Files.write(files().privateData(BLUE), Arrays.copyOf(whole, first));
        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("at offset " + first)
                .hasMessageContaining("the data of collection home in block 2, transaction 0 are not there");
        Files.delete(files().privateData(BLUE));
        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("in block 1, transaction 0 are not there");
    }

    private List<Integer> frames(byte[] whole) throws IOException {
        var ends = new ArrayList<Integer>();
        Path copy = folder.resolve("copy");
        Files.write(copy, whole);
        try (var file = new BlockFile(copy, Founding.open(copy))) {
            file.scan((offset, body) -> ends.add((int) offset + BlockFile.HEADER_BYTES + body.length));
        }
        return ends;
    }

    @Test
    void a_private_file_of_another_ledger_stops_the_start(@TempDir Path elsewhere) throws Exception {
        keepThree();
        Path mine = folder;
        folder = elsewhere;
        keepThree();
        byte[] other = Files.readAllBytes(files().privateData(BLUE));
        folder = mine;
        Files.write(files().privateData(BLUE), other);

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("the private data are of another block 1");
    }

    @Test
    void a_private_file_ahead_by_more_than_one_block_stops_the_start() throws Exception {
        keepThree();
        byte[] blocks = Files.readAllBytes(files().blocks());
        int end = frames(blocks).get(1);
        Files.write(files().blocks(), Arrays.copyOf(blocks, end));

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("private data of block 3, and there are 2 blocks");
    }

    @Test
    void a_collection_with_data_takes_no_new_member() throws Exception {
        keepThree();
        var three = new CollectionDefinition("home", MEMBERS, 0, 1, 0, true, true, Optional.empty());
        var definition = new ChaincodeDefinition(VaultChaincode.NAME, "1", _ -> new VaultChaincode(), List.of(three));

        assertThatThrownBy(() -> EmbeddedLedger.start(EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(definition))))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining(files().privateData(CORAL).toString())
                .hasMessageContaining("a collection with data takes no new member");
    }

    @Test
    void what_waits_no_more_is_left_out_of_the_file() throws Exception {
        Path path = folder.resolve("waiting");
        Files.createDirectories(folder);
        var payload = org.hyperledger.fabric.protos.gossip.PrivatePayload.newBuilder()
                .setNamespace("vault")
                .setCollectionName("home")
                .setPrivateRwset(com.google.protobuf.ByteString.copyFromUtf8("x".repeat(1 << 20)));
        try (var file = TransientFile.open(path, Disk.REAL, 0, _ -> true)) {
            file.keep(payload.setTxId("stays").build());
            for (int i = 0; i < 20; i++) {
                file.keep(payload.setTxId("tx" + i).build());
                file.keep(payload.setTxId("tx" + i).build());
                file.forget(List.of("tx" + i), 0);
            }
            assertThat(Files.size(path)).isLessThan(Limits.TRANSIENT_FILE_BYTES);
            assertThat(file.find("stays", "vault", "home", Sha256.of(payload.getPrivateRwset())))
                    .isPresent();
            assertThat(file.find("tx3", "vault", "home", Sha256.of(payload.getPrivateRwset())))
                    .isEmpty();
        }
        try (var file = TransientFile.open(path, Disk.REAL, Limits.TRANSIENT_BLOCKS, _ -> true)) {
            assertThat(file.find("stays", "vault", "home", Sha256.of(payload.getPrivateRwset())))
                    .isPresent();
        }
        try (var file = TransientFile.open(path, Disk.REAL, Limits.TRANSIENT_BLOCKS + 1, _ -> true)) {
            assertThat(file.find("stays", "vault", "home", Sha256.of(payload.getPrivateRwset())))
                    .isEmpty();
            assertThat(path).isEmptyFile();
        }
    }
}
