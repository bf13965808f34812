package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.log.Evidence;
import org.tallystick.ledger.log.KnownKeys;
import org.tallystick.ledger.log.LogLimits;
import org.tallystick.ledger.log.LogSigner;
import org.tallystick.ledger.log.MemoryTiles;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;
import org.tallystick.ledger.log.WitnessReply;

/// One member's witness, asked by others, against the text of C2SP tlog-witness.
class WitnessTest {

    private static final Bytes OTHER = Hash.of(Bytes.ofUtf8("another tree")).bytes();

    private static final String OTHER_BASE64 = Base64.getEncoder().encodeToString(OTHER.toArray());
    private static final String LOG_OF_WITNESS =
            Hash.of(Bytes.ofUtf8(Trio.ORIGIN)).hex() + "/checkpoint";

    @TempDir
    Path folder = Path.of(".");

    private Trio trio = Trio.NONE;
    private LogClient witness = new LogClient(0);
    private Tree tree = new Tree(new MemoryTiles());

    @BeforeEach
    void start() {
        trio = Trio.at(folder, 1, Duration.ofHours(1));
        // It signs once by itself when it starts, and not again within the hour.
        trio.grow(20);
        trio.start("north");
        witness = trio.client("north");
        tree = trio.tree();
        eventually(() -> trio.standing("north").whole("size") == tree.size());
        eventually(() -> witness.size(LOG_OF_WITNESS) > 0);
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(200);
    }

    @AfterEach
    void close() {
        trio.close();
    }

    private long last() {
        return witness.size(LOG_OF_WITNESS);
    }

    private SignedCheckpoint good(long size) {
        return trio.signed("south", size, tree.root(size));
    }

    private AddCheckpoint asked(long size) {
        return AddCheckpoint.of(tree, last(), good(size));
    }

    private long end() {
        return tree.size();
    }

    private List<VerifierKey> keys() {
        return List.of(trio.signer("north", LogKey.Kind.WITNESS).verifierKey());
    }

    private void grow() {
        trio.grow(3);
        tree = trio.tree();
        eventually(() -> trio.standing("north").whole("size") == tree.size());
    }

    @Test
    void it_cosigns_what_it_has_built_itself_and_shows_that() {
        grow();
        AddCheckpoint add = asked(end());

        LogClient.Reply reply = witness.post(add.octets());

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(WitnessReply.read(add, reply.status(), reply.type(), reply.octets(), keys()))
                .isInstanceOfSatisfying(
                        WitnessReply.Cosigned.class,
                        cosigned -> assertThat(cosigned.lines()).hasSize(1));
        SignedCheckpoint shown = witness.checkpoint(LOG_OF_WITNESS).orElseThrow();
        assertThat(shown.checkpoint()).isEqualTo(add.checkpoint().checkpoint());
        assertThat(new KnownKeys(List.of(
                                trio.signer("south", LogKey.Kind.LOG).verifierKey(),
                                trio.signer("north", LogKey.Kind.WITNESS).verifierKey()))
                        .open(shown))
                .isInstanceOfSatisfying(
                        KnownKeys.Opened.Signed.class,
                        signed -> assertThat(signed.by().keys()).hasSize(2));
    }

    @Test
    void it_cosigns_the_same_again_and_forgets_nothing_when_it_is_killed() {
        grow();
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(200);
        trio.kill("north");
        trio.start("north");

        assertThat(last()).isEqualTo(end());
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(200);
    }

    @Test
    void who_says_another_old_size_is_told_the_right_one() {
        grow();
        AddCheckpoint add = AddCheckpoint.of(tree, last() - 1, good(end()));

        LogClient.Reply reply = witness.post(add.octets());

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.type()).isEqualTo("text/x.tlog.size");
        assertThat(reply.text()).isEqualTo(last() + "\n");
    }

    @Test
    void it_does_not_go_back() {
        long before = last();
        AddCheckpoint add = new AddCheckpoint(0, List.of(), good(before - 2));

        LogClient.Reply reply = witness.post(add.octets());

        assertThat(reply.status()).isEqualTo(409);
        assertThat(last()).isEqualTo(before);
    }

    @Test
    void what_is_no_request_is_refused() {
        String good = asked(end()).octets().utf8().orElseThrow();
        List<String> bad = List.of(
                "",
                "old 0\n",
                "old 00\n\n" + good.substring(good.indexOf("\n\n") + 2),
                "old -1\n\n" + good.substring(good.indexOf("\n\n") + 2),
                "old 99999999999999999999\n\n" + good.substring(good.indexOf("\n\n") + 2),
                "old 1\n" + "AAAA\n" + "\n" + good.substring(good.indexOf("\n\n") + 2),
                "old 1\n" + (OTHER_BASE64 + "\n").repeat(64) + "\n" + good.substring(good.indexOf("\n\n") + 2),
                good.substring(0, good.length() - 1),
                good.replace("\n", "\r\n"),
                "old " + (end() + 1) + good.substring(good.indexOf('\n')));
        for (String body : bad) {
            LogClient.Reply reply = witness.post(Bytes.ofUtf8(body));

            assertThat(reply.status()).as(body).isEqualTo(400);
            assertThat(reply.text()).doesNotContain("Exception");
        }
        assertThat(witness.post(Bytes.copyOf(new byte[] {(byte) 0xff, (byte) 0xfe}))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_body_that_is_too_long_is_not_read() {
        byte[] body = Stand.repeat((byte) 'a', LogLimits.ADD_CHECKPOINT + 1);

        assertThat(witness.post(Bytes.copyOf(body)).status()).isEqualTo(413);
    }

    @Test
    void the_type_that_is_stated_for_the_body_says_nothing() {
        grow();
        assertThat(witness.post(asked(end()).octets(), "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void what_no_member_signed_is_forbidden() {
        LogSigner stranger = new LogKey(
                        LogKey.Kind.LOG, SeedKey.generate(SeedKey.Kind.ED25519, new Random(5)), Path.of(""))
                .signer(new MemberId("south"), FakeLedger.ID);
        Checkpoint checkpoint = good(end()).checkpoint();
        SignedCheckpoint strange = new SignedCheckpoint(checkpoint, List.of(stranger.sign(checkpoint, 0)));

        assertThat(witness.post(AddCheckpoint.of(tree, last(), strange).octets())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_signature_of_a_member_that_does_not_hold_is_forbidden() {
        Note.Line line = good(end()).signatures().getFirst();
        SignedCheckpoint broken = new SignedCheckpoint(
                good(end()).checkpoint(),
                List.of(
                        trio.signer("west", LogKey.Kind.LOG).sign(good(end()).checkpoint(), 0),
                        new Note.Line(line.name(), line.id(), Bytes.copyOf(new byte[64]))));

        assertThat(witness.post(AddCheckpoint.of(tree, last(), broken).octets()).status())
                .isEqualTo(403);
    }

    @Test
    void another_log_is_not_known() {
        Checkpoint checkpoint = new Checkpoint("tallystick/another", 1, OTHER);
        SignedCheckpoint note = new SignedCheckpoint(
                checkpoint, List.of(trio.signer("south", LogKey.Kind.LOG).sign(checkpoint, 0)));

        assertThat(witness.post(new AddCheckpoint(0, List.of(), note).octets()).status())
                .isEqualTo(404);
    }

    @Test
    void a_proof_that_proves_nothing_is_not_processed() {
        long before = last();
        grow();
        List<Bytes> proof = new ArrayList<>(asked(end()).proof());
        proof.set(0, OTHER);

        assertThat(witness.post(new AddCheckpoint(before, proof, good(end())).octets())
                        .status())
                .isEqualTo(422);
        assertThat(witness.post(new AddCheckpoint(before, List.of(), good(end())).octets())
                        .status())
                .isEqualTo(422);
        assertThat(last()).isEqualTo(before);
        assertThat(witness.evidence()).isEmpty();
    }

    @Test
    void of_a_tree_that_has_not_come_so_far_it_says_when_to_ask_again() {
        trio.ledger.faults.muted = "north";
        trio.grow(2);
        tree = trio.tree();

        LogClient.Reply behind = witness.post(asked(end()).octets());
        trio.ledger.unmute();
        eventually(() -> trio.standing("north").whole("size") == tree.size());
        LogClient.Reply then = witness.post(asked(end()).octets());

        assertThat(behind.status()).isEqualTo(503);
        assertThat(behind.retryAfter()).isEqualTo("1");
        assertThat(then.status()).isEqualTo(200);
    }

    @Test
    void who_signs_another_tree_is_convicted_by_both_signatures_and_no_more_cosigned_until_it_is_trusted_again()
            throws Exception {
        SignedCheckpoint forged = trio.signed("south", end(), OTHER);
        long before = last();

        LogClient.Reply reply = witness.post(new AddCheckpoint(before, List.of(), forged).octets());

        assertThat(reply.status()).isEqualTo(422);
        assertThat(last()).isEqualTo(before);
        assertThat(witness.evidence()).singleElement().satisfies(evidence -> {
            assertThat(evidence.theirs()).isEqualTo(forged);
            assertThat(evidence.own().checkpoint().root()).isEqualTo(tree.root(end()));
            assertThat(new KnownKeys(List.of(
                                    trio.signer("south", LogKey.Kind.LOG).verifierKey()))
                            .open(evidence.theirs()))
                    .isInstanceOf(KnownKeys.Opened.Signed.class);
            assertThat(new KnownKeys(List.of(
                                    trio.signer("north", LogKey.Kind.LOG).verifierKey()))
                            .open(evidence.own()))
                    .isInstanceOf(KnownKeys.Opened.Signed.class);
        });
        String vkey = trio.signer("south", LogKey.Kind.LOG).verifierKey().text();
        assertThat(trio.standing("north").get("distrusted")).isEqualTo(Json.texts(List.of(vkey)));
        assertThat(trio.standing("north").whole("evidence")).isEqualTo(1);
        grow();
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(403);
        SignedCheckpoint ofWest = trio.signed("west", end(), tree.root(end()));
        assertThat(witness.post(AddCheckpoint.of(tree, last(), ofWest).octets()).status())
                .isEqualTo(200);
        trio.kill("north");
        trio.start("north");
        grow();
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(403);
        assertThat(trust("trust", vkey)).isZero();
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(200);
        assertThat(witness.evidence()).hasSize(1);
        assertThat(trust("distrust", vkey)).isZero();
        grow();
        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(403);
    }

    private int trust(String word, String vkey) {
        return new org.tallystick.ledger.cli.Tally()
                .run(
                        List.of(
                                "log",
                                word,
                                vkey,
                                "--store",
                                folder.resolve("north.db").toString()),
                        System.out,
                        System.err);
    }

    @Test
    void a_key_that_another_succeeded_signs_nothing_any_more() {
        SignedCheckpoint old = good(end());
        trio.register("south", LogKey.Kind.LOG, SeedKey.Kind.ED25519);
        eventually(
                () -> witness.post(AddCheckpoint.of(tree, last(), old).octets()).status() == 403);

        assertThat(witness.post(asked(end()).octets()).status()).isEqualTo(200);
    }

    @Test
    void of_many_that_ask_at_once_each_cosigned_one_goes_on_from_the_one_before() throws Exception {
        trio.grow(20);
        tree = trio.tree();
        eventually(() -> trio.standing("north").whole("size") == tree.size());
        long before = last();
        List<Callable<LogClient.Reply>> all = new ArrayList<>();
        for (long size = before + 1; size <= end(); size++) {
            Bytes body = AddCheckpoint.of(tree, before, good(size)).octets();
            all.add(() -> witness.post(body));
        }

        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<LogClient.Reply> reply : threads.invokeAll(all)) {
                statuses.add(reply.get().status());
            }
        }

        assertThat(statuses).containsOnly(200, 409);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
        assertThat(last()).isEqualTo(before + 1 + statuses.indexOf(200));
    }

    @Test
    void evidence_reads_as_it_was_written() {
        Evidence evidence = new Evidence(trio.signed("south", end(), OTHER), good(end()));
        LogClient.Reply _ = witness.post(new AddCheckpoint(last(), List.of(), evidence.theirs()).octets());

        assertThat(witness.get("evidence").type()).isEqualTo("text/plain; charset=utf-8");
        assertThat(witness.evidence()).hasSize(1);
    }
}
