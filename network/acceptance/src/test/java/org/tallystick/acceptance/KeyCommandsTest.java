package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// The commands on keys, used rightly and wrongly, on an embedded ledger: what they print, and their exit codes.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeyCommandsTest {

    private Stand stand;

    @BeforeAll
    void set(@TempDir Path folder) throws IOException {
        stand = Stand.set(folder, EmbeddedNetwork.start(folder), Audience.NOBODY);
        stand.registerRegistrars();
    }

    @AfterAll
    void end() {
        stand.close();
    }

    private Ended tally(String party, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--as", party));
        return stand.tally(party, all.toArray(String[]::new));
    }

    private static void does(Ended ended) {
        Ended _ = done(ended);
    }

    private static Ended done(Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended;
    }

    private static void refused(Ended ended, String... parts) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(parts);
    }

    private static void notRun(Ended ended, String... parts) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(2);
        assertThat(ended.output()).contains(parts);
    }

    private List<Json.Obj> keys(String party) {
        String listed = done(stand.tally(party, "key", "list", party, "--json")).output();
        return ((Json.Arr) ((JsonReader.Value) JsonReader.readCanonical(Bytes.ofUtf8(listed.strip()))).json())
                .items().stream().map(Json.Obj.class::cast).toList();
    }

    private static String thumb(Json.Obj key) {
        return key.text("kid").substring(key.text("kid").indexOf('#') + 1);
    }

    private String only(String party) {
        List<Json.Obj> keys = keys(party);
        assertThat(keys).hasSize(1);
        return thumb(keys.getFirst());
    }

    @Test
    void a_party_is_shown_with_its_keys_and_who_may_recover_it() {
        String party = "north/shown";
        stand.partner(party).enrolls();
        stand.partner("east/friend").enrolls();
        stand.partner("west/friend").enrolls();
        String first = only(party);
        does(tally(
                party,
                "key",
                "add",
                "--purposes",
                "report",
                "--types",
                "sale,refund",
                "--amount",
                "5000",
                "--until",
                "2030-06-01",
                "--holder",
                "till",
                "--unencrypted"));

        Ended alone = done(stand.tally(party, "party", "show", party));
        stand.partner(party).isRecoveredBy(1, "east/friend");
        stand.partner(party).isRecoveredBy(2, "east/friend", "west/friend");
        Ended shown = done(stand.tally(party, "party", "show", party));
        Ended straight = stand.quietly(party, straight("key", "list", party));

        assertThat(alone.output()).contains("nobody may recover it: tally party recovery");
        assertThat(shown.output())
                .contains(first.substring(0, 12))
                .containsPattern("ES256 +report +good +until 2030-06-01T00:00:00Z +refund,sale; at most 5000 +till")
                .contains("recovered by 2 of east/friend, west/friend")
                .containsPattern("until .* also by 1 of east/friend, who were named before");
        assertThat(done(straight).output().lines().toList())
                .as("a peer tells the same as the gateway")
                .isEqualTo(done(stand.tally(party, "key", "list", party))
                        .output()
                        .lines()
                        .toList());
        refused(stand.tally(party, "party", "show", "north/nobody"), "the party north/nobody is not enrolled");
        refused(stand.tally(party, "key", "list", "north/nobody"), "the ledger knows no key of north/nobody");
    }

    private String[] straight(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(stand.network().access("north"));
        return all.toArray(String[]::new);
    }

    @Test
    void a_key_is_rotated_and_the_old_file_is_kept_until_then_and_put_aside_after() throws IOException {
        String party = "north/turner";
        stand.partner(party).enrolls();
        String old = only(party);
        Path file = stand.home(party).resolve("keys").resolve(party).resolve(old + ".pem");

        notRun(tally(party, "key", "rotate", "--new", old, "--unencrypted"), "a key cannot take its own place");
        assertThat(file).exists();
        Ended rotated = done(tally(party, "key", "rotate", "--algorithm", "ed25519", "--unencrypted"));

        assertThat(rotated.output()).contains(" is active", old + " of north/turner is revoked", ".pem.retired");
        assertThat(file).doesNotExist();
        assertThat(Path.of(file + ".retired")).exists();
        does(tally(party, "party", "recovery", "--threshold", "1", enrolled("east/turned")));
        refused(tally(party, "key", "revoke", old, "--reason", "ended"), "is revoked already", "key_revoked_already");
        refused(tally(party, "key", "revoke", "A".repeat(43), "--reason", "ended"), "no_such_key");
        refused(tally(party, "key", "revoke", "AAAAAAAA", "--reason", "ended"), "0 keys of north/turner begin with");
        notRun(tally(party, "key", "revoke", old, "--reason", "bored"), "'bored' is no reason", "lost, left, ended");
    }

    private String enrolled(String party) {
        stand.partner(party).enrolls();
        return party;
    }

    @Test
    void the_last_key_that_administers_stays_unless_somebody_else_has_it() {
        String party = "north/last";
        stand.partner(party).enrolls();
        String key = only(party);

        refused(
                tally(party, "key", "revoke", key, "--reason", "lost"),
                "last_administer_key",
                "would be left for good");
        refused(tally(party, "key", "compromised", key, "--since", "2999-01-01"), "since_future", "2999-01-01");
        Ended compromised = done(tally(party, "key", "compromised", key, "--since", "2026-01-01"));

        assertThat(compromised.output()).contains("is revoked");
        refused(
                tally(party, "party", "recovery", "--threshold", "1", enrolled("east/late")),
                "key_revoked",
                "was revoked on ");
        assertThat(done(stand.tally(party, "key", "list", party)).output())
                .containsPattern("compromised .*, in doubt since 2026-01-01T00:00:00Z");
        notRun(
                stand.tally(party, "key", "recover", party, "--unencrypted"),
                "the recovery parties of north/last must sign, too");
    }

    @Test
    void a_key_signs_only_what_it_is_for_and_the_right_one_is_found_among_several() {
        String party = "north/several";
        stand.partner(party).enrolls();
        does(tally(party, "key", "add", "--purposes", "report", "--unencrypted"));
        String report = keys(party).stream()
                .filter(key -> key.object("record").items("purposes").size() == 1)
                .map(KeyCommandsTest::thumb)
                .findFirst()
                .orElseThrow();

        Ended chosen = tally(party, "party", "recovery", "--threshold", "1", enrolled("east/several"));
        refused(
                tally(party, "party", "recovery", "--threshold", "1", "east/several", "--key", report),
                "key_purpose",
                "it needs the purpose administer");
        does(chosen);
        notRun(tally(party, "key", "rotate"), "2 keys of north/several in the home may sign key-rotate", "--key");
        notRun(tally(party, "key", "rotate", "--key", "nothing"), "no key of north/several in ", "begins with nothing");
        String unsent = stand.file("never-written.jsonl").toString();
        notRun(
                tally(party, "key", "revoke", report, "--reason", "ended", "--key", "nothing", "--unsent", unsent),
                "begins with nothing");
        assertThat(Path.of(unsent)).doesNotExist();
        does(tally(party, "key", "revoke", report, "--reason", "ended", "--key", report));
    }

    @Test
    void a_party_is_moved_by_those_who_sign_in_their_own_homes() throws IOException {
        String party = "north/mover";
        stand.partner(party).enrolls();
        stand.partner(party).isRecoveredBy(2, enrolled("east/one"), enrolled("west/two"));
        stand.loses(party);
        String file = stand.file("move.jsonl").toString();

        Ended written =
                done(stand.tally("east/one", "party", "rehost", party, "west", "--by", "east/one", "--unsent", file));
        Path copy = Files.copy(Path.of(file), stand.file("move-copy.jsonl"));
        Ended again = stand.tally("east/one", "party", "rehost", party, "west", "--by", "east/one", "--unsent", file);
        does(tally("west/two", "sign", file, "--yes"));
        does(stand.tally("west", "sign", copy.toString(), "--as", "west", "--yes"));
        refused(stand.tally("west", "submit", copy.toString()), "missing is west/two");
        Ended moved = done(stand.tally("west", "submit", file, copy.toString()));

        assertThat(written.output())
                .contains("signed by east/one#", "missing: west/two", "missing: the registrar of west");
        notRun(again, "it is there already");
        assertThat(moved.output()).contains("north/mover is hosted by west");
        assertThat(stand.partner(party).host()).isEqualTo("west");
    }

    /// Whoever accepts by a wallet or in another home reads there what is accepted.
    @Test
    void an_acceptance_that_is_signed_elsewhere_is_shown_with_the_text_of_the_terms() throws IOException {
        ExampleAgreement agreement = ExampleAgreement.roundingModes(Path.of("../../docs/spec/examples"))
                .labeled("elsewhere");
        agreement.signers().forEach(signer -> stand.partner(signer).enrolls());
        stand.partner("north/vendor").offers(agreement);
        String version = done(stand.tally("north/vendor", "agreement", "show", agreement.id(), "--json"))
                .output()
                .replaceAll("(?s).*\"version\":\"([0-9a-f]{64})\".*", "$1");
        String file = stand.file("accept.jsonl").toString();

        does(tally("east/partner", "agreement", "accept", agreement.id(), "--of-version", version, "--unsent", file));
        Ended asked = tally("east/partner", "sign", file, "--typed-data");
        Ended accepted = stand.tally("east/partner", "submit", file);

        assertThat(done(asked).output())
                .contains("accepts the version of " + agreement.id(), "version     " + version, "\"act\":\"accept\"")
                .contains(Files.readString(Path.of("../../docs/spec/examples/12-rounding-modes.txt"))
                        .lines()
                        .findFirst()
                        .orElseThrow());
        assertThat(done(accepted).output()).contains("applied: accept ");
    }

    /// What was changed on its way is signed by nobody.
    @Test
    void a_changed_instruction_is_not_signed_and_one_of_another_time_neither() throws IOException {
        String party = "north/changed";
        stand.partner(party).enrolls();
        stand.partner(party).isRecoveredBy(2, enrolled("east/first"), enrolled("west/second"));
        stand.loses(party);
        Path file = stand.file("changed.jsonl");
        does(stand.tally(party, "key", "recover", party, "--unencrypted", "--unsent", file.toString()));
        Json.Obj envelope = (Json.Obj) ((JsonReader.Value) JsonReader.readCanonical(
                        Bytes.ofUtf8(Files.readString(file).strip())))
                .json();
        String payload = new String(Base64.getUrlDecoder().decode(envelope.text("payload")), StandardCharsets.UTF_8);
        String other = payload.replace("\"revoke\":[]", "\"revoke\":[\"" + "A".repeat(43) + "\"]");
        assertThat(other).isNotEqualTo(payload);
        Path changed = Files.writeString(
                stand.file("changed-on-its-way.jsonl"),
                Json.object()
                                .with(
                                        "payload",
                                        Base64.getUrlEncoder()
                                                .withoutPadding()
                                                .encodeToString(other.getBytes(StandardCharsets.UTF_8)))
                                .with("signatures", envelope.get("signatures"))
                                .build()
                                .canonical()
                                .utf8()
                                .orElseThrow()
                        + "\n");

        refused(
                tally("east/first", "sign", changed.toString(), "--yes"),
                "is not over this instruction: somebody changed the file");
        refused(
                tally("east/stranger", "sign", file.toString(), "--yes"),
                "a signature of east/stranger has no place on this key-recover of north/changed");
        does(tally("east/first", "sign", file.toString(), "--yes"));
        try (Stream<String> lines = Files.lines(file)) {
            assertThat(lines).hasSize(1);
        }
    }

    @Test
    void an_encrypted_key_signs_with_its_passphrase_from_a_file() throws IOException {
        String party = "north/careful";
        Path right = Files.writeString(stand.file("right"), "correct horse\n");
        Path wrong = Files.writeString(stand.file("wrong"), "battery staple\n");
        does(stand.tally(party, "key", "create", party, "--passphrase-file", right.toString()));
        String[] enroll = {
            "party", "enroll", party, "--registrar", stand.home("north").toString(), "--passphrase-file"
        };

        notRun(stand.tally(party, with(enroll, wrong.toString())), "this is not the passphrase of north/careful#");
        does(stand.tally(party, with(enroll, right.toString())));
        Ended rotated = done(tally(party, "key", "rotate", "--passphrase-file", right.toString()));

        assertThat(rotated.output()).contains(" is active", " is revoked");
        assertThat(done(stand.tally(party, "key", "show")).output()).contains(" encrypted ");
    }

    private static String[] with(String[] words, String last) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(last);
        return all.toArray(String[]::new);
    }
}
