package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.DocumentReader;
import org.tallystick.agreement.document.DocumentReading;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// A draft of a first version needs no ledger.
class AgreementDraftTest {

    private static final Path EXAMPLES = Path.of("../docs/spec/examples");
    private static final String RESELLER =
            EXAMPLES.resolve("01-channel-reseller.json").toString();

    @TempDir
    Path home = Path.of("");

    private String out = "";
    private String err = "";

    private int draft(String... words) {
        List<String> all = new ArrayList<>(List.of("agreement", "draft"));
        all.addAll(List.of(words));
        all.addAll(List.of("--home", home.toString()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = new Tally(List.of())
                .run(all, new PrintStream(printed, true, UTF_8), new PrintStream(errors, true, UTF_8));
        out = printed.toString(UTF_8);
        err = errors.toString(UTF_8);
        return exitCode;
    }

    private static Json.Obj object(String text) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE)).json();
    }

    @Test
    void with_all_parties_named_it_may_be_offered_as_it_is() throws IOException {
        Path file = home.resolve("reseller.json");
        Path licence = Files.writeString(home.resolve("licence.txt"), "as is");

        int exitCode = draft(
                RESELLER,
                "--id",
                "north/vendor/reseller",
                "--party",
                "vendor=north/vendor",
                "--party",
                "reseller=east/reseller",
                "--party",
                "distributor=west/distributor",
                "--opening",
                "2026-Q4",
                "--attach",
                licence.toString(),
                "-o",
                file.toString());

        Json.Obj document = object(Files.readString(file));
        Json.Obj attached = (Json.Obj) document.items("attachments").getFirst();
        assertThat(exitCode).as(err).isZero();
        assertThat(DocumentReader.read(document)).isInstanceOf(DocumentReading.Accepted.class);
        assertThat(document.text("opening")).isEqualTo("2026-Q4");
        assertThat(document.object("term").text("from")).isEqualTo("2026-10-01");
        assertThat(attached.text("name")).isEqualTo("licence.txt");
        assertThat(attached.whole("size")).isEqualTo(5);
        assertThat(attached.text("hash"))
                .isEqualTo(Hash.of(Bytes.ofUtf8("as is")).hex());
        assertThat(err).contains("edit it, then: tally agreement offer " + file).doesNotContain("arbiter_missing");
        assertThat(Files.readString(file).lines()).hasSizeGreaterThan(50);
    }

    @Test
    void what_is_still_to_be_filled_in_is_said_and_cannot_be_offered_by_mistake() {
        assertThat(draft(RESELLER, "--id", "north/vendor/reseller", "--party", "vendor=north/vendor", "--json"))
                .isZero();

        assertThat(err)
                .contains(
                        "tally: note: to be named under parties, or with --party NAME=PARTY: distributor, reseller\n");
        assertThat(DocumentReader.read(object(out))).isInstanceOf(DocumentReading.Refused.class);
        assertThat(object(out).object("parties").text("vendor")).isEqualTo("north/vendor");
    }

    @Test
    void who_could_keep_a_period_open_for_ever_is_warned_of() {
        int exitCode = draft(
                EXAMPLES.resolve("04-si-service-delivery.json").toString(),
                "--id",
                "north/prime/delivery",
                "--party",
                "prime=north/prime",
                "--party",
                "si=east/si",
                "--party",
                "support=west/support");

        assertThat(exitCode).as(err).isZero();
        assertThat(err).contains("tally: warning: arbiter_missing: whoever keeps back a ");
    }

    @Test
    void what_is_asked_wrongly_is_answered_with_a_way_on() throws IOException {
        assertThat(draft(RESELLER)).isEqualTo(2);
        assertThat(err).contains("name it with --id PARTY/LABEL");
        assertThat(draft(RESELLER, "--id", "north/vendor/reseller", "--party", "shop=east/shop"))
                .isEqualTo(2);
        assertThat(err).contains("the terms have no party shop", "they have vendor, ");
        assertThat(draft(RESELLER, "--id", "north/vendor/reseller", "--opening", "2026-10"))
                .isEqualTo(2);
        assertThat(err).contains("2026-10 is no period of these terms, which are settled every quarter", "2026-Q4");
        assertThat(draft("nothing.json", "--id", "north/vendor/reseller")).isEqualTo(2);
        assertThat(err).contains("no such file: nothing.json");
        assertThat(draft(home.resolve("x.json").toString(), "--id", "vendor")).isEqualTo(2);
        assertThat(err).contains("is not an agreement, such as north/vendor/reseller");
        Path taken = Files.writeString(home.resolve("taken.json"), "mine");
        assertThat(draft(RESELLER, "--id", "north/vendor/reseller", "-o", taken.toString()))
                .isEqualTo(2);
        assertThat(err).contains("it is there already");
        assertThat(Files.readString(taken)).isEqualTo("mine");
    }
}
