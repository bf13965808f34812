package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger that is stopped, killed, damaged or out of space.
class RecoveryTest {

    /// Who waits for a commit may be told that none will come a moment before whoever runs the ledger is.
    private static final long LONGEST_HALT_SECONDS = 30;
    private static final String ACME = "AcmeMSP";
    private static final List<String> MEMBERS = List.of(ACME, "BlueMSP");

    @TempDir
    private Path folder;

    private EmbeddedLedger.Settings settings() {
        return EmbeddedLedger.Settings.of(folder, MEMBERS, List.of(NotebookChaincode.definition()));
    }

    private Path blocks() {
        return new LedgerFiles(folder).blocks();
    }

    /// A ledger with block 0 and three more.
    private void writeThreeBlocks() throws Exception {
        try (var ledger = EmbeddedLedger.start(settings())) {
            var acme = Client.inProcess(ledger, ACME);
            acme.commits("put", "key", "1");
            acme.commits("append", "key", "2");
            acme.commits("put", "other", "3");
        }
    }

    @Test
    void a_folder_goes_on_where_it_stopped() throws Exception {
        writeThreeBlocks();

        try (var ledger = EmbeddedLedger.start(settings())) {
            var acme = Client.inProcess(ledger, ACME);
            assertThat(ledger.height()).isEqualTo(4);
            assertThat(acme.submit("append", "key", "3")).isEqualTo("123");
            assertThat(acme.evaluate("get", "other")).isEqualTo("3");
        }
    }

    @Test
    void a_torn_tail_is_cut_and_commits_go_on() throws Exception {
        writeThreeBlocks();
        Files.write(blocks(), new byte[] {0, 0, 9, 9, 1, 2, 3}, StandardOpenOption.APPEND);

        try (var ledger = EmbeddedLedger.start(settings())) {
            var acme = Client.inProcess(ledger, ACME);
            assertThat(acme.submit("append", "key", "3")).isEqualTo("123");
        }
        try (var ledger = EmbeddedLedger.start(settings())) {
            assertThat(Client.inProcess(ledger, ACME).evaluate("get", "key")).isEqualTo("123");
        }
    }

    @Test
    void a_file_that_was_cut_anywhere_behind_block_0_starts_with_the_blocks_before_the_cut() throws Exception {
        writeThreeBlocks();
        byte[] whole = Files.readAllBytes(blocks());
        var ends = new ArrayList<Integer>();
        frames().forEach(frame -> ends.add(frame.length + (ends.isEmpty() ? 0 : ends.getLast())));
        int step = (whole.length - ends.getFirst()) / 20;
        for (int length = ends.getFirst(); length <= whole.length; length += step) {
            Files.write(blocks(), Arrays.copyOf(whole, length));
            int cut = length;

            try (var ledger = EmbeddedLedger.start(settings())) {
                assertThat(ledger.height())
                        .isEqualTo(ends.stream().filter(end -> end <= cut).count());
            }
        }
    }

    @Test
    void the_address_stays_the_same_over_a_restart() throws Exception {
        String before;
        try (var ledger = EmbeddedLedger.start(settings().withPort(0))) {
            before = Files.readString(ledger.ledgerFiles().address(ACME));
            assertThat(before).isEqualTo("127.0.0.1:" + ledger.port(ACME).orElseThrow() + "\n");
            assertThat(ledger.banner()).contains("not a", "blockchain", ACME + " " + before.strip());
        }

        try (var ledger = EmbeddedLedger.start(settings().withPort(0))) {
            assertThat(Files.readString(ledger.ledgerFiles().address(ACME))).isEqualTo(before);
        }
        try (var ledger = EmbeddedLedger.start(settings())) {
            assertThat(ledger.port(ACME)).isEmpty();
            assertThat(ledger.ledgerFiles().address(ACME)).doesNotExist();
        }
    }

    @Test
    void a_changed_byte_stops_the_start_and_names_the_offset() throws Exception {
        writeThreeBlocks();
        byte[] whole = Files.readAllBytes(blocks());
        for (int at = 0; at < whole.length; at += 997) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x20;
            Files.write(blocks(), changed);

            Throwable refusal = catchThrowable(() -> EmbeddedLedger.start(settings()));

            assertThat(refusal).as("byte %d", at).isInstanceOf(DamagedLedgerException.class);
            assertThat(((DamagedLedgerException) refusal).offset()).isLessThanOrEqualTo(at);
        }
    }

    @Test
    void blocks_in_another_order_stop_the_start() throws Exception {
        writeThreeBlocks();
        List<byte[]> frames = frames();
        Collections.swap(frames, 1, 2);
        write(frames);

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("at offset " + frames.getFirst().length)
                .hasMessageContaining("block 2 where block 1 is due");
    }

    @Test
    void a_block_of_another_chain_stops_the_start(@TempDir Path elsewhere) throws Exception {
        writeThreeBlocks();
        List<byte[]> frames = frames();
        Path mine = folder;
        folder = elsewhere;
        writeThreeBlocks();
        frames.set(1, frames().get(1));
        folder = mine;
        write(frames);

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("block 1 does not follow the one before it");
    }

    @Test
    void a_block_file_without_block_0_stops_the_start() throws Exception {
        writeThreeBlocks();
        byte[] whole = Files.readAllBytes(blocks());
        Files.write(blocks(), Arrays.copyOf(whole, 100));

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("no complete block 0");
    }

    @Test
    void a_missing_block_file_is_not_founded_again() throws Exception {
        writeThreeBlocks();
        Files.delete(blocks());

        assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("is missing");
    }

    private List<byte[]> frames() throws IOException {
        var frames = new ArrayList<byte[]>();
        byte[] whole = Files.readAllBytes(blocks());
        try (var file = new BlockFile(blocks(), Founding.open(blocks()))) {
            file.scan((offset, body) -> frames.add(
                    Arrays.copyOfRange(whole, (int) offset, (int) offset + BlockFile.HEADER_BYTES + body.length)));
        }
        return frames;
    }

    private void write(List<byte[]> frames) throws IOException {
        try (var out = Files.newOutputStream(blocks())) {
            for (byte[] frame : frames) {
                out.write(frame);
            }
        }
    }

    @Test
    void a_founding_that_a_crash_interrupted_is_finished_or_begun_again() throws Exception {
        writeThreeBlocks();
        var files = new LedgerFiles(folder);
        // As if the process had died between the moves that put a complete founding into place.
        Files.createDirectory(files.founding());
        Files.move(files.blocks(), files.founding().resolve("blocks"));
        Files.createDirectory(files.unfinishedFounding());
        Files.writeString(files.unfinishedFounding().resolve("anything"), "half");

        try (var ledger = EmbeddedLedger.start(settings())) {
            assertThat(ledger.height()).isEqualTo(4);
            assertThat(files.founding()).doesNotExist();
            assertThat(files.unfinishedFounding()).doesNotExist();
        }
    }

    @Test
    void a_folder_of_other_members_or_another_channel_is_refused() throws Exception {
        writeThreeBlocks();
        var others = EmbeddedLedger.Settings.of(folder, List.of(ACME, "CoralMSP"), List.of());

        assertThatThrownBy(() -> EmbeddedLedger.start(others)).hasMessageContaining("holds the channel tallystick of");
        assertThatThrownBy(() -> EmbeddedLedger.start(settings().withChannel("elsewhere")))
                .hasMessageContaining("not elsewhere of");
    }

    @Test
    void a_second_ledger_on_the_same_folder_is_refused() throws Exception {
        try (var _ = EmbeddedLedger.start(settings())) {
            assertThatThrownBy(() -> EmbeddedLedger.start(settings()))
                    .hasMessageContaining("another ledger is running on " + folder);
        }
        EmbeddedLedger.start(settings()).close();
    }

    @Test
    void keys_can_be_read_by_their_owner_only() throws Exception {
        writeThreeBlocks();

        try (Stream<Path> all = Files.walk(folder)) {
            for (Path key : all.filter(path -> path.toString().endsWith(".key")).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .as(key.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void a_full_disk_halts_the_ledger_and_nothing_that_was_acknowledged_is_lost() throws Exception {
        writeThreeBlocks();
        var halts = new LinkedBlockingQueue<String>();
        int acknowledged = 0;
        GatewayException refusal;
        try (var ledger =
                EmbeddedLedger.start(settings().withHalt(halts::add), (_, disk) -> new FailingDisk(disk, 20_000))) {
            var acme = Client.inProcess(ledger, ACME);
            refusal = null;
            while (refusal == null) {
                String key = "full" + acknowledged;
                refusal = catchThrowableOfType(GatewayException.class, () -> acme.commits("put", key, "x"));
                acknowledged += refusal == null ? 1 : 0;
            }
            assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(halts.poll(LONGEST_HALT_SECONDS, TimeUnit.SECONDS))
                    .contains("cannot write its block file", "No space left");
            assertThat(halts).isEmpty();
            var after = catchThrowableOfType(GatewayException.class, () -> acme.commits("put", "after", "x"));
            assertThat(after.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(acme.evaluate("get", "full0")).isEqualTo("x");
        }

        assertThat(acknowledged).isPositive();
        try (var ledger = EmbeddedLedger.start(settings())) {
            var acme = Client.inProcess(ledger, ACME);
            for (int i = 0; i < acknowledged; i++) {
                assertThat(acme.evaluate("get", "full" + i)).isEqualTo("x");
            }
            assertThat(acme.evaluate("get", "full" + acknowledged)).isEmpty();
            assertThat(acme.submit("put", "after", "y")).isEqualTo("y");
        }
    }

    @Test
    void closing_leaves_no_thread_behind_and_may_be_repeated() throws Exception {
        var ledger = EmbeddedLedger.start(settings().withPort(0));
        var acme = Client.inProcess(ledger, ACME);
        acme.commits("put", "k", "v");
        var waiting = acme.network()
                .newChaincodeEventsRequest("notebook")
                .startBlock(99)
                .build()
                .getEvents();

        ledger.close();
        ledger.close();

        assertThatThrownBy(waiting::hasNext)
                .isInstanceOf(GatewayRuntimeException.class)
                .hasMessageContaining("UNAVAILABLE: the ledger was closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.equals("tallystick-orderer"));
    }
}
