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
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import picocli.CommandLine.Command;

/// The command line as a person and a program meet it.
class TallyTest {

    private static final Path EXAMPLES = Path.of("../docs/spec/examples");

    @TempDir
    Path home = Path.of("");

    private String out = "";
    private String err = "";

    private int tally(String... words) {
        return tally(new Tally(List.of()), words);
    }

    private int tally(Tally tally, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.toString()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = tally.run(all, new PrintStream(printed, true, UTF_8), new PrintStream(errors, true, UTF_8));
        out = printed.toString(UTF_8);
        err = errors.toString(UTF_8);
        return exitCode;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes"})
    void a_public_example_is_checked_rendered_and_settled(String name) throws IOException {
        String file = EXAMPLES.resolve(name + ".json").toString();

        assertThat(tally("terms", "check", file)).isZero();
        assertThat(out.lines().findFirst()).contains("ok");
        assertThat(out.lines().skip(1)).allMatch(line -> line.startsWith("warning "));
        assertThat(tally("terms", "render", file)).isZero();
        assertThat(out).isEqualTo(Files.readString(EXAMPLES.resolve(name + ".txt")));
        assertThat(tally("terms", "hash", file)).isZero();
        assertThat(out.strip()).matches("[0-9a-f]{64}");
        assertThat(tally("terms", "settle", file)).isZero();
        List<Json> settled = ((Json.Arr) json(out)).items();
        List<Json> asked = ((Json.Obj) json(Files.readString(Path.of(file)))).items("settlements");
        for (int i = 0; i < asked.size(); i++) {
            assertEqual((Json.Obj) settled.get(i), ((Json.Obj) asked.get(i)).object("expected"));
        }
    }

    /// The examples list their lines in the order of the clauses, the engine in that of terms/1 section 13.3.
    private static void assertEqual(Json.Obj settled, Json.Obj expected) {
        assertThat(settled.items("lines")).containsExactlyInAnyOrderElementsOf(expected.items("lines"));
        assertThat(settled.get("payments")).isEqualTo(expected.get("payments"));
        assertThat(settled.get("balances")).isEqualTo(expected.get("balances"));
    }

    private static Json json(String text) {
        return ((JsonReader.Value) JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE)).json();
    }

    @Test
    void faults_of_terms_are_one_line_each_and_exit_with_1() throws IOException {
        Path file = write("terms.json", "{\"terms\":\"1\"}");

        assertThat(tally("terms", "check", file.toString())).isEqualTo(1);
        assertThat(out.lines()).isNotEmpty().allMatch(line -> line.matches("[A-Z_]+: .+"));
        assertThat(tally("terms", "check", file.toString(), "--json")).isEqualTo(1);
        assertThat(json(out)).isInstanceOf(Json.Arr.class);
        assertThat(tally("terms", "hash", file.toString())).isEqualTo(1);
        assertThat(err).contains("tally: hint: see them all: tally terms check");
    }

    @Test
    void warnings_follow_and_change_no_exit_code() throws IOException {
        String example = EXAMPLES.resolve("01-channel-reseller.json").toString();

        assertThat(tally("terms", "check", example)).isZero();
        assertThat(out.lines())
                .containsExactly(
                        "ok",
                        "warning OVERLAP: /clauses/4: clause rebate prices what clause margin prices, at the same time",
                        "warning RATE_NO_DEFAULT: /clauses/1/rate/table: an event whose product is none of the 2 listed"
                                + " stops the settlement; a row * would price it",
                        "warning TIER_CLIFF: /clauses/4/tiers/steps/1: just above 50000000 the rate of everything"
                                + " changes from 0 to 1/50",
                        "warning TIER_CLIFF: /clauses/4/tiers/steps/2: just above 100000000 the rate of everything"
                                + " changes from 1/50 to 3/100");
        assertThat(tally("terms", "check", example, "--json")).isZero();
        assertThat(((Json.Arr) json(out)).items())
                .hasSize(4)
                .allMatch(item -> ((Json.Obj) item).text("kind").equals("warning"));
    }

    @Test
    void a_file_that_is_not_JSON_has_a_fault_of_form_and_names_of_members_break_no_line() throws IOException {
        assertThat(tally("terms", "check", write("broken.json", "{").toString()))
                .isEqualTo(1);
        assertThat(out.lines()).containsExactly("FORM: the document is not JSON: not_json after 1 characters");
        assertThat(tally(
                        "terms",
                        "check",
                        write("line.json", "{\"terms\":\"1\",\"a\\nb\":1}").toString()))
                .isEqualTo(1);
        assertThat(out.lines()).contains("FORM: /a?b: is not a member known here");
    }

    @Test
    void an_amendment_is_checked_against_what_it_amends() throws IOException {
        String old = EXAMPLES.resolve("12-rounding-modes.json").toString();
        assertThat(tally("terms", "hash", old)).isZero();
        String terms = ((Json.Obj) json(Files.readString(Path.of(old))))
                .object("terms")
                .canonical()
                .utf8()
                .orElseThrow();
        String next = "\"version\":2,\"supersedes\":\"" + out.strip() + "\",\"terms\":\"1\"";
        String good = write("good.json", terms.replace("\"terms\":\"1\"", next)).toString();
        String bad = write("bad.json", terms.replace("\"terms\":\"1\"", next).replace("USD", "EUR"))
                .toString();

        assertThat(tally("terms", "check", good, "--amends", old, "--from", "2026-07"))
                .isZero();
        assertThat(out.lines().findFirst()).contains("ok");
        assertThat(tally("terms", "check", bad, "--amends", old, "--from", "2026-07"))
                .isEqualTo(1);
        assertThat(out.lines().findFirst()).contains("AMENDMENT_RESTATES: /currency: must stay USD, not become EUR");
        assertThat(tally("terms", "check", good, "--amends", old, "--from", "2026-Q3"))
                .isEqualTo(2);
        assertThat(err).contains("2026-Q3 is not a month");
        assertThat(tally("terms", "check", good, "--amends", old)).isEqualTo(2);
        assertThat(err).contains("--from");
    }

    @Test
    void what_cannot_be_read_exits_with_2() throws IOException {
        assertThat(tally("terms", "check", "absent.json")).isEqualTo(2);
        assertThat(err).isEqualTo("tally: error: no such file: absent.json" + System.lineSeparator());
        assertThat(tally("terms", "settle", write("case.json", "{}").toString()))
                .isEqualTo(2);
        assertThat(err).contains("is not a case", "tally: hint: ");
        assertThat(tally("terms", "settle", write("broken.json", "{").toString()))
                .isEqualTo(2);
        assertThat(err).contains("is not JSON: not_json");
    }

    @ParameterizedTest(name = "tally {0}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                        | a command is missing
            sing                                      | unmatched argument
            key create nobody!                        | 'nobody!' is not a party or a member, such as north/vendor
            key add --as north/vendor --purposes boss | 'boss' is not a purpose: sign, report, decide or administer
            key revoke abc --reason lost              | 'abc' is not a key, by at least 6 characters of its thumbprint
            key compromised abcdef                    | missing required option: '--since=TIME'
            key compromised abcdef --since never      | 'never' is not a day or an instant, such as 2026-04-01
            key recover                               | missing required parameter: 'PARTY'
            key note north/vendor                     | missing required parameter: 'KEY'
            sign                                      | missing required parameter: 'FILE'
            sign f --typed-data --signature 0x        | --typed-data
            key create north/vendor --algorithm ES512 | 'ES512' is not an algorithm: ES256, Ed25519 or EIP712
            party show north                          | 'north' is not a party, such as north/vendor
            agreement accept north/vendor/reseller    | missing required option: '--of-version=HASH'
            close north/vendor/reseller January       | 'January' is not a period, such as 2026-01, 2026-Q1 or 2026
            report north/vendor/reseller e.json       | missing required option: '--source=S'
            close north/vendor/reseller 2026-01 --wait soon | 'soon' is not a time, such as 10s, 5m, 12h or 30d
            status no-ulid                            | 'no-ulid' is not the id of an instruction
            attest north/vendor/reseller              | missing required parameter: 'EVENT'
            attest north/vendor/reseller sales/42     | 'sales/42' is not an event, such as sales/0000000042
            held north/vendor/reseller --missing north | 'north' is not a party, such as north/vendor
            contradict north/vendor/reseller sales/0000000042 | missing required option: '--reason=TEXT'
            seal north/vendor/reseller 2026-01        | missing required option: '--source=S'
            take-back north/vendor/reseller January --source s | 'January' is not a period, such as 2026-01, 2026-Q1 or 2026
            claim north/vendor/reseller e.json --source s | missing: --evidence
            claim                                     | missing: AGREEMENT
            claim answer north/vendor/reseller 3fa9 --refusal no | '3fa9' is not at least 8 digits of a hash, such as
            """)
    void a_word_that_is_wrong_is_named_with_a_good_one(String words, String error) {
        int exitCode = tally(words.isEmpty() ? new String[0] : words.split(" +"));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.lines().toList()).hasSize(2);
        assertThat(err.lines().findFirst().orElseThrow())
                .startsWith("tally: error: ")
                .contains(error);
        assertThat(err).contains("tally: hint: tally").contains("--help");
        assertThat(out).isEmpty();
    }

    @Test
    void without_a_way_to_the_ledger_the_two_ways_are_named() {
        assertThat(tally("agreement", "show", "north/vendor/reseller")).isEqualTo(2);
        assertThat(err).contains("tally: error: no way to the ledger was given", "--gateway URL", "--peer HOST:PORT");
    }

    @Test
    void a_gateway_that_is_not_there_is_named() {
        assertThat(tally("party", "show", "north/vendor", "--gateway", "http://127.0.0.1:9"))
                .isEqualTo(2);
        assertThat(err).contains("the gateway at http://127.0.0.1:9/ does not answer", "may be run again");
    }

    @Test
    void keys_are_made_and_shown_without_their_secret() throws IOException {
        assertThat(tally("key", "create", "north/vendor", "--unencrypted")).isZero();
        String kid = out.strip();
        assertThat(kid).matches("north/vendor#[A-Za-z0-9_-]{43}");
        assertThat(tally("key", "create", "north", "--algorithm", "ed25519", "--json", "--unencrypted"))
                .isZero();
        assertThat(((Json.Obj) json(out)).text("alg")).isEqualTo("Ed25519");
        assertThat(tally("key", "show")).isZero();
        assertThat(out.lines().toList()).hasSize(3);
        assertThat(out).contains(kid.substring(kid.indexOf('#') + 1));
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(out).doesNotContain(Files.readAllLines(file).get(1));
            }
        }
    }

    @Test
    void keys_of_a_log_are_made_and_shown_without_their_secret() throws IOException {
        String keys = home.resolve("log-keys").toString();
        String ledger = "5".repeat(64);

        assertThat(tally("log-key", "new", "--member", "north", "--kind", "log", "--keys", keys, "--ledger", ledger))
                .isZero();
        List<String> made = out.lines().toList();
        assertThat(tally("log-key", "show", made.getFirst(), "--member", "north", "--ledger", ledger))
                .isZero();
        assertThat(out.lines().toList()).isEqualTo(made);
        assertThat(made.getLast()).startsWith("tallystick/" + ledger + "+");
        assertThat(out)
                .doesNotContain(Files.readAllLines(Path.of(made.getFirst())).get(1));
        assertThat(tally(
                        "log-key",
                        "new",
                        "--member",
                        "north",
                        "--kind",
                        "witness",
                        "--ml-dsa",
                        "--keys",
                        keys,
                        "--json"))
                .isZero();
        assertThat(((Json.Obj) json(out)).text("vkey")).startsWith("north/witness+");
        assertThat(tally("log-key", "new", "--member", "north", "--kind", "head", "--ml-dsa", "--keys", keys))
                .isEqualTo(2);
        assertThat(err).contains("a key of the kind head is Ed25519");
        assertThat(tally("log-key", "new", "--member", "north", "--kind", "tail", "--keys", keys))
                .isEqualTo(2);
        assertThat(err).contains("no kind of a log key: tail");
        assertThat(tally("log-key", "new", "--member", "north", "--kind", "log", "--keys", keys))
                .isEqualTo(2);
        assertThat(err).contains("no way to the ledger");
    }

    @Test
    void who_moves_a_party_without_its_key_is_told_whose_key_is_missing_and_sends_nothing() {
        String gateway = "--gateway=http://127.0.0.1:9";

        assertThat(tally("party", "rehost", "north/vendor", "east", gateway)).isEqualTo(2);
        assertThat(err).contains("no key of north/vendor in ");
        assertThat(tally("key", "create", "west/hub", "--unencrypted")).isZero();
        assertThat(tally("party", "rehost", "north/vendor", "east", "--by", "west/hub", "--by", "west/fund", gateway))
                .isEqualTo(2);
        assertThat(err).contains("no key of west/fund in ").doesNotContain("north/vendor");
        assertThat(tally("party", "rehost", "north/vendor", "east", "--by", "west/hub", gateway))
                .isEqualTo(2);
        assertThat(err).contains("no key of east in ");
        assertThat(tally("key", "create", "east", "--unencrypted")).isZero();
        assertThat(tally("party", "rehost", "north/vendor", "east", "--by", "west/hub", gateway))
                .isEqualTo(2);
        assertThat(err).contains("the gateway at http://127.0.0.1:9/ does not answer");
    }

    @Test
    void recovery_parties_are_named_with_a_threshold_by_the_party_itself() {
        assertThat(tally("party", "recovery", "--as", "north/vendor", "east/fund"))
                .isEqualTo(2);
        assertThat(err).contains("--threshold");
        assertThat(tally("party", "recovery", "--as", "north/vendor", "--threshold", "1"))
                .isEqualTo(2);
        assertThat(err).contains("PARTY");
        assertThat(tally("party", "recovery", "--as", "north/vendor", "--threshold", "1", "east/fund"))
                .isEqualTo(2);
        assertThat(err).contains("no key of north/vendor in ");
    }

    @Test
    void an_envelope_that_nobody_would_read_is_not_sent() throws IOException {
        Path file = write("signed.jsonl", "{\"payload\":\"\"}\n");

        assertThat(tally("submit", file.toString(), "--gateway", "http://127.0.0.1:9"))
                .isEqualTo(1);
        assertThat(err).contains("envelope 1 of " + file + " is refused", "nothing was signed or sent");
    }

    @Test
    void a_document_that_the_ledger_would_refuse_is_not_offered() throws IOException {
        Path file = write("agreement.json", "{\"agreement\":\"1\"}");

        assertThat(tally("agreement", "offer", file.toString(), "--as", "north/vendor"))
                .isEqualTo(1);
        assertThat(err).contains("is at fault", "docs/spec/agreement-1.md");
    }

    @Test
    void a_document_with_too_many_single_events_is_not_offered_and_the_hint_says_how_many_are_left()
            throws IOException {
        Path file = write("agreement.json", """
                {"agreement":"1","governance":{"kind":"unanimous"},"home":{"kind":"public"},"id":"north/vendor/channel",
                 "limits":{"singleEvents":9000},"number":1,"opening":"2026-01",
                 "parties":{"shop":"east/shop","vendor":"north/vendor"},
                 "roles":{"sources":[
                   {"first":"2026-01","id":"shop","owner":"shop","types":["refund","sale"]},
                   {"first":"2026-01","id":"till","owner":"shop","types":["refund","sale"]},
                   {"first":"2026-01","id":"web","owner":"vendor","types":["sale"]}]},
                 "starts":"2026-01","term":{"from":"2026-01-01"},
                 "terms":{"terms":"1","id":"T1","title":"Commission","hub":"vendor","currency":"EUR",
                   "calendar":{"frequency":"month"},"parties":[{"id":"vendor"},{"id":"shop"}],
                   "measures":{"net":{"plus":[{"type":"sale"}],"minus":[{"type":"refund"}]}},
                   "clauses":[{"id":"c","type":"fee","from":"vendor","to":"shop","of":"net","window":"life",
                     "tiers":{"mode":"forward","steps":[{"upTo":1000,"rate":"1/8"},{"rate":"1/4"}]}}],
                   "settlement":{}}}
                """);

        assertThat(tally("agreement", "offer", file.toString(), "--as", "north/vendor"))
                .isEqualTo(1);
        assertThat(err)
                .contains(
                        "more than 20000 events one by one: limits.singleEvents is 9000 for each of the sources shop,"
                                + " till, web and of the clauses c (single_events_many)",
                        "let limits.singleEvents be at most 6666");
    }

    @ParameterizedTest(name = "tally {0} --help")
    @MethodSource("commands")
    void every_command_teaches_with_an_example(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--help");

        assertThat(tally(words.toArray(String[]::new))).isZero();
        assertThat(out).contains("Usage: tally " + command, "Example:", "  tally " + command);
    }

    /// A list of commands says of each what it does, and does not break off where its help goes on.
    @ParameterizedTest(name = "tally {0}")
    @ValueSource(strings = {"", "terms", "key", "party", "member", "agreement", "claim", "trial", "log-key"})
    void every_command_is_listed_with_a_whole_sentence(String group) {
        assertThat(tally((group + " --help").strip().split(" "))).isZero();
        String listed = out.substring(out.indexOf("Commands:\n") + "Commands:\n".length());
        List<String> commands =
                List.of(listed.substring(0, listed.contains("\n\n") ? listed.indexOf("\n\n") : listed.length())
                        .split("\n(?=  [a-z])"));

        assertThat(out).contains("Commands:\n");
        assertThat(commands)
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command.strip()).endsWith("."));
    }

    /// Whatever becomes of it without a ledger and without keys, it is not for its words.
    @ParameterizedTest(name = "tally {0} --help")
    @MethodSource("commands")
    void every_example_that_is_shown_is_understood(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add("--help");
        assertThat(tally(words.toArray(String[]::new))).isZero();
        List<String> examples = out.substring(out.indexOf("Example:"))
                .lines()
                .filter(line -> line.startsWith("  tally "))
                .map(line -> line.substring("  tally ".length()))
                .toList();

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            int _ = tally(example.split(" +"));
            assertThat(err).as(example).doesNotContainIgnoringCase("unknown option", "unmatched", "missing required");
        }
    }

    static List<String> commands() {
        return List.of(
                "log-key",
                "log-key new",
                "log-key show",
                "log-key register",
                "terms",
                "terms check",
                "terms render",
                "terms hash",
                "terms settle",
                "terms simulate",
                "key",
                "key create",
                "key show",
                "party",
                "party enroll",
                "party rehost",
                "party recovery",
                "party show",
                "member",
                "agreement",
                "agreement offer",
                "agreement show",
                "agreement list",
                "report",
                "declare",
                "close",
                "statement",
                "submit",
                "status",
                "follow",
                "trial",
                "trial clock");
    }

    @Test
    void commands_from_elsewhere_stand_beside_ours() {
        Tally tally = new Tally(List.of(Greeting::new));

        assertThat(tally(tally, "greet", "--json")).isEqualTo(7);
        assertThat(out.strip()).isEqualTo("\"hello\"");
    }

    @Command(name = "greet")
    private record Greeting(Shell shell) implements Callable<Integer> {
        @Override
        public Integer call() {
            shell.print(Json.text("hello"));
            return 7;
        }
    }

    @Test
    void a_mistake_of_ours_is_loud() {
        Tally tally = new Tally(List.of(shell -> new Broken()));

        assertThat(tally(tally, "broken")).isEqualTo(2);
        assertThat(err).contains("java.lang.IllegalStateException", "a mistake in tally itself");
    }

    @Command(name = "broken")
    private static final class Broken implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("ours");
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }
}
