package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.gateway.Stand.eventually;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What an operator sees of the lists, and that they be made again: `tally reading`.
class ReadingCommandTest {

    @TempDir
    Path folder = Path.of(".");

    private Said reading(String... arguments) {
        List<String> all = new ArrayList<>(List.of("reading"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--store", folder.resolve("store.db").toString()));
        return Said.tally(all.toArray(String[]::new));
    }

    private Json.Obj shown() {
        Said said = reading("show", "--json");
        assertThat(said.exitCode()).as(said.error()).isZero();
        return JsonReader.read(Bytes.ofUtf8(said.out().strip()), JsonReader.Profile.FILE)
                        instanceof JsonReader.Value(Json.Obj object)
                ? object
                : Json.Obj.EMPTY;
    }

    @Test
    void lists_are_made_again_beside_the_gateway_that_serves_them() {
        try (Stand stand = Stand.at(folder, 1).enrolled()) {
            Said before = reading("show");
            long block = stand.ledger.height() - 1;

            Said begun = reading("rebuild");

            assertThat(before.out())
                    .isEqualTo("blocks in the store, up to " + block
                            + "\ngeneration 1, served, by rules 1, up to block " + block + "\n");
            assertThat(begun.out()).isEqualTo("begun\n");
            eventually(() -> shown().items("generations").size() == 1
                    && ((Json.Obj) shown().items("generations").getFirst()).whole("generation") == 2);
            assertThat(((Json.Obj) shown().items("generations").getFirst()).text("stage"))
                    .isEqualTo("served");
        }
    }

    @Test
    void what_is_asked_for_twice_is_done_once() {
        Stand.at(folder, 2).close();

        Said once = reading("rebuild");
        Said twice = reading("rebuild");

        assertThat(once.exitCode()).isZero();
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.error()).contains("the lists are being made already").contains("tally reading show --store");
    }

    @Test
    void a_store_that_is_not_there_is_not_made() {
        Said said = reading("show");

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.error()).contains("no such file");
        assertThat(folder.resolve("store.db")).doesNotExist();
    }
}
