package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// `tally terms simulate` as a person and a program meet it.
class SimulateTest {

    private static final Path EXAMPLES = Path.of("../docs/spec/examples");
    private static final Path GUIDE = Path.of("../docs/TERMS.md");
    private static final Pattern CONSOLE = Pattern.compile("```console\n\\$ tally ([^\n]*)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern GUIDE_TERMS = Pattern.compile("```json simulate\n(.*?)```", Pattern.DOTALL);

    /// A royalty with tiers of every kind of mode, and an advance.
    private static final String LABEL = """
            {"terms": "1", "id": "label", "title": "Album <&> more", "hub": "label", "currency": "USD",
             "calendar": {"frequency": "month"}, "parties": [{"id": "label"}, {"id": "artist"}],
             "measures": {"sales": {"plus": [{"type": "sale"}], "minus": [{"type": "refund"}]}},
             "clauses": [
               {"id": "royalty", "type": "fee", "from": "label", "to": "artist", "of": "sales",
                "tiers": {"mode": "MODE", "steps": [{"upTo": 2000000, "rate": "0.1"}, {"rate": "0.15"}]}},
               {"id": "album", "type": "advance", "from": "label", "to": "artist", "clauses": ["royalty"]}],
             "settlement": {}}
            """;

    @TempDir
    Path home = Path.of("");

    private String label = "";
    private String out = "";
    private String err = "";

    @BeforeEach
    void writeTerms() throws IOException {
        label = write("label.json", LABEL.replace("MODE", "whole")).toString();
    }

    private int tally(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.toString()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int exitCode = new Tally(List.of())
                .run(all, new PrintStream(printed, true, UTF_8), new PrintStream(errors, true, UTF_8));
        out = printed.toString(UTF_8);
        err = errors.toString(UTF_8);
        return exitCode;
    }

    private int simulate(String... words) {
        return tally(Stream.concat(Stream.of("terms", "simulate"), Arrays.stream(words))
                .toArray(String[]::new));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }

    private static Json json(String text) {
        return ((JsonReader.Value) JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE)).json();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes"})
    void an_example_is_simulated_as_it_is_settled_and_drawn(String name) throws Exception {
        String file = EXAMPLES.resolve(name + ".json").toString();
        Path chart = home.resolve("chart.svg");
        assertThat(tally("terms", "settle", file)).isZero();
        List<Json> settled = ((Json.Arr) json(out)).items();

        assertThat(simulate(file, "--json", "--chart", chart.toString())).isZero();

        Json.Obj simulated = (Json.Obj) json(out);
        assertThat(simulated.items("periods").stream().map(period -> ((Json.Obj) period).get("statement")))
                .isEqualTo(settled);
        assertThat(simulated.object("volumes").items("points")).hasSizeGreaterThan(10);
        assertThat(parsed(Files.readString(chart)).getDocumentElement().getTagName())
                .isEqualTo("svg");
        assertThat(simulate(file)).isZero();
        assertThat(out).contains("who gets what", "PERIOD").doesNotContain("payouts by volume");
    }

    @Test
    void both_sides_of_a_limit_are_shown_in_three_forms() {
        assertThat(simulate(label)).isZero();
        assertThat(out)
                .contains(
                        "royalty: 10% up to USD 20,000.00 of sales, 15% above (whole)",
                        "below      19,999.99  -2,000.00  2,000.00",
                        "at         20,000.00  -2,000.00  2,000.00",
                        "above      20,000.01  -3,000.00  3,000.00",
                        "payouts by volume");
        assertThat(simulate(label, "--csv", "limits")).isZero();
        assertThat(out.lines())
                .contains(
                        "clause,mode,measure,limit,place,period,volume,account,net,refused",
                        "royalty,whole,sales,2000000,below,2027-01,1999999,artist,200000,",
                        "royalty,whole,sales,2000000,above,2027-01,2000001,artist,300000,");
        assertThat(simulate(label, "--json")).isZero();
        Json.Obj limit = (Json.Obj) ((Json.Obj) json(out)).items("limits").getFirst();
        assertThat(limit.items("rows").stream().map(row -> ((Json.Obj) row).text("volume")))
                .containsExactly("1999999", "2000000", "2000001");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"marginal", "whole", "blended", "forward", "per-event", "lookback"})
    void every_mode_of_tiers_has_its_three_rows(String mode) throws IOException {
        String file = write("mode.json", LABEL.replace("MODE", mode)).toString();

        assertThat(simulate(file, "--csv", "limits")).isZero();

        assertThat(out.lines().filter(line -> line.contains(",artist,")).map(line -> line.split(",", -1)[4]))
                .containsExactly("below", "at", "above");
        assertThat(simulate(file)).isZero();
        assertThat(out.contains("then the same again"))
                .isEqualTo(List.of("forward", "lookback").contains(mode));
    }

    @Test
    void volumes_are_a_table_with_both_sides_of_the_limit() {
        assertThat(simulate(label, "--volume", "1000000..3000000", "--step", "1000000", "--csv", "volumes"))
                .isZero();

        assertThat(out).isEqualTo("""
                        volume,label,artist,refused
                        1000000,-100000,100000,
                        2000000,-200000,200000,
                        2000001,-300000,300000,
                        3000000,-450000,450000,
                        """);
        assertThat(simulate(label, "--volume", "1000000..3000000", "--step", "1000000"))
                .isZero();
        assertThat(out).contains("limit      20,000.00  -2,000.00  2,000.00");
    }

    /// 15% of 25,000.00 are 3,750.00 a month: 10,000.00 are recouped in the third month.
    @Test
    void the_month_in_which_an_advance_is_recouped_is_said_or_what_is_left() {
        String[] imagined = {label, "--volume", "2500000", "--advance", "album=1000000"};

        assertThat(simulate(imagined)).isZero();
        assertThat(out).contains("advance album: 10,000.00 paid, recouped in 2027-03");
        assertThat(simulate(Stream.concat(Arrays.stream(imagined), Stream.of("--to", "2027-02"))
                        .toArray(String[]::new)))
                .isZero();
        assertThat(out).contains("advance album: 10,000.00 paid, 7,500.00 recouped, 2,500.00 left after 2027-02");
        assertThat(simulate(Stream.concat(Arrays.stream(imagined), Stream.of("--csv", "advances"))
                        .toArray(String[]::new)))
                .isZero();
        assertThat(out).isEqualTo("clause,paid,recouped,left,recoupedIn\nalbum,1000000,1000000,0,2027-03\n");
    }

    @Test
    void events_of_a_file_are_settled_in_their_own_periods() throws IOException {
        String events = write("e.csv", """
                        id,type,date,amount,currency
                        a,sale,2026-05-04,1000000,USD
                        b,sale,2026-07-01,3000000,USD
                        """).toString();

        assertThat(simulate(label, "--events", events, "--csv", "periods")).isZero();

        assertThat(out).isEqualTo("""
                        period,account,receives,gives,net,paid,carried,refused
                        2026-05,label,0,100000,-100000,-100000,0,
                        2026-05,artist,100000,0,100000,100000,0,
                        2026-06,label,0,0,0,0,0,
                        2026-06,artist,0,0,0,0,0,
                        2026-07,label,0,450000,-450000,-450000,0,
                        2026-07,artist,450000,0,450000,450000,0,
                        """);
    }

    @Test
    void an_event_that_refuses_a_settlement_is_named() throws IOException {
        String events = write(
                        "e.jsonl",
                        "{\"id\":\"lost\",\"type\":\"refund\",\"date\":\"2026-05-04\",\"amount\":1,\"refOf\":\"x\"}\n")
                .toString();

        assertThat(simulate(label, "--events", events)).isEqualTo(1);

        assertThat(out).contains("2026-05 is refused: EVENT_REF", "  event lost: EVENT_REF");
    }

    @Test
    void what_an_imagined_event_lacks_is_said_with_the_option_that_gives_it() {
        String file = EXAMPLES.resolve("01-channel-reseller.json").toString();

        assertThat(simulate(file, "--attr", "product=none")).isEqualTo(1);

        assertThat(out).contains("2026-Q1 is refused: RATE_MISSING", "give --attr NAME=VALUE");
    }

    /// The old royalty ends, and a better one begins in 2027: 20% of 10,000.00 instead of 10%.
    @Test
    void the_same_events_are_settled_under_old_and_amended_terms() throws IOException {
        String events = write("e.csv", "id,type,date,amount,currency\na,sale,2026-05-04,1000000,USD\n")
                .toString();
        assertThat(tally("terms", "hash", label)).isZero();
        String versioned = "\"version\": 2, \"supersedes\": \"" + out.strip() + "\", \"terms\": \"1\"";
        String amended = LABEL.replace("MODE", "whole").replace("\"terms\": \"1\"", versioned);
        String bad = write("bad.json", amended.replace("\"0.1\"", "\"0.2\"")).toString();
        String good = write(
                        "good.json",
                        amended.replace("\"of\": \"sales\",", "\"of\": \"sales\", \"when\": {\"to\": \"2027-01-01\"},")
                                .replace("],\n \"settlement\"", """
                                        ,
                                        {"id": "better", "type": "fee", "from": "label", "to": "artist", "of": "sales",
                                         "rate": "0.2", "when": {"from": "2027-01-01"}}],
                                        "settlement\""""))
                .toString();

        assertThat(simulate(label, "--events", events, "--amended", good, "--at", "2027-01"))
                .isZero();
        assertThat(out)
                .contains(
                        "the events happen again 1 year later",
                        "2027-05  artist    1,000.00   2,000.00    1,000.00",
                        "the amendment changes nothing that was settled before");
        assertThat(simulate(label, "--events", events, "--amended", good, "--at", "2027-01", "--csv", "amended"))
                .isZero();
        assertThat(out).isEqualTo("""
                        period,account,old,amended,difference
                        2027-05,label,-100000,-200000,-100000
                        2027-05,artist,100000,200000,100000
                        """);
        assertThat(simulate(label, "--events", events, "--amended", bad, "--at", "2027-01"))
                .isEqualTo(1);
        assertThat(out).contains("AMENDMENT_RESTATES: /clauses/0", "the amendment would be refused");
    }

    @Test
    void a_chart_is_the_same_bytes_each_time_and_says_what_it_shows() throws Exception {
        Path first = home.resolve("1.svg");
        Path second = home.resolve("2.svg");

        assertThat(simulate(label, "--chart", first.toString())).isZero();
        assertThat(simulate(label, "--chart", second.toString())).isZero();

        String svg = Files.readString(first);
        assertThat(Files.readString(second)).isEqualTo(svg);
        Document document = parsed(svg);
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("Album <&> more: payouts by volume");
        assertThat(texts(document))
                .contains(
                        "volume in USD",
                        "net payout in USD",
                        "label",
                        "artist",
                        "30,000.00",
                        "1. royalty: 10% up to USD 20,000.00 of sales, 15% above (whole); one step more: label"
                                + " -1,000.00, artist +1,000.00");
        assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(4);
    }

    /// At 8 pixels for a letter of 12, which is wide, no number on the horizontal axis touches its neighbor.
    @ParameterizedTest(name = "--volume 0..{0}")
    @ValueSource(strings = {"7", "999999", "123456789", "99999999999999999999"})
    void the_numbers_of_an_axis_do_not_touch(String most) throws Exception {
        Path chart = home.resolve("c.svg");

        assertThat(simulate(label, "--volume", "0.." + most, "--chart", chart.toString()))
                .isZero();

        NodeList texts = parsed(Files.readString(chart)).getElementsByTagName("text");
        int ticks = 0;
        double free = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            if (text.getAttribute("text-anchor").equals("middle") && !text.hasAttribute("font-weight")) {
                double middle = Double.parseDouble(text.getAttribute("x"));
                double half = text.getTextContent().length() * 8 / 2.0;
                assertThat(middle - half).isGreaterThan(free);
                assertThat(middle + half).isLessThanOrEqualTo(960);
                free = middle + half;
                ticks++;
            }
        }
        assertThat(ticks).isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --volume 10..5                         | the range 10..5 ends before it begins
            --volume 0..100000000 --step 10        | 0 to 100000000 in steps of 10 are 10000001 volumes, more than 2000
            --volume 0..2000 --step 1 --to 2030-12 | 0 to 2000 in steps of 1 are 2001 volumes, more than 2000
            --volume 0..1999 --step 1 --to 2029-12 | are 2000 volumes in 36 periods, more than 50000 settlements
            --volume 0..10 --step 0                | --step is above 0, not 0
            --volume 1.5                           | --volume counts minor units of USD, so it is whole, not 3/2
            --volume x                             | 'x' is not a volume, such as 2000000, or 0..2000000
            --volume 5 --to 2099-01                | 2027-01 to 2099-01 are 865 periods, more than 120
            --volume 5 --pieces 20000              | a volume of 5 is 240000 events in 12 periods, more than 20000
            --volume 9999999999999999999999999999999 | has more than 30 digits
            --volume 5 --events e.csv              | --events and --volume both say what happens
            --events absent.csv                    | no such file: absent.csv
            --step 5                               | --step 5 has no range
            --price 0                              | --price is above 0, not 0
            --pieces 0                             | --pieces is from 1 to 20000, not 0
            --clause nope                          | there is no clause nope
            --clause album                         | no event could be imagined that clause album (advance) counts
            --type cost                            | clause royalty (fee) counts with --type cost
            --type fx                              | 'fx' is not a type of event that measures count
            --advance royalty=5                    | no clause royalty recoups advances
            --from 2027-Q1                         | 2027-Q1 is not a month
            --from 2027-05 --to 2027-02            | the last period, 2027-02, is before the first, 2027-05
            --amended label.json                   | no such file
            --csv periods                          | nothing happens in any period
            --csv amended                          | there are no amended terms
            --csv sales                            | but was 'sales'
            --csv limits --json                    | --json and --csv are two forms of one answer
            """)
    void a_word_that_is_wrong_is_named_with_its_value(String words, String error) {
        assertThat(simulate(Stream.concat(Stream.of(label), Arrays.stream(words.split(" ", -1)))
                        .toArray(String[]::new)))
                .isEqualTo(2);

        assertThat(err).startsWith("tally: error: ").contains(error);
        assertThat(out).isEmpty();
    }

    @Test
    void terms_at_fault_are_not_simulated() throws IOException {
        String file = write("bad.json", LABEL).toString();

        assertThat(simulate(file)).isEqualTo(1);

        assertThat(err).contains("TIER_MODE", "tally: hint: see them all: tally terms check");
    }

    /// Every command of the guide prints what the guide says.
    @ParameterizedTest(name = "tally {0}")
    @MethodSource("commandsOfTheGuide")
    void the_guide_says_what_is_printed(String command, String printed) throws IOException {
        Matcher terms = GUIDE_TERMS.matcher(Files.readString(GUIDE));
        assertThat(terms.find()).isTrue();
        String file = write("label.json", terms.group(1)).toString();
        String[] words = Arrays.stream(command.split(" ", -1))
                .map(word -> word.equals("label.json") ? file : word.replaceFirst("^docs/", "../docs/"))
                .toArray(String[]::new);

        assertThat(tally(words)).isZero();

        assertThat(out).isEqualTo(printed);
    }

    static List<Object[]> commandsOfTheGuide() throws IOException {
        List<Object[]> commands = new ArrayList<>();
        Matcher console = CONSOLE.matcher(Files.readString(GUIDE));
        while (console.find()) {
            commands.add(new Object[] {console.group(1), console.group(2)});
        }
        assertThat(commands).hasSizeGreaterThanOrEqualTo(3);
        return commands;
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    }

    private static List<String> texts(Document document) {
        List<String> all = new ArrayList<>();
        NodeList texts = document.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            all.add(texts.item(i).getTextContent());
        }
        return all;
    }
}
