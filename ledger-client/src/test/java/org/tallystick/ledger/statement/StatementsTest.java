package org.tallystick.ledger.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.Seeds;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.settlement.CountedEvents;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.StoryEntry;

class StatementsTest {

    static LongStream seeds() {
        return Seeds.upTo(40);
    }

    /// Every figure of a statement is traced to the same number: a posting by its working, an account and a balance by
    /// what was there before and the postings.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_posting_of_a_drawn_agreement_is_explained_and_every_account_adds_up(long seed) throws Exception {
        Lived lived = Lived.drawn(seed);

        int _ = assertExplained(lived);

        assertThat(lived.periods()).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"01-channel-reseller", "04-si-service-delivery", "09a-rounding-per-event", "12-rounding-modes"})
    void every_posting_of_a_public_example_is_explained(String name) throws Exception {
        assertThat(assertExplained(Lived.example(name))).isPositive();
    }

    /// @return how many postings there were
    private static int assertExplained(Lived lived) throws Exception {
        Map<String, BigInteger> carried = new TreeMap<>();
        Map<String, BigInteger> kept = new TreeMap<>();
        int postings = 0;
        for (Period period : lived.periods()) {
            Statement statement = lived.statement(period);
            postings += statement.postings().size();

            assertThat(statement.postings()).allSatisfy(posting -> {
                assertThat(posting.working().holds())
                        .as(statement.nameOf(posting))
                        .isTrue();
                assertThat(posting.sentence())
                        .contains("[" + posting.line().clause().split("\\.", 2)[0] + "]");
            });
            for (Statement.Account account : statement.accounts()) {
                String party = account.holder().id();
                assertThat(account.opening()).isEqualTo(carried.getOrDefault(party, BigInteger.ZERO));
                assertThat(account.opening()
                                .add(account.credited())
                                .subtract(account.charged())
                                .subtract(account.payment()))
                        .as(period + " " + party)
                        .isEqualTo(account.closing());
                carried.put(party, account.closing());
            }
            assertBalanced(statement, kept);
        }
        return postings;
    }

    /// @param kept the closing balances of the period before, which become those of this one
    private static void assertBalanced(Statement statement, Map<String, BigInteger> kept) {
        for (Statement.Balance balance : statement.balances()) {
            String name = balance.of().group() + " " + balance.name();
            assertThat(balance.opening()).as(name).isEqualTo(kept.getOrDefault(name, BigInteger.ZERO));
            kept.put(name, balance.closing());
            Optional<BigInteger> moved = moved(statement, balance);
            moved.ifPresent(by -> assertThat(balance.closing())
                    .as(name + " of " + statement.period())
                    .isEqualTo(balance.opening().add(by)));
        }
        for (Statement.Balance balance : statement.balances()) {
            if (balance.of() == Statement.Of.RESERVE) {
                assertThat(statement.holds().stream()
                                .filter(hold -> hold.clause().equals(balance.name()))
                                .map(Statement.Hold::amount)
                                .reduce(BigInteger.ZERO, BigInteger::add))
                        .isEqualTo(balance.closing());
            }
        }
    }

    /// By how much the postings change a balance; what is paid in as capital is no posting.
    private static Optional<BigInteger> moved(Statement statement, Statement.Balance balance) {
        return switch (balance.of()) {
            case ADVANCE -> Optional.of(moved(statement, line -> sign(line, balance, "advance", "recoup")));
            case RESERVE -> Optional.of(moved(statement, line -> sign(line, balance, "hold", "release")));
            case FUND -> {
                String fund = "fund:" + balance.name();
                yield Optional.of(moved(
                        statement,
                        line -> line.to().equals(fund) ? 1 : line.from().equals(fund) ? -1 : 0));
            }
            case CAPITAL -> Optional.empty();
        };
    }

    private static int sign(Line line, Statement.Balance balance, String more, String less) {
        String kind = line.clause().equals(balance.name()) ? line.kind().orElse("") : "";
        return kind.equals(more) ? 1 : kind.equals(less) ? -1 : 0;
    }

    private static BigInteger moved(Statement statement, ToIntFunction<Line> sign) {
        return statement.postings().stream()
                .map(Statement.Posting::line)
                .map(line -> line.amount().multiply(BigInteger.valueOf(sign.applyAsInt(line))))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// One party's view is cut out of the whole: nothing is added, and nothing of its own is left out. The hub, which
    /// keeps the books, sees all of them.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_view_of_a_party_is_what_it_pays_and_gets(long seed) throws Exception {
        Lived lived = Lived.drawn(seed);
        Period last = lived.periods().getLast();
        Statement whole = lived.statement(last);

        Statement hub = lived.statement(last, whole.hub().id());
        assertThat(hub.parties()).containsExactly(whole.hub());
        assertThat(numbers(hub)).isEqualTo(numbers(whole));
        assertThat(hub.accounts()).isEqualTo(whole.accounts());
        assertThat(hub.balances()).isEqualTo(whole.balances());
        assertThat(hub.holds()).isEqualTo(whole.holds());

        for (Statement.Holder holder : whole.parties()) {
            if (holder.equals(whole.hub())) {
                continue;
            }
            Statement own = lived.statement(last, holder.id());

            assertThat(numbers(own))
                    .isEqualTo(whole.postings().stream()
                            .filter(posting -> posting.line().from().equals(holder.id())
                                    || posting.line().to().equals(holder.id()))
                            .map(Statement.Posting::number)
                            .toList());
            assertThat(own.accounts())
                    .isEqualTo(whole.accounts().stream()
                            .filter(account -> account.holder().equals(holder))
                            .toList());
        }
    }

    private static List<Long> numbers(Statement statement) {
        return statement.postings().stream().map(Statement.Posting::number).toList();
    }

    @Test
    void a_posting_names_the_events_that_it_counts_and_says_how_many_it_leaves_out() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        Period first = lived.periods().getFirst();
        Statement all = lived.statement(first);

        Statement few = new Statements(lived.snapshot, lived.view(), 1)
                .settled(first, List.of())
                .orElseThrow();

        assertThat(all.postings())
                .anyMatch(posting -> posting.working().events().count() > 1);
        for (int i = 0; i < all.postings().size(); i++) {
            CountedEvents named = few.postings().get(i).working().events();
            assertThat(named.count())
                    .isEqualTo(all.postings().get(i).working().events().count());
            assertThat(named.first()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_line_that_was_changed_on_the_way_is_not_shown() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        Period first = lived.periods().getFirst();
        String key = "set/" + lived.view().id() + "/" + first + "/1";
        Json.Obj page = Optional.ofNullable(lived.snapshot.values.get(key)).orElseThrow();
        lived.snapshot.values.put(key, withFirstAmount(page, 1));

        assertThatThrownBy(() -> lived.statement(first))
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessageContaining("are not those of its settlement");
    }

    @Test
    void a_settlement_that_is_not_what_its_events_come_to_is_not_shown() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        Period first = lived.periods().getFirst();
        String key = lived.snapshot.values.keySet().stream()
                .filter(name -> name.startsWith("ev/"))
                .sorted()
                .findFirst()
                .orElseThrow();
        Json.Obj stored = Optional.ofNullable(lived.snapshot.values.get(key)).orElseThrow();
        lived.snapshot.values.put(key, withFirstEvent(stored));

        assertThatThrownBy(() -> lived.statement(first))
                .isInstanceOf(NotExplained.class)
                .hasMessageContaining("is not what its events come to");
    }

    private static Json.Obj withFirstAmount(Json.Obj page, long amount) {
        List<Json> lines = new ArrayList<>(page.items("lines"));
        lines.set(0, with((Json.Obj) lines.getFirst(), "amount", Json.whole(amount)));
        return with(page, "lines", Json.array(lines));
    }

    private static Json.Obj withFirstEvent(Json.Obj stored) {
        List<Json> events = new ArrayList<>(stored.items("events"));
        events.set(0, with((Json.Obj) events.getFirst(), "amount", Json.whole(99_999_999)));
        return with(stored, "events", Json.array(events));
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        TreeMap<String, Json> members = new TreeMap<>(object.members());
        members.put(name, value);
        return new Json.Obj(members);
    }

    @Test
    void a_period_that_is_not_settled_has_no_statement() throws Exception {
        Lived lived = Lived.example("09a-rounding-per-event");
        Period next = lived.periods().getLast().next();

        assertThat(new Statements(lived.snapshot, lived.view(), 1).settled(next, List.of()))
                .isEmpty();
    }

    @Test
    void what_was_agreed_on_stands_beside_the_postings_and_adds_to_no_payment_computed() throws Exception {
        Lived lived = Lived.example("01-channel-reseller");
        Period period = lived.periods().get(1);
        Statement before = lived.statement(period);
        Hash instruction = Hash.of(Bytes.ofUtf8("signed by both"));
        lived.agrees(
                period,
                new AgreedLine(
                        BigInteger.valueOf(1_250),
                        "vendor",
                        "reseller",
                        lived.periods().getFirst(),
                        "error",
                        instruction));
        lived.snapshot.story.add(StoryEntry.decode(
                object("""
                {"act":"adjust","at":{"block":7,"item":0,"transaction":1},"effects":[],"t":"2026-08-01T00:00:00Z",
                 "instruction":"%s","party":"north/vendor","version":"%s",
                 "signers":["north/vendor#%s","east/reseller#%s"],
                 "body":{"amount":1250,"evidence":{"hash":"%s","name":"letter.pdf","size":9},"payee":"reseller",
                   "payer":"vendor","period":"2026-Q1","reason":"error","text":"a wrong price"}}
                """.formatted(instruction, instruction, "a".repeat(43), "b".repeat(43), instruction))));

        Statement statement = lived.statement(period);
        Statement distributor = lived.statement(period, "distributor");

        assertThat(statement.postings()).isEqualTo(before.postings());
        assertThat(statement.balances()).isEqualTo(before.balances());
        assertThat(statement.agreed()).hasSize(1);
        Statement.Agreed one = statement.agreed().getFirst();
        assertThat(one.text()).isEqualTo("a wrong price");
        assertThat(one.evidence()).map(Act.Evidence::name).contains("letter.pdf");
        assertThat(one.signers())
                .extracting(kid -> kid.owner().text())
                .containsExactly("north/vendor", "east/reseller");
        assertThat(PostingName.parse(statement.nameOf(one)))
                .contains(new PostingName(statement.agreement(), period, true, 1));
        for (int i = 0; i < statement.accounts().size(); i++) {
            Statement.Account account = statement.accounts().get(i);
            assertThat(account.payment()).isEqualTo(before.accounts().get(i).payment());
            assertThat(account.agreed())
                    .isEqualTo(BigInteger.valueOf(account.holder().id().equals("reseller") ? 1_250 : 0));
        }
        assertThat(distributor.agreed()).isEmpty();
        assertThat(StatementJson.of(statement).items("agreed")).hasSize(1);
        assertThat(StatementJson.of(statement).get("lines"))
                .isEqualTo(StatementJson.of(before).get("lines"));
    }

    private static Json.Obj object(String text) {
        return (Json.Obj) ((JsonReader.Value) JsonReader.read(Bytes.ofUtf8(text), JsonReader.Profile.FILE)).json();
    }
}
