package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Promise;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningInput;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Markers;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.Committed;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;

/// What partners, auditors and liars see, from enrollment to a verified pack, on whatever ledger a subclass starts.
///
/// Nothing here knows which ledger that is: another kind is another [Network], and these sentences hold on it
/// unchanged.
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Scenarios {

    private static final Path EXAMPLES = Path.of("../../docs/spec/examples");
    /// All examples are over by then; before that day the clock of the trial is moved there.
    private static final String ALL_OVER = "2026-10-02";

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final Pattern CLAIM = Pattern.compile("the claim ([0-9a-f]{64}) is open");

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

    private static final Comparator<Position> IN_THE_BLOCKS = Comparator.comparing(Position::block)
            .thenComparing(Position::transaction)
            .thenComparing(Position::item);

    private final Transcript transcript = new Transcript();
    private Stand stand;
    /// Nothing if it did not come up: then that is the error to be seen.
    private Optional<Stand> ending = Optional.empty();
    private Auditor auditor;
    private long before;

    /// Starts a network whose ledger has begun as a trial.
    abstract Network start(Path folder) throws IOException;

    @BeforeAll
    void set(@TempDir Path folder) throws IOException {
        stand = Stand.set(folder, start(folder), transcript);
        ending = Optional.of(stand);
        auditor = new Auditor(stand, "scenarios");
        stand.registerRegistrars();
        if (Instant.now().isBefore(Instant.parse(ALL_OVER + "T00:00:00Z"))) {
            stand.moveClock(ALL_OVER);
        }
    }

    @AfterAll
    void end() {
        ending.ifPresent(Stand::close);
    }

    @BeforeEach
    void begin() throws IOException, LedgerException {
        try (Ledger ledger = stand.network().connect(stand.network().members().getFirst())) {
            before = ledger.height();
        }
    }

    @AfterEach
    void record(TestInfo scenario) throws IOException, LedgerException {
        try (Ledger ledger = stand.network().connect(stand.network().members().getFirst())) {
            Recordings.add(stand.network().kind(), Recording.since(before, scenario.getDisplayName(), ledger));
        }
    }

    static Stream<Named<ExampleAgreement>> examples() throws IOException {
        return ExampleAgreement.all(EXAMPLES).stream().map(example -> Named.of(example.id(), example));
    }

    private ExampleAgreement creators(String label) throws IOException {
        return ExampleAgreement.creators(EXAMPLES).labeled(label);
    }

    Stand stand() {
        return stand;
    }

    Auditor auditor() {
        return auditor;
    }

    void settled(ExampleAgreement agreement, String period) {
        agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
        stand.partner(agreement.hub()).closes(agreement, period);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void a_public_example_settles_to_the_last_minor_unit_and_its_pack_verifies(ExampleAgreement agreement)
            throws IOException, InterruptedException {
        stand.agree(agreement);

        TreeMap<String, Optional<String>> differences = new TreeMap<>();
        for (String period : agreement.periods()) {
            settled(agreement, period);
            differences.put(period, stand.partner(agreement.hub()).finds(agreement, period));
        }
        Ended verified = auditor.verifies(auditor.packs(agreement), auditor.trusts());

        assertThat(differences)
                .isNotEmpty()
                .allSatisfy((_, difference) -> assertThat(difference).isEmpty());
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("PASS accuracy.settled", "result: holds (a trial)");
    }

    @Test
    void a_close_too_long_for_one_step_is_taken_on_by_the_gateway_and_its_pack_verifies() throws Exception {
        ExampleAgreement wide = WideAgreement.of("shares", 1);
        stand.agree(wide);
        String period = wide.periods().getFirst();
        Partner hub = stand.partner(wide.hub());
        hub.reports(wide, period);

        String closed = stand.told(wide.hub(), "close", wide.id(), period);

        Optional<String> difference = hub.finds(wide, period);
        Ended again = stand.tally(wide.hub(), "close", wide.id(), period);
        Ended verified = auditor.verifies(auditor.packs(wide), auditor.trusts());
        assertThat(closed).contains("is being closed: ", " steps are done", period + " is settled with 7000 lines: ");
        assertThat(difference).isEmpty();
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).contains("period_settled");
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("PASS accuracy.settled", "result: holds (a trial)");
    }

    @Test
    void parties_that_move_to_another_member_take_three_agreements_along_and_the_packs_verify_across_the_move()
            throws Exception {
        String mover = "west/mover";
        String loser = "west/loser";
        List<ExampleAgreement> agreements = hostedBy(mover, loser, "moved");
        agreements.forEach(stand::agree);
        List<ExampleAgreement> longer = agreements.subList(0, 2);
        longer.forEach(agreement -> settled(agreement, agreement.periods().getFirst()));
        stand.partner(loser).isRecoveredBy(2, "north/platform", "east/ana", "east/ben");

        stand.partner(mover).moves("east");
        Ended alone = stand.partner(loser).isMoved("north", "east/ana");
        Ended withAnother = stand.partner(loser).isMoved("north", "east/ana", mover);
        Ended together = stand.partner(loser).isMoved("north", "east/ana", "north/platform");
        longer.forEach(agreement -> settled(agreement, agreement.periods().get(1)));
        settled(agreements.getLast(), agreements.getLast().periods().getFirst());

        assertThat(List.of(alone, withAnother)).allSatisfy(ended -> {
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
            assertThat(ended.output()).contains("signers_wrong");
        });
        assertThat(together.exitCode()).as(together.output()).isZero();
        assertThat(stand.partner(mover).host()).isEqualTo("east");
        assertThat(stand.partner(loser).host()).isEqualTo("north");
        verified(agreements, auditor.trusts());
    }

    @Test
    void a_party_has_keys_for_each_task_loses_them_is_recovered_by_two_in_their_own_homes_and_signs_by_a_wallet()
            throws Exception {
        String shop = "east/shop";
        ExampleAgreement agreement =
                ExampleAgreement.channelReseller(EXAMPLES).labeled("keys").played("reseller", shop);
        List<String> periods = agreement.periods();
        Partner owner = stand.partner(shop);
        stand.agree(agreement);
        owner.isRecoveredBy(2, "north/vendor", "west/distributor");

        Ended added = owner.asks(
                "key", "add", "--purposes", "report", "--types", "sale,refund", "--holder", "till", "--unencrypted");
        String till = keyOf(owner, "report");
        settled(agreement, periods.getFirst());
        Ended limited = owner.asks(
                "key", "add", "--purposes", "report", "--amount", "100", "--until", "2030-01-01", "--unencrypted");
        String small = keysOf(owner, "report").stream()
                .filter(key -> !key.equals(till))
                .findFirst()
                .orElseThrow();
        Ended tooMuch = owner.asks(
                "report",
                agreement.id(),
                stand.write("too-much.json", Json.array(agreement.events("pos", periods.get(1))))
                        .toString(),
                "--source",
                "pos",
                "--key",
                small);
        Ended ended = owner.asks("key", "revoke", small, "--reason", "ended");
        Ended rotated = owner.asks("key", "rotate", "--key", till, "--unencrypted");
        settled(agreement, periods.get(1));
        Ended compromised = owner.asks("key", "compromised", till, "--since", "2026-01-01");

        stand.loses(shop);
        String recovery = stand.file("recovery.jsonl").toString();
        Ended alone = stand.tally(shop, "key", "recover", shop, "--unencrypted", "--unsent", recovery);
        Ended tooFew = stand.tally(shop, "submit", recovery);
        Ended first = stand.partner("north/vendor").asks("sign", recovery, "--yes");
        Ended twice = stand.partner("north/vendor").asks("sign", recovery, "--yes");
        Ended stranger = stand.partner("north/vendor").asks("sign", recovery, "--yes", "--as", "east/reseller");
        Ended second = stand.partner("west/distributor").asks("sign", recovery, "--yes");
        Ended recovered = stand.tally("west/distributor", "submit", recovery);

        String declaration = walletDeclares(agreement, owner, periods.get(2));
        stand.partner("west/distributor").reports(agreement, periods.get(2));
        stand.partner(agreement.hub()).closes(agreement, periods.get(2));
        Ended verified = auditor.verifies(auditor.packs(agreement), auditor.trusts());

        assertThat(List.of(added, limited, ended, rotated, compromised, alone, first, second, recovered))
                .allSatisfy(one -> assertThat(one.exitCode()).as(one.output()).isZero());
        assertThat(tooMuch.exitCode()).as(tooMuch.output()).isEqualTo(1);
        assertThat(tooMuch.output()).contains("key_limit");
        assertThat(tooFew.exitCode()).isEqualTo(1);
        assertThat(tooFew.output()).contains("missing is north/vendor, west/distributor");
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.output()).contains("north/vendor has signed this already", "missing: west/distributor");
        assertThat(stranger.exitCode()).as(stranger.output()).isEqualTo(2);
        assertThat(second.output()).contains("all have signed; send it: tally submit ");
        assertThat(recovered.output()).contains(" of " + shop + " is active", " of " + shop + " is revoked");
        assertThat(declaration).contains("applied: declare ");
        for (String period : periods) {
            assertThat(stand.partner(agreement.hub()).finds(agreement, period)).isEmpty();
        }
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output())
                .contains("PASS accuracy.settled", "result: holds (a trial)")
                .containsPattern("report was signed at .* by the key " + shop + "#" + till
                        + ", compromised since 2026-01-01T00:00:00Z");
    }

    /// A wallet that the party has somewhere else: it reports the third period and declares it complete.
    private String walletDeclares(ExampleAgreement agreement, Partner owner, String period) throws Exception {
        String shop = owner.party();
        String wallet = shop + " wallet";
        stand.run(wallet, "key", "create", shop, "--algorithm", "EIP712", "--unencrypted");
        Envelope.Hand hand = new KeyFolder(stand.home(wallet)).hand(new PartyId(shop));
        String address = ((Key.Wallet) hand.key().key()).address();
        String registered = stand.file("wallet.jsonl").toString();
        stand.run(
                shop, "key", "add", "--as", shop, "--purposes", "report", "--public", address, "--unsent", registered);
        signedByWallet(hand, shop, registered);
        stand.run(shop, "submit", registered);
        stand.run(shop, "key", "note", shop, address);

        stand.run(
                shop,
                "report",
                agreement.id(),
                stand.write("by-admin.json", Json.array(agreement.events("pos", period)))
                        .toString(),
                "--source",
                "pos",
                "--as",
                shop,
                "--key",
                keyOf(owner, "administer,decide,report,sign"));
        String declared = stand.file("declared.jsonl").toString();
        stand.run(shop, "declare", agreement.id(), period, "--source", "pos", "--as", shop, "--unsent", declared);
        signedByWallet(hand, shop, declared);
        return stand.told(shop, "submit", declared);
    }

    /// What a wallet does with the typed data, done with its key.
    private void signedByWallet(Envelope.Hand wallet, String shop, String file) throws Exception {
        String typed = stand.told(shop, "sign", file, "--as", shop, "--typed-data");
        PartlySigned partlySigned = (PartlySigned)
                PartlySigned.read(Bytes.ofUtf8(Files.readString(Path.of(file)).strip()));
        SigningInput input = partlySigned.input(wallet.owner(), wallet.key().key());
        assertThat(typed).contains(input.typedData().canonical().utf8().orElseThrow());
        stand.run(
                shop,
                "sign",
                file,
                "--as",
                shop,
                "--yes",
                "--signature",
                "0x" + wallet.key().sign(input).toHex());
    }

    /// The one key of a party that is good and has exactly these purposes.
    private String keyOf(Partner owner, String purposes) {
        List<String> found = keysOf(owner, purposes);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private List<String> keysOf(Partner owner, String purposes) {
        String listed = stand.told(owner.party(), "key", "list", owner.party(), "--json");
        Json.Arr keys = (Json.Arr) ((JsonReader.Value) JsonReader.readCanonical(Bytes.ofUtf8(listed.strip()))).json();
        return keys.items().stream()
                .map(Json.Obj.class::cast)
                .filter(key -> !key.object("record").has("revoked"))
                .filter(key -> String.join(
                                ",",
                                key.object("record").items("purposes").stream()
                                        .map(purpose -> ((Json.Text) purpose).value())
                                        .toList())
                        .equals(purposes))
                .map(key -> key.text("kid").substring(key.text("kid").indexOf('#') + 1))
                .toList();
    }

    /// Three agreements with parties of a member: one that signs reports in two of them, and one that signs in the
    /// third only to accept.
    List<ExampleAgreement> hostedBy(String reporting, String accepting, String label) throws IOException {
        return List.of(
                ExampleAgreement.channelReseller(EXAMPLES).labeled(label).played("distributor", reporting),
                ExampleAgreement.serviceDelivery(EXAMPLES).labeled(label).played("support", reporting),
                creators(label).played("c", accepting));
    }

    /// The settlements of the first two periods are the examples', the packs verify, and the members of the parties
    /// endorsed all that these signed.
    void verified(List<ExampleAgreement> agreements, Path trust) throws IOException, InterruptedException {
        for (ExampleAgreement agreement : agreements) {
            List<String> periods = agreement.periods();
            for (String period : periods.subList(0, Math.min(2, periods.size()))) {
                assertThat(stand.partner(agreement.hub()).finds(agreement, period))
                        .as(agreement.id() + " " + period)
                        .isEmpty();
            }
            Ended verified = auditor.verifies(auditor.packs(agreement), trust);
            assertThat(verified.exitCode()).as(verified.output()).isZero();
            assertThat(verified.output())
                    .contains(
                            "PASS accuracy.settled",
                            "PASS attention.not-endorsed-by-host none:",
                            "result: holds (a trial)");
        }
    }

    @Test
    void what_waits_for_attestation_counts_when_it_has_it_and_who_keeps_silent_is_sealed_and_claims_are_answered()
            throws Exception {
        SharedSales sales = sharedSales();
        Partner platform = stand.partner(SharedSales.PLATFORM);
        Partner shop = stand.partner(SharedSales.SHOP);
        Partner books = stand.partner(SharedSales.BOOKS);
        Partner maker = stand.partner(SharedSales.MAKER);
        String id = SharedSales.ID;
        String first = sales.books.month(0);
        String second = sales.books.month(1);
        String third = sales.books.month(2);

        // Four eyes: what the shop reports waits for the other party of its member, and a refund waits with its sale.
        Json.Obj sold = sales.sale(0, 10, 10_000);
        Json.Obj returned = sales.refund(0, 12, 3_001, "shop/0000000001");
        shop.reports(id, "shop", List.of(sold, sales.sale(0, 11, 20_000), sales.sale(0, 13, 500)));
        maker.reports(id, "returns", List.of(returned));
        String all = books.held(id);
        String waiting = books.held(id, "--missing", SharedSales.BOOKS);
        String json = books.held(id, "--json");
        Ended own = shop.attests(id, "shop/0000000001");
        Ended attested = books.attests(id, "shop/0000000001");
        Ended contradicted = books.contradicts(id, "shop/0000000002", "it never left the store");

        // A claim ends in the event, another in a reason.
        Ended claimed = maker.claims(id, "shop", sales.sale(0, 20, 7_000), "invoice-17");
        shop.reports(id, "shop", List.of(sales.sale(0, 20, 7_000)));
        Ended answered = shop.answers(id, claim(claimed), "shop/0000000004");
        Ended claimedAgain = maker.claims(id, "shop", sales.sale(0, 21, 9_000), "invoice-18");
        Ended lacking = platform.asks("period", first);
        Ended owed = platform.asks("period", first, "--owing", SharedSales.SHOP);
        Ended toAnswer = shop.asks("due", "--within", "60d", "--owing", SharedSales.SHOP);
        // By the digits of it that lists show.
        String open = claim(claimedAgain).substring(0, 12);
        Ended refused = shop.refuses(id, open, "the order was cancelled");
        Ended unknown = shop.refuses(id, "00000000", "no");
        Ended claims = shop.asks("claim", "list", id);
        Ended openClaims = shop.asks("claim", "list", id, "--open");
        Ended answeredTwice = shop.refuses(id, claim(claimed), "no");

        // The maker keeps silent for the first month, and the grace is over.
        shop.declares(id, "shop", first);
        Ended sealed = shop.seals(id, "returns", first);
        Ended tooLate = maker.takesBack(id, "returns", first);
        platform.closes(id, first);

        // Attested late: booked in the month that is open then.
        Ended late = books.attests(id, "shop/0000000003", "shop/0000000004");
        shop.declares(id, "shop", second);
        maker.declares(id, "returns", second);
        platform.closes(id, second);

        // Declared, taken back, and declared again with what was missing.
        shop.declares(id, "shop", third);
        Ended takenBack = shop.takesBack(id, "shop", third);
        Json.Obj missing = sales.sale(2, 5, 101);
        shop.reports(id, "shop", List.of(missing));
        Ended lastAttested = books.attests(id, "shop/0000000005");
        shop.declares(id, "shop", third);
        maker.declares(id, "returns", third);
        platform.closes(id, third);

        assertThat(all.lines())
                .anyMatch(line -> line.matches("returns/0000000001 .* refund .*30\\.01.* shop/0000000001 *"))
                .anyMatch(line -> line.matches("shop/0000000002 .* sale .*200\\.00.* east/books *"));
        assertThat(waiting).contains("shop/0000000003").doesNotContain("returns/0000000001");
        assertThat(json)
                .contains("\"heldBy\":\"shop/0000000001\",\"id\":\"returns/0000000001\",\"missing\":[]")
                .contains("\"id\":\"shop/0000000001\",\"missing\":[\"east/books\"]");
        assertThat(shop.held(id)).contains("shop/0000000002", "east/books").doesNotContain("shop/0000000005");
        assertThat(lacking.output().lines())
                .anyMatch(line -> line.matches(".* attestation of shop/0000000002 +east/books .*no close waits.*"))
                .anyMatch(line -> line.matches(".* declaration of returns .*"))
                .anyMatch(line -> line.contains("answer to claim " + open + " of shop"));
        assertThat(owed.output())
                .contains("answer to claim " + open, "declaration of shop")
                .doesNotContain(claim(claimed).substring(0, 12), "declaration of returns");
        assertThat(toAnswer.output()).contains("answer claim " + open + " of shop");
        assertThat(claims.output().lines())
                .anyMatch(line -> line.matches(".* shop +sale of .*-20, 70\\.00.*invoice-17.* shop/0000000004"))
                .anyMatch(line -> line.matches(open + " .*-21, 90\\.00.* refused: the order was cancelled"));
        assertThat(openClaims.output()).isEqualTo("no claim is open\n");
        assertThat(unknown.exitCode()).as(unknown.output()).isEqualTo(1);
        assertThat(unknown.output()).contains("0 claims of " + id + " begin with 00000000");
        refusedWith(own, "not_allowed");
        refusedWith(answeredTwice, "claim_answered");
        refusedWith(tooLate, "grace_over");
        assertThat(List.of(attested, contradicted, answered, refused, sealed, late, takenBack, lastAttested))
                .allSatisfy(
                        ended -> assertThat(ended.exitCode()).as(ended.output()).isZero());
        assertThat(attested.output()).contains("booked now: returns/0000000001, shop/0000000001");
        assertThat(sealed.output()).contains("returns is sealed for " + first);
        sales.books.books("shop/0000000001", sold, 0);
        sales.books.books("returns/0000000001", returned, 0);
        sales.books.books("shop/0000000003", sales.sale(0, 13, 500), 1);
        sales.books.books("shop/0000000004", sales.sale(0, 20, 7_000), 1);
        sales.books.books("shop/0000000005", missing, 2);
        for (int month = 0; month < 3; month++) {
            assertThat(maker.finds(id, sales.books.month(month), sales.books.settled(month)))
                    .as(sales.books.month(month))
                    .isEmpty();
        }
        Ended verified = auditor.verifies(auditor.packs(id), auditor.trusts());
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output())
                .contains(
                        "PASS accuracy.settled",
                        "PASS accuracy.verdicts",
                        "PASS cutoff.booking",
                        "source returns was sealed for " + first + " by east/shop",
                        "east/books contradicts shop/0000000002: it never left the store",
                        "1 events of source shop are still held",
                        "was answered with shop/0000000004",
                        "was refused: the order was cancelled",
                        "result: holds (a trial)");
    }

    /// The parties have enrolled and agreed.
    private SharedSales sharedSales() throws LedgerException {
        try (HttpCourier gateway = new HttpCourier(stand.gateway())) {
            SharedSales sales = new SharedSales(
                    gateway.net().time(new LedgerTime(Instant.now().getEpochSecond())));
            SharedSales.SIDES.forEach(party -> stand.partner(party).enrolls());
            stand.partner(SharedSales.BOOKS).enrolls();
            stand.partner(SharedSales.PLATFORM).offers("shared", sales.document());
            SharedSales.SIDES.stream()
                    .skip(1)
                    .forEach(party -> stand.partner(party).accepts(SharedSales.ID));
            return sales;
        }
    }

    @Test
    void of_two_reports_of_a_sale_one_counts_when_they_agree_and_both_sides_see_where_they_differ() throws Exception {
        NoticedSales sales = noticedSales();
        Partner platform = stand.partner(NoticedSales.PLATFORM);
        Partner shop = stand.partner(NoticedSales.SHOP);
        String id = NoticedSales.ID;
        String first = sales.books.month(0);
        String second = sales.books.month(1);

        // Two sales come alike, in whatever order; two differ; of one there is no notice.
        shop.reports(id, "notices", List.of(sales.sale("R-1", 0, 10_000)));
        platform.reports(
                id,
                "sales",
                List.of(
                        sales.sale("R-1", 0, 10_000),
                        sales.sale("R-2", 0, 20_000),
                        sales.sale("R-3", 0, 30_000),
                        sales.sale("R-4", 0, 40_000),
                        sales.sale("R-5", 0, 50_000)));
        shop.reports(
                id,
                "notices",
                List.of(
                        sales.sale("R-2", 0, 20_000),
                        sales.sale("R-3", 0, 30_030),
                        sales.sale("R-4", 0, 4_000),
                        sales.sale("R-9", 0, 900)));
        Ended seen = platform.asks("matches", id, first);
        Ended seenByShop = shop.asks("matches", id, first);
        Ended nameless = platform.asks(
                "report",
                id,
                stand.write("nameless.json", Json.array(List.of(sales.nameless())))
                        .toString(),
                "--source",
                "sales",
                "--preview");
        Ended declared = shop.asks("declare", id, first, "--source", "notices");

        // One difference is the notice's, and is solved by a right one; the other by attesting the event as it is.
        shop.reports(id, "notices", List.of(sales.sale("R-3", 0, 30_000)));
        Ended attested = shop.attests(id, "sales/0000000004");
        platform.declares(id, "sales", first);
        platform.closes(id, first);

        // What was left open counts when its notice comes, in the month that is open then.
        platform.reports(id, "sales", List.of(sales.sale("R-6", 1, 606)));
        shop.reports(id, "notices", List.of(sales.sale("R-5", 0, 50_000)));
        platform.declares(id, "sales", second);
        platform.closes(id, second);
        Ended left = shop.asks("matches", id, "--open");
        Ended json = shop.asks("matches", id, second, "--json");

        assertThat(seen.output())
                .isEqualTo(seenByShop.output())
                .contains(
                        "sales counts, notices gives notice, by invoice; an event counts once both agree",
                        "2 agreed, 2 differ, 1 only in sales, 1 only in notices");
        assertThat(seen.output().lines())
                .anyMatch(line -> line.matches("R-1 +sales/0000000001 .*notices/0000000001 .*agreed"))
                .anyMatch(line -> line.matches("R-3 .*300\\.00 EUR.*300\\.30 EUR +differs in amount"))
                .anyMatch(line -> line.matches("R-5 .*only in sales"))
                .anyMatch(line -> line.matches("R-9 .*only in notices"));
        assertThat(nameless.output()).contains("reference_missing", "attrs.invoice");
        refusedWith(declared, "source_of_notices");
        assertThat(attested.output()).contains("booked now: sales/0000000004");
        assertThat(left.output())
                .contains("4 agreed, 1 differ, 1 only in sales, 2 only in notices")
                .doesNotContain("R-1 ", "R-5 ");
        assertThat(json.output())
                .contains("\"reference\":\"R-6\"", "\"standing\":\"only-counted\"")
                .doesNotContain("R-5");
        for (int n = 1; n <= 4; n++) {
            sales.books.books("sales/000000000" + n, sales.sale("R-" + n, 0, n * 10_000L), 0);
        }
        sales.books.books("sales/0000000005", sales.sale("R-5", 0, 50_000), 1);
        for (int month = 0; month < 2; month++) {
            assertThat(shop.finds(id, sales.books.month(month), sales.books.settled(month)))
                    .as(sales.books.month(month))
                    .isEmpty();
        }
        Ended verified = auditor.verifies(auditor.packs(id), auditor.trusts());
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output())
                .contains(
                        "PASS accuracy.settled",
                        "PASS accuracy.verdicts",
                        "PASS cutoff.booking",
                        "sale \"R-4\": the two differ: sales/0000000004 says",
                        "sale \"R-9\": only one side has it",
                        "1 events of source sales are still held",
                        "result: holds (a trial)");
    }

    /// The parties have enrolled and agreed.
    private NoticedSales noticedSales() throws LedgerException {
        try (HttpCourier gateway = new HttpCourier(stand.gateway())) {
            NoticedSales sales = new NoticedSales(
                    gateway.net().time(new LedgerTime(Instant.now().getEpochSecond())));
            stand.partner(NoticedSales.PLATFORM).enrolls();
            stand.partner(NoticedSales.SHOP).enrolls();
            stand.partner(NoticedSales.PLATFORM).offers("noticed", sales.document());
            stand.partner(NoticedSales.SHOP).accepts(NoticedSales.ID);
            return sales;
        }
    }

    /// The claim that a command has made, as it printed it.
    static String claim(Ended claimed) {
        Matcher found = CLAIM.matcher(claimed.output());
        assertThat(found.find()).as(claimed.output()).isTrue();
        return found.group(1);
    }

    private static void refusedWith(Ended ended, String code) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(code);
    }

    @Test
    void a_statement_is_what_was_provisional_before_and_every_posting_of_it_is_explained() throws Exception {
        ExampleAgreement agreement = ExampleAgreement.channelReseller(EXAMPLES).labeled("stated");
        String period = agreement.periods().getFirst();
        String reseller = agreement.ledgerParty("reseller");
        Partner hub = stand.partner(agreement.hub());
        stand.agree(agreement);
        agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));

        Ended early = hub.asks("statement", agreement.id(), period);
        Json.Obj provisional = json(hub.asks("statement", agreement.id(), "--provisional", "--json"));
        hub.closes(agreement, period);
        Json.Obj settled = json(hub.asks("statement", agreement.id(), period, "--json"));
        Json.Obj own = json(hub.asks("statement", agreement.id(), "--party", reseller, "--json"));
        List<String> straight = new ArrayList<>(List.of("statement", agreement.id(), period, "--json"));
        straight.addAll(stand.network().access(stand.network().members().getFirst()));
        Json.Obj atThePeer = json(hub.asks(straight.toArray(String[]::new)));
        Ended late = hub.asks("statement", agreement.id(), period, "--provisional");
        Ended nobody = hub.asks("statement", agreement.id(), period, "--party", "nobody");

        refusedWith(early, period + " is not settled");
        refusedWith(late, "nothing provisional about it");
        assertThat(nobody.exitCode()).as(nobody.output()).isEqualTo(2);
        assertThat(provisional.bool("provisional")).isTrue();
        assertThat(settled.bool("provisional")).isFalse();
        assertThat(provisional.get("lines")).isEqualTo(settled.get("lines"));
        assertThat(provisional.get("payments")).isEqualTo(settled.get("payments"));
        assertThat(settled.object("standing").has("position"))
                .as(settled.object("standing").canonical().toString())
                .isTrue();
        assertThat(atThePeer).isEqualTo(settled);
        assertThat(own.items("parties")).hasSize(1);
        assertThat(own.items("lines")).isNotEmpty().isSubsetOf(settled.items("lines"));
        everyPostingIsExplained(hub, settled);
        refusedWith(hub.asks("explain", agreement.id() + "/" + period + "/999"), "none of number 999");
        byte[] once = Files.readAllBytes(hub.files(agreement.id(), period, "once.pdf"));
        byte[] again = Files.readAllBytes(hub.files(agreement.id(), period, "again.pdf"));
        assertThat(new String(once, StandardCharsets.ISO_8859_1)).startsWith("%PDF");
        assertThat(again).isEqualTo(once);
    }

    /// To the number that the statement has.
    private static void everyPostingIsExplained(Partner party, Json.Obj statement) {
        for (Json posting : statement.items("postings")) {
            Json.Obj stated = (Json.Obj) posting;
            Json.Obj explained = json(party.asks("explain", stated.text("posting"), "--json"));
            List<Json> steps = explained.object("posting").items("steps");
            assertThat(explained.get("posting")).isEqualTo(stated);
            assertThat(((Json.Obj) steps.getLast()).get("result")).isEqualTo(stated.get("amount"));
        }
    }

    /// After the others, since it takes the clock of the trial more than a year ahead.
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void a_year_of_a_marketplace_is_what_its_books_on_paper_say_and_is_explained_and_verified_offline()
            throws Exception {
        Marketplace market = marketplace();
        MarketBooks books = new MarketBooks(market);
        MarketYear year = new MarketYear(market, stand);
        Partner affiliate = stand.partner(Marketplace.AFFILIATE);
        TreeMap<String, Optional<String>> differences = new TreeMap<>();

        for (int month = 1; month <= Marketplace.MONTHS; month++) {
            year.plays(month);
            differences.put(
                    market.month(month), affiliate.finds(Marketplace.ID, market.month(month), books.settled(month)));
        }
        Json.Obj restated = statement(affiliate, market.month(4));
        Json.Obj refunded = statement(affiliate, market.month(6));
        Json.Obj last = statement(affiliate, market.month(Marketplace.MONTHS));
        Ended verified = auditor.verifies(auditor.packs(Marketplace.ID), auditor.trusts());

        assertThat(differences)
                .hasSize(Marketplace.MONTHS)
                .allSatisfy((_, difference) -> assertThat(difference).isEmpty());
        assertThat(adjusted(restated)).containsOnly(market.month(3));
        assertThat(adjusted(refunded)).isEmpty();
        everyPostingIsExplained(affiliate, restated);
        everyPostingIsExplained(affiliate, refunded);
        for (String seller : Marketplace.SELLERS) {
            assertThat(last.items("balances"))
                    .contains(Json.object()
                            .with("closing", books.kept(seller, Marketplace.MONTHS))
                            .with("group", "reserve")
                            .with("name", seller + "-reserve")
                            .with("opening", books.kept(seller, Marketplace.MONTHS - 1))
                            .build());
        }
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output())
                .contains(
                        "PASS accuracy.settled",
                        "PASS cutoff.booking",
                        "source bakery was sealed for " + market.month(3) + " by " + Marketplace.ATELIER,
                        "was answered with bakery/0000000004",
                        "result: holds (a trial)");
    }

    /// The parties have enrolled and agreed.
    private Marketplace marketplace() throws LedgerException {
        try (HttpCourier gateway = new HttpCourier(stand.gateway())) {
            Marketplace market = new Marketplace(
                    gateway.net().time(new LedgerTime(Instant.now().getEpochSecond())));
            Marketplace.SIDES.forEach(party -> stand.partner(party).enrolls());
            stand.partner(Marketplace.MARKET).offers("year", market.document());
            Marketplace.SIDES.stream()
                    .skip(1)
                    .forEach(party -> stand.partner(party).accepts(Marketplace.ID));
            return market;
        }
    }

    private static Json.Obj statement(Partner party, String period) {
        return json(party.asks("statement", Marketplace.ID, period, "--json"));
    }

    /// The periods that lines of a statement adjust.
    private static List<String> adjusted(Json.Obj statement) {
        return statement.items("lines").stream()
                .flatMap(line -> ((Json.Obj) line).findText("adjusts").stream())
                .toList();
    }

    @Test
    void a_month_end_says_who_owes_what_and_what_is_ready_is_closed_once() throws Exception {
        // One is ready at a time: whether two closes that are sent at once share a transaction is left to chance.
        // MonthEndTest closes many at once.
        ExampleAgreement declared = creators("month-a");
        ExampleAgreement silent = creators("month-b");
        List<ExampleAgreement> agreements = List.of(declared, silent);
        String period = silent.periods().getFirst();
        String hub = silent.hub();
        agreements.forEach(stand::agree);
        stand.partner(hub).reports(declared, period);

        Ended before = stand.partner(hub).asks("period", period, "--open");
        Ended owed = stand.partner(hub).asks("period", period, "--owing", "west/cleo");
        Ended due = stand.partner(hub).asks("due", "--within", "30d", "--owing", hub);
        Ended closed = stand.partner(hub).asks("close", "--ready", period);
        Ended again = stand.partner(hub).asks("close", "--ready", period);
        // The agreed days are over: any side may close what its source has declared at last.
        stand.partner(hub).reports(silent, period);
        Ended byAnother = stand.partner("west/cleo").asks("close", "--ready", period);
        Ended wrong = stand.partner(hub).asks("close", silent.id(), period, "--ready", period);

        assertThat(before.output().lines())
                .anyMatch(line -> line.matches(".*/month-a +" + period + " +ready .*any side may close it"))
                .anyMatch(line -> line.matches(
                        ".*/month-b +" + period + " +waiting +declaration of sales +" + hub + " +may be sealed now"));
        assertThat(owed.output()).doesNotContain("month-b");
        assertThat(due.output().lines())
                .anyMatch(line -> line.matches(".* late .*/month-b .*declare sales.*"))
                .anyMatch(line -> line.matches(".*/month-b .* close +any side +any side from this day on"));
        assertThat(closed.exitCode()).as(closed.output()).isZero();
        assertThat(closed.output().lines())
                .anyMatch(line -> line.startsWith(declared.id() + " " + period + ": "))
                .noneMatch(line -> line.startsWith(silent.id() + " "));
        assertThat(again.output()).contains("0 closed, ");
        assertThat(byAnother.exitCode()).as(byAnother.output()).isZero();
        assertThat(byAnother.output()).contains(silent.id() + " " + period + ": ");
        assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(2);
        for (ExampleAgreement agreement : agreements) {
            assertThat(stand.partner(hub).finds(agreement, period))
                    .as(agreement.id())
                    .isEmpty();
        }
    }

    private static Json.Obj json(Ended ended) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        if (JsonReader.readCanonical(Bytes.ofUtf8(ended.output().strip()))
                instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new AssertionError("no JSON object: " + ended.output());
    }

    @Test
    void a_pack_of_one_agreement_holds_no_value_of_another() throws IOException {
        ExampleAgreement delivery = ExampleAgreement.serviceDelivery(EXAMPLES).labeled("apart");
        ExampleAgreement shares = creators("besides");
        for (ExampleAgreement agreement : List.of(delivery, shares)) {
            stand.agree(agreement);
            agreement.periods().forEach(period -> settled(agreement, period));
        }

        String packOfDelivery = text(auditor.packs(delivery));
        String packOfShares = text(auditor.packs(shares));

        assertThat(values(delivery, shares))
                .allMatch(value -> isIn(packOfDelivery, value))
                .noneMatch(value -> isIn(packOfShares, value));
        assertThat(values(shares, delivery))
                .allMatch(value -> isIn(packOfShares, value))
                .noneMatch(value -> isIn(packOfDelivery, value));
    }

    /// The id and the amounts of an agreement that are not also the other's, as they are spelled in the state.
    private static List<String> values(ExampleAgreement agreement, ExampleAgreement other) {
        TreeSet<String> values = new TreeSet<>(amounts(agreement));
        values.removeAll(amounts(other));
        assertThat(values).hasSizeGreaterThan(1);
        values.add(agreement.id());
        return List.copyOf(values);
    }

    private static SortedSet<String> amounts(ExampleAgreement agreement) {
        TreeSet<String> amounts = new TreeSet<>();
        for (String period : agreement.periods()) {
            for (ExampleAgreement.Source source : agreement.sources()) {
                for (Json event : agreement.events(source.id(), period)) {
                    ((Json.Obj) event)
                            .findWhole("amount")
                            .ifPresent(amount -> amounts.add("\"amount\":" + amount + ","));
                }
            }
        }
        return amounts;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /// Whether the text stands there as it is, or in base64url, in whichever of the three ways it may lie.
    private static boolean isIn(String content, String value) {
        return content.contains(value) || Base64Text.of(value).stream().anyMatch(content::contains);
    }

    @Test
    void reports_in_the_wrong_order_wait_and_are_applied_in_the_order_of_their_numbers() throws Exception {
        ExampleAgreement agreement = creators("order");
        stand.agree(agreement);
        try (HttpCourier gateway = new HttpCourier(stand.gateway());
                LedgerCourier peer = new LedgerCourier(stand.network().connect("east"))) {
            List<Signed> reports = reports(agreement, peer, 3);

            List<Answer> early = new ArrayList<>();
            for (Signed report : List.of(reports.get(2), reports.get(1))) {
                acknowledged(gateway, report);
                early.add(told(gateway, report, Answer.Waiting.class));
            }
            Answer atThePeer =
                    peer.send(List.of(reports.get(2)), Duration.ZERO).getFirst().answer();
            acknowledged(gateway, reports.getFirst());

            assertThat(early)
                    .extracting(answer -> ((Answer.Waiting) answer).code())
                    .containsOnly("gap");
            assertThat(atThePeer)
                    .isInstanceOfSatisfying(
                            Answer.Waiting.class,
                            waiting -> assertThat(waiting.code()).isEqualTo("gap"));
            List<Position> positions = new ArrayList<>();
            for (Signed report : reports) {
                Answer answer = told(gateway, report, Answer.Applied.class);
                positions.add(((Answer.Applied) answer).position().orElseThrow());
            }
            assertThat(positions).isSortedAccordingTo(IN_THE_BLOCKS).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_period_that_is_closed_too_early_waits_for_its_declarations() throws Exception {
        ExampleAgreement agreement = creators("early");
        String period = agreement.periods().getFirst();
        stand.agree(agreement);
        try (HttpCourier gateway = new HttpCourier(stand.gateway())) {
            Handmade handmade = new Handmade(stand, agreement, gateway.net());
            Signed close = handmade.signed(handmade.payload(agreement.hub(), new Act.Close(period)));

            acknowledged(gateway, close);
            Answer early = told(gateway, close, Answer.Waiting.class);
            agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
            Answer.Applied late = (Answer.Applied) told(gateway, close, Answer.Applied.class);

            assertThat(((Answer.Waiting) early).code()).isEqualTo("not_declared_yet");
            assertThat(late.effects().getFirst().text("kind")).isEqualTo("settlement");
            assertThat(stand.partner(agreement.hub()).finds(agreement, period)).isEmpty();
        }
    }

    @Promise({"P2", "P3", "P4"})
    @Test
    void the_same_bytes_have_the_same_verdict_and_other_bytes_are_refused_also_straight_at_the_peer() throws Exception {
        ExampleAgreement agreement = creators("replay");
        String period = agreement.periods().getFirst();
        stand.agree(agreement);
        agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
        try (HttpCourier gateway = new HttpCourier(stand.gateway());
                LedgerCourier peer = new LedgerCourier(stand.network().connect("west"))) {
            Handmade handmade = new Handmade(stand, agreement, gateway.net());
            Payload closing = handmade.payload(agreement.hub(), new Act.Close(period));
            Signed close = handmade.signed(closing);
            Signed other = handmade.signed(handmade.payload(agreement.hub(), new Act.Close("2026-02"), closing.id()));

            Answer.Applied first = (Answer.Applied) answer(gateway, close);
            Answer.Applied again = (Answer.Applied) answer(gateway, close);
            Answer.Applied atThePeer = (Answer.Applied) answer(peer, close);
            Answer otherBytes = answer(gateway, other);
            Answer otherAtThePeer = answer(peer, other);

            assertThat(again.effects()).isEqualTo(first.effects());
            assertThat(again.position()).isEqualTo(first.position());
            assertThat(atThePeer.effects()).isEqualTo(first.effects());
            assertThat(atThePeer.at()).isEqualTo(first.at());
            assertThat(atThePeer.repeat()).isTrue();
            assertThat(List.of(otherBytes, otherAtThePeer)).allSatisfy(answer -> refused(answer, "id_reused"));
            assertThat(stand.partner(agreement.hub()).finds(agreement, period)).isEmpty();
        }
    }

    @Test
    void markers_are_swept_after_thirty_days_and_what_they_remembered_is_expired() throws Exception {
        ExampleAgreement agreement = creators("swept");
        String period = agreement.periods().getFirst();
        stand.agree(agreement);
        agreement.signers().forEach(party -> stand.partner(party).reports(agreement, period));
        try (Ledger ledger = stand.network().connect("north")) {
            LedgerCourier peer = new LedgerCourier(ledger);
            Handmade handmade = new Handmade(stand, agreement, ledger.net());
            Signed close = handmade.signed(handmade.payload(agreement.hub(), new Act.Close(period)));
            Answer.Applied first = (Answer.Applied) answer(peer, close);
            String marker = Keys.markers(
                    agreement.id(), agreement.hub(), close.payload().id(), Markers.SHORTEST);
            Ledger.Call sweep = new Ledger.Call("sweep", List.of(Bytes.ofUtf8(marker)));

            stand.moveClock("+20d");
            Answer.Applied afterTheWindow = (Answer.Applied) answer(peer, close);
            assertThatThrownBy(() -> Committed.of(ledger, sweep, LONGEST_ANSWER))
                    .isInstanceOfSatisfying(
                            LedgerException.Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo("not_sweepable"));
            stand.moveClock("+11d");
            Json.Obj swept = Committed.of(ledger, sweep, LONGEST_ANSWER)
                    .transaction()
                    .answers()
                    .getFirst();
            Answer afterTheSweep = answer(peer, close);

            assertThat(afterTheWindow.effects()).isEqualTo(first.effects());
            assertThat(((Json.Obj) swept.items("effects").getFirst()).whole("count"))
                    .isEqualTo(1);
            assertThat(ledger.get(List.of(marker))).isEmpty();
            refused(afterTheSweep, "expired");
            assertThat(stand.partner(agreement.hub()).finds(agreement, period)).isEmpty();
        }
    }

    @Test
    void lies_are_refused_by_the_chaincode_alone_and_a_changed_pack_is_refuted() throws Exception {
        ExampleAgreement agreement = creators("lies");
        stand.agree(agreement);
        settled(agreement, agreement.periods().getFirst());
        Lies lies = new Lies(stand, agreement, "2026-02");
        Path pack = auditor.packs(agreement);
        Path trust = auditor.trusts();

        Ended changed = auditor.verifies(auditor.changed(pack, Math.toIntExact(Files.size(pack) / 2)), trust);
        Ended honest = auditor.verifies(pack, trust);

        refused(lies.forged(), "key_unknown");
        refused(lies.replayed(), "taken");
        refused(lies.altered(), "signature_wrong");
        assertThat(changed.exitCode()).as(changed.output()).isEqualTo(1);
        assertThat(changed.output()).containsPattern("FAIL pack.container tx/[0-9]{10}-[0-9]{6}: ");
        assertThat(honest.exitCode()).as(honest.output()).isZero();
    }

    @Test
    void a_pack_a_trust_file_and_the_answer_of_verify_have_the_form_of_their_schemas() throws Exception {
        ExampleAgreement agreement = creators("formed");
        stand.agree(agreement);
        settled(agreement, agreement.periods().getFirst());
        Path pack = auditor.packs(agreement);
        Path trust = auditor.trusts();

        Ended answer = auditor.verifies(pack, trust, "--json");

        assertThat(Schemas.faults("pack-1", cover(pack))).isEmpty();
        assertThat(Schemas.faults("pack-1#/$defs/trust", Files.readString(trust)))
                .isEmpty();
        assertThat(Schemas.faults("pack-1#/$defs/answer", answer.output()))
                .as(answer.output())
                .isEmpty();
        assertThat(Schemas.faults("pack-1", Files.readString(trust))).isNotEmpty();
        assertThat(Schemas.faults("pack-1#/$defs/trust", cover(pack))).isNotEmpty();
    }

    /// The first entry of a pack, which its second line announces.
    private static String cover(Path pack) throws IOException {
        String[] lines = text(pack).split("\n", 4);
        assertThat(lines[1]).startsWith("entry pack.json ");
        return lines[2];
    }

    @Test
    void a_killed_ledger_comes_back_with_every_statement_as_it_was() throws Exception {
        assumeTrue(stand.network().canBeKilled(), "this network is not ours to kill");
        ExampleAgreement agreement = creators("killed");
        String period = agreement.periods().getFirst();
        Partner hub = stand.partner(agreement.hub());
        stand.agree(agreement);
        settled(agreement, period);
        String before = hub.statement(agreement, period);

        stand.network().kill();
        stand.network().restart();
        stand.awaitGateway();

        assertThat(hub.statement(agreement, period)).isEqualTo(before);
        assertThat(hub.finds(agreement, period)).isEmpty();
    }

    /// So many reports of one event each, numbered from 1.
    private List<Signed> reports(ExampleAgreement agreement, Courier courier, int count)
            throws LedgerException, IOException, KeyFolderException {
        Handmade handmade = new Handmade(stand, agreement, courier.net());
        ExampleAgreement.Source source = agreement.sources().getFirst();
        List<Json> sales = agreement.events(source.id(), agreement.periods().getFirst()).stream()
                .filter(event -> ((Json.Obj) event).text("type").equals("sale"))
                .limit(count)
                .toList();
        assertThat(sales).hasSize(count);
        List<Signed> reports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Act.Report report = handmade.report(source, i + 1, List.of(sales.get(i)));
            reports.add(handmade.signed(handmade.payload(agreement.ledgerParty(source.owner()), report)));
        }
        return List.copyOf(reports);
    }

    /// Hands it over without waiting for the ledger.
    private static void acknowledged(HttpCourier gateway, Signed instruction) throws LedgerException {
        assertThat(gateway.send(List.of(instruction), Duration.ZERO)).hasSize(1);
    }

    private static Answer answer(Courier courier, Signed instruction) throws LedgerException {
        return courier.send(List.of(instruction), LONGEST_ANSWER).getFirst().answer();
    }

    private static void refused(Answer answer, String code) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Refused.class, no -> assertThat(no.code()).isEqualTo(code));
    }

    /// What the gateway says once it says something of this kind; a busy machine may need some time.
    private Answer told(HttpCourier gateway, Signed instruction, Class<? extends Answer> kind)
            throws LedgerException, InterruptedException {
        Instant end = Instant.now().plus(LONGEST_ANSWER);
        Payload payload = instruction.payload();
        Optional<AgreementId> agreement = payload.scope().map(Payload.Scope::agreement);
        while (true) {
            Optional<Answer> answer = gateway.status(payload.party(), agreement, payload.id(), Duration.ZERO);
            if (answer.filter(kind::isInstance).isPresent()) {
                return answer.get();
            }
            assertThat(Instant.now())
                    .as("it should be " + kind.getSimpleName() + " by now, not " + answer + "\n" + transcript)
                    .isBefore(end);
            Thread.sleep(BETWEEN_QUESTIONS);
        }
    }
}
