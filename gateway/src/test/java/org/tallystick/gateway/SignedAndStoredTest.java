package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.gateway.log.TransparencyLog;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.SignedCheckpoint;
import org.tallystick.ledger.log.Tree;

/// Killed exactly between a signature and the disk. Somebody else holds the file of the store, so that what
/// was signed cannot be written.
class SignedAndStoredTest {

    private static final String WITNESSED = Hash.of(Bytes.ofUtf8(Trio.ORIGIN)).hex() + "/checkpoint";

    @TempDir
    Path folder = Path.of(".");

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /// Holds the file from now until it is closed.
    private Connection held() throws SQLException {
        Connection holder = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("north.db"));
        try (Statement statement = holder.createStatement()) {
            boolean _ = statement.execute("PRAGMA busy_timeout = 60000");
            boolean _ = statement.execute("BEGIN IMMEDIATE");
        }
        return holder;
    }

    @Test
    void a_checkpoint_that_was_signed_and_not_stored_is_shown_to_nobody_and_the_next_is_of_the_same_tree()
            throws SQLException {
        Logger log = Logger.getLogger(TransparencyLog.class.getName());
        Handler ear = new Ear();
        log.addHandler(ear);
        try (Trio trio = Trio.at(folder, 1)) {
            Json.Obj named = trio.ledger.get("log/north/log");
            trio.ledger.put(
                    "log/north/log",
                    Json.object().with("vkeys", Json.array(List.of())).build());
            trio.grow(5);
            long size = trio.tree().size();
            trio.start("north");
            LogClient north = trio.client("north");
            eventually(() -> trio.standing("north").whole("size") == size);

            try (Connection _ = held()) {
                trio.ledger.put("log/north/log", named);
                eventually(() -> said.stream().anyMatch(text -> text.startsWith("log: no checkpoint now: not stored")));

                assertThat(north.get("checkpoint").status()).isEqualTo(404);
                assertThat(north.get(WITNESSED).status()).isEqualTo(404);
                trio.kill("north");
            }
            trio.start("north");

            eventually(() -> north.size("checkpoint") == size);
            assertThat(north.checkpoint("checkpoint").orElseThrow().checkpoint().root())
                    .isEqualTo(trio.tree().root(size));
            assertThat(north.checkpoint(WITNESSED).orElseThrow().checkpoint().size())
                    .isEqualTo(size);
        } finally {
            log.removeHandler(ear);
        }
    }

    @Test
    void a_cosignature_that_was_made_and_not_stored_reaches_nobody_and_nothing_below_the_last_one_is_cosigned()
            throws Exception {
        try (Trio trio = Trio.at(folder, 2, Duration.ofHours(1))) {
            trio.grow(5);
            trio.start("north");
            LogClient north = trio.client("north");
            eventually(() -> north.size(WITNESSED) > 0);
            long first = north.size(WITNESSED);
            trio.grow(5);
            Tree tree = trio.tree();
            long size = tree.size();
            eventually(() -> trio.standing("north").whole("size") == size);
            AddCheckpoint add = asked(trio, tree, first, size);

            try (Connection _ = held()) {
                CompletableFuture<LogClient.Reply> reply =
                        CompletableFuture.supplyAsync(() -> north.post(add.octets()));
                assertThatThrownBy(() -> reply.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                assertThat(north.size(WITNESSED)).isEqualTo(first);
                trio.kill("north");
                assertThat(reply.handle((answer, _) -> answer == null || answer.status() != 200)
                                .join())
                        .isTrue();
            }
            try (Store store = Store.open(StoreAddress.file(folder.resolve("north.db")))) {
                assertThat(store.log().witnessed().orElseThrow().checkpoint().size())
                        .isEqualTo(first);
            }
            trio.start("north");

            // It signs the tree of now by itself when it starts.
            eventually(() -> north.size(WITNESSED) == size);
            assertThat(north.checkpoint(WITNESSED).orElseThrow().checkpoint().root())
                    .isEqualTo(tree.root(size));
            assertThat(north.post(asked(trio, tree, first, size - 1).octets()).status())
                    .isEqualTo(409);
            assertThat(north.post(asked(trio, tree, size - 1, size - 1).octets())
                            .status())
                    .isEqualTo(409);
            assertThat(north.size(WITNESSED)).isEqualTo(size);
        }
    }

    /// South asks north to cosign.
    private static AddCheckpoint asked(Trio trio, Tree tree, long old, long size) {
        SignedCheckpoint checkpoint = trio.signed("south", size, tree.root(size));
        return AddCheckpoint.of(tree, old, checkpoint);
    }

    private final class Ear extends Handler {
        @Override
        public void publish(LogRecord told) {
            said.add(told.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
