package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Said.tally;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.SignedCheckpoint;

/// What an operator says and sees of the log: `tally log`, and `--log-pace` of `tally gateway`.
class LogCommandTest {

    @TempDir
    Path folder = Path.of(".");

    private String store() {
        return folder.resolve("north.db").toString();
    }

    @Test
    void whose_log_is_cosigned_is_shown_and_said_beside_the_gateway_while_it_runs() {
        try (Trio trio = Trio.at(folder, 1, Duration.ofHours(1))) {
            trio.grow(3);
            trio.start("north");
            LogClient north = trio.client("north");
            long size = trio.tree().size();
            eventually(() -> trio.standing("north").whole("size") == size);
            eventually(() -> north.size("checkpoint") > 0);
            String south = trio.signer("south", LogKey.Kind.LOG).verifierKey().text();
            String west = trio.signer("west", LogKey.Kind.LOG).verifierKey().text();
            SignedCheckpoint forged = trio.signed(
                    "south", size, Hash.of(Bytes.ofUtf8("another tree")).bytes());

            Said before = tally("log", "show", "--store", store());
            long last = north.size("checkpoint");
            LogClient.Reply _ = north.post(new AddCheckpoint(last, List.of(), forged).octets());
            Said forked = tally("log", "show", "--store", store());
            Said distrusted = tally("log", "distrust", west, "--store", store());
            Said twice = tally("log", "distrust", west, "--store", store());
            Said both = tally("log", "show", "--json", "--store", store());
            Said trusted = tally("log", "trust", south, "--store", store());
            Said again = tally("log", "trust", south, "--store", store());
            Said after = tally("log", "show", "--store", store());

            assertThat(before).isEqualTo(new Said(0, "size " + size + "\nevidence 0\n", ""));
            assertThat(forked).isEqualTo(new Said(0, "size " + size + "\nevidence 1\ndistrusted " + south + "\n", ""));
            assertThat(distrusted).isEqualTo(new Said(0, "distrusted\n", "")).isEqualTo(twice);
            assertThat(json(both.out()))
                    .isEqualTo(Json.object()
                            .with(
                                    "distrusted",
                                    Json.texts(new TreeSet<>(List.of(south, west))
                                            .stream().toList()))
                            .with("evidence", 1)
                            .with("size", size)
                            .build());
            assertThat(trusted).isEqualTo(new Said(0, "trusted again\n", ""));
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.error())
                    .isEqualTo("tally: error: this key is not distrusted\ntally: hint: tally log show --store "
                            + store() + " lists those that are\n");
            assertThat(after).isEqualTo(new Said(0, "size " + size + "\nevidence 1\ndistrusted " + west + "\n", ""));
            assertThat(trio.standing("north").get("distrusted")).isEqualTo(Json.texts(List.of(west)));
        }
    }

    private static Json json(String line) {
        if (JsonReader.readCanonical(Bytes.ofUtf8(line.strip())) instanceof JsonReader.Value(Json json)) {
            return json;
        }
        throw new IllegalStateException(line);
    }

    @Test
    void what_is_no_key_or_no_store_is_refused_and_nothing_is_made() {
        assertThat(tally("log", "show", "--store", store()))
                .isEqualTo(new Said(2, "", "tally: error: no such file: " + store() + "\n"));
        assertThat(folder.resolve("north.db")).doesNotExist();
        for (String word : List.of("trust", "distrust")) {
            assertThat(tally("log", word, "north", "--store", store()))
                    .isEqualTo(new Said(2, "", "tally: error: no verifier key: north\n"));
        }
    }

    @Test
    void a_password_in_the_address_of_a_store_is_refused_and_not_repeated() {
        Said said = tally("log", "show", "--store", "postgresql://north:s3cret@db.example:5432/store?sslmode=require");

        assertThat(said)
                .isEqualTo(new Said(
                        2,
                        "",
                        "tally: error: a password on the command line is seen by everybody on this machine\n"
                                + "tally: hint: put it into PGPASSWORD, or into the file that PGPASSFILE names; --store"
                                + " postgresql://north@db.example:5432/store?sslmode=require\n"));
    }

    @ParameterizedTest(name = "--store {0}")
    @ValueSource(
            strings = {
                "postgresql://",
                "postgresql://host",
                "postgresql://host/",
                "postgresql://u:s3cret@ho st/db",
                "postgresql://u:s3cret@host:port/db",
                "postgresql://u:s3cret@host/db?socketFactory=evil",
                "postgresql://u:s3cret@host/db?password=s3cret",
                "jdbc:postgresql://host/db?password=s3cret",
                "mysql://u:s3cret@host/db"
            })
    void an_address_that_is_none_is_refused_without_being_repeated(String store) {
        Said said = tally("log", "show", "--store", store);

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).startsWith("tally: error: not a store: ").doesNotContain("s3cret");
    }

    @ParameterizedTest(name = "--log-pace {0}")
    @ValueSource(strings = {"0s", "0ms", "soon", "-1s", "2"})
    void a_pace_that_is_none_is_refused_before_anything_is_made(String pace) {
        Said said = tally("gateway", "--store", store(), "--log-pace=" + pace);

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).contains("tally: error: ").contains("pace");
        assertThat(folder.resolve("north.db")).doesNotExist();
    }

    @Test
    @Timeout(60)
    void at_most_one_checkpoint_is_signed_in_the_time_of_the_pace() throws InterruptedException {
        Duration pace = Duration.ofMillis(400);
        try (Trio trio = Trio.at(folder, 2, pace)) {
            long begun = System.nanoTime();
            trio.start("north");
            List<Long> sizes = new ArrayList<>();
            while (sizes.size() < 4) {
                trio.grow(1);
                long size = trio.client("north").size("checkpoint");
                if (size > 0 && !sizes.contains(size)) {
                    sizes.add(size);
                }
                Thread.sleep(10);
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(taken).isGreaterThanOrEqualTo(pace.multipliedBy(sizes.size() - 1));
        }
    }
}
