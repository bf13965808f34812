package org.tallystick.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;

/// What is told over HTTP, and that it is what the contract says.
class RoutesTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void each_reference_of_the_contract_leads_somewhere_and_each_schema_is_used() {
        TreeSet<String> dead = new TreeSet<>();
        TreeSet<String> used = new TreeSet<>();
        for (JsonNode reference : ContractCheck.CONTRACT.findValues("$ref")) {
            used.add(reference.asText());
            if (ContractCheck.CONTRACT.at(reference.asText().substring(1)).isMissingNode()) {
                dead.add(reference.asText());
            }
        }
        TreeSet<String> idle = new TreeSet<>();
        for (String kind : List.of("parameters", "responses", "schemas")) {
            ContractCheck.CONTRACT
                    .at("/components/" + kind)
                    .fieldNames()
                    .forEachRemaining(name -> idle.add("#/components/" + kind + "/" + name));
        }
        idle.removeAll(used);

        assertThat(dead).isEmpty();
        assertThat(idle).isEmpty();
    }

    @Test
    void what_the_contract_says_of_values_of_the_ledger_is_what_their_schemas_say() throws IOException {
        for (Map.Entry<String, JsonNode> schema :
                ContractCheck.CONTRACT.at("/components/schemas").properties()) {
            String[] name = schema.getKey().split("\\.", 2);
            if (name.length == 2) {
                JsonNode known = new JsonMapper()
                        .readTree(Path.of("../docs/spec/" + name[0] + ".schema.json")
                                .toFile())
                        .at("/$defs/" + name[1]);
                String there = known.toString()
                        .replaceAll("\"([a-z]+-1)\\.schema\\.json#/\\$defs/", "\"#/components/schemas/$1.")
                        .replaceAll("\"#/\\$defs/", "\"#/components/schemas/" + name[0] + ".");

                assertThat(schema.getValue()).as(schema.getKey()).isEqualTo(new JsonMapper().readTree(there));
            }
        }
    }

    @Test
    void the_contract_is_served_with_a_page_that_asks_no_other_host() {
        try (Stand stand = Stand.at(folder, 1)) {
            Stand.Reply contract = stand.get("/openapi.json");
            Stand.Reply page = stand.get("/docs");

            assertThat(contract.text()).contains("\"openapi\": \"3.1.0\"").contains("\"postInstructions\"");
            assertThat(page.text()).contains("/docs/swagger-ui-bundle.js").doesNotContain("http");
            for (String file : List.of("start.js", "swagger-ui.css", "swagger-ui-bundle.js")) {
                assertThat(stand.get("/docs/" + file).status()).as(file).isEqualTo(200);
            }
            assertThat(stand.get("/docs/index.html").status()).isEqualTo(404);
            assertThat(stand.get("/openapi.yaml").status()).isEqualTo(404);
        }
    }

    @Test
    void an_agreement_is_told_with_its_text() {
        try (Stand stand = Stand.at(folder, 2).enrolled()) {
            Partners.Deal deal = stand.partners.deal("told");
            stand.applied(deal.offer());
            Json.Obj offered = stand.get("/v1/agreements/" + deal.id()).body();
            stand.applied(deal.accept());

            Json.Obj active = stand.get("/v1/agreements/" + deal.id()).body();

            assertThat(offered.object("head").text("state")).isEqualTo("offered");
            assertThat(active.object("head").text("state")).isEqualTo("active");
            assertThat(active.text("version")).isEqualTo(deal.scope().version().hex());
            assertThat(active.object("document").text("id")).isEqualTo(deal.id().text());
            assertThat(active.text("text")).contains("Halves");
            assertThat(active.bool("trial")).isTrue();
            assertThat(stand.get("/v1/agreements").body().get("agreements"))
                    .isEqualTo(Json.texts(List.of(deal.id().text())));
            assertThat(stand.get("/v1/agreements?after=" + deal.id()).body().items("agreements"))
                    .isEmpty();
        }
    }

    @Test
    void what_became_of_an_agreement_is_told_in_order() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            Partners.Deal deal = stand.partners.deal("lived");
            String address = "/v1/agreements/" + deal.id();
            stand.applied(deal.offer());
            stand.applied(deal.accept());
            stand.applied(deal.pause());

            Json.Obj standing = stand.get(address).body();
            List<Json> story = stand.get(address + "/story").body().items("story");
            Json.Obj first = ((Json.Obj) story.getFirst()).object("at");
            String after = first.whole("block") + "/" + first.whole("transaction") + "/" + first.whole("item");
            Json.Obj version = (Json.Obj)
                    stand.get(address + "/versions").body().items("versions").getFirst();
            Json.Obj motion = (Json.Obj)
                    stand.get(address + "/motions").body().items("motions").getFirst();

            assertThat(standing.text("state")).isEqualTo("active");
            assertThat(story)
                    .extracting(entry -> ((Json.Obj) entry).text("act"))
                    .containsExactly("offer", "accept", "motion");
            assertThat(((Json.Obj) story.getLast())
                            .object("body")
                            .object("decision")
                            .text("reason"))
                    .isEqualTo("to be told");
            assertThat(((Json.Obj) story.getFirst()).object("body").has("document"))
                    .isFalse();
            assertThat(stand.get(address + "/story?after=" + after).body().items("story"))
                    .isEqualTo(story.subList(1, 3));
            assertThat(version.whole("number")).isEqualTo(1);
            assertThat(version.text("version")).isEqualTo(deal.scope().version().hex());
            assertThat(motion.text("state")).isEqualTo("voting");
            assertThat(((Json.Obj) motion.items("ballots").getFirst()).whole("yes"))
                    .isEqualTo(1);
            assertThat(stand.get(address + "/motions").body().items("notices")).isEmpty();
            assertThat(stand.get(address + "/story?after=1/2").status()).isEqualTo(400);
            assertThat(stand.get("/v1/agreements/north/hub/nothing/versions").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void agreements_are_listed_by_party_state_and_day() {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Partners.Deal active = stand.partners.deal("active");
            Partners.Deal offered = stand.partners.deal("offered");
            stand.applied(active.offer());
            stand.applied(active.accept());
            stand.applied(offered.offer());

            assertThat(listed(stand, "state=active"))
                    .containsExactly(active.id().text());
            assertThat(listed(stand, "state=offered&state=lapsed"))
                    .containsExactly(offered.id().text());
            assertThat(listed(stand, "party=" + Partners.ANA.text())).hasSize(2);
            assertThat(listed(stand, "party=west/stranger")).isEmpty();
            assertThat(listed(stand, "to=2000-01-01")).isEmpty();
            assertThat(listed(stand, "from=2000-01-01")).hasSize(2);
            assertThat(listed(stand, "state=active&after=" + active.id())).isEmpty();
            for (String wrong : List.of("state=asleep", "party=nobody", "from=today", "to=2026-13-01")) {
                assertThat(stand.get("/v1/agreements?" + wrong).status())
                        .as(wrong)
                        .isEqualTo(400);
            }
        }
    }

    private static List<String> listed(Stand stand, String query) {
        Json.Obj answer = stand.get("/v1/agreements?" + query).body();
        assertThat(answer.has("next")).isFalse();
        assertThat(answer.items("summaries"))
                .extracting(one -> (Json) Json.text(((Json.Obj) one).text("agreement")))
                .isEqualTo(answer.items("agreements"));
        return answer.items("agreements").stream()
                .map(id -> ((Json.Text) id).value())
                .toList();
    }

    @Test
    void the_ledger_is_told_as_the_client_reads_it() {
        try (Stand stand = Stand.at(folder, 3).enrolled()) {
            Json.Obj net = stand.get("/v1/net").body();
            Json.Obj state = stand.get("/v1/state?key=pty/north/hub&key=pty/north/nobody&key=net")
                    .body();

            assertThat(net.text("ledger")).isEqualTo(FakeLedger.ID.hex());
            assertThat(net.text("member")).isEqualTo("north");
            assertThat(org.tallystick.agreement.state.Net.decode(net).trial()).isTrue();
            assertThat(state.object("values").members()).containsOnlyKeys("pty/north/hub", "net");
        }
    }

    @Test
    void the_keys_of_a_party_and_of_a_member_are_told_by_their_names() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            Json.Obj hub = stand.get("/v1/parties/north/hub/keys").body();
            Json.Obj nobody = stand.get("/v1/parties/north/nobody/keys").body();

            assertThat(hub.items("keys"))
                    .singleElement()
                    .satisfies(kid -> assertThat(((Json.Text) kid).value()).matches("north/hub#[A-Za-z0-9_-]{43}"));
            assertThat(nobody.items("keys")).isEmpty();
            assertThat(stand.get("/v1/parties/north/No%20Name/keys").status()).isEqualTo(400);
        }
    }

    @Tag("slow")
    @Test
    void of_a_close_in_several_steps_it_is_told_how_far_it_is() throws InterruptedException {
        try (Stand stand = Stand.at(folder, 8).enrolled()) {
            Partners.Deal deal = stand.agreed(stand.partners.wideDeal("wide"));
            CrashTest.declared(stand, deal);
            Bytes close = deal.close();
            Bytes agreement = Bytes.ofUtf8(deal.id().text());
            stand.ledger.faults.failing = arguments -> arguments.getFirst().equals(agreement);
            stand.applied(close);

            Json.Obj begun = stand.status(close).body().object("close");
            stand.ledger.faults.unavailable = true;
            Json.Obj unknown = stand.status(close).body();
            stand.ledger.faults.unavailable = false;
            stand.ledger.faults.failing = _ -> false;
            Stand.eventually(() ->
                    stand.status(close).body().object("close").text("state").equals("settled"));

            Json.Obj settled = stand.get("/v1/agreements/" + deal.id() + "/settlements/" + deal.period())
                    .body();
            assertThat(begun.text("state")).isEqualTo("under_way");
            assertThat(begun.whole("done")).isZero();
            assertThat(begun.whole("parts")).isGreaterThan(2);
            assertThat(unknown.text("state")).isEqualTo("applied");
            assertThat(unknown.has("close")).isFalse();
            assertThat(stand.status(close).body().object("close"))
                    .isEqualTo(Json.object()
                            .with("count", settled.items("lines").size())
                            .with("hash", settled.text("hash"))
                            .with("state", "settled")
                            .build());
        }
    }

    @Test
    void an_id_used_under_two_agreements_is_told_apart() {
        try (Stand stand = Stand.at(folder, 4).enrolled()) {
            Partners.Deal one = stand.agreed("one");
            Partners.Deal two = stand.agreed("two");
            var first = one.reportPayload("s0", 1, 1);
            var second = new org.tallystick.agreement.instruction.Payload(
                    first.ledger(),
                    first.kind(),
                    first.party(),
                    first.id(),
                    first.from(),
                    first.until(),
                    java.util.Optional.of(two.scope()),
                    first.body());
            Bytes a = stand.partners.sign(first, Partners.HUB);
            Bytes b = stand.partners.sign(second, Partners.HUB);
            assertThat(stand.postAll(List.of(a, b)).status()).isEqualTo(202);

            Stand.Reply both = stand.status(a);
            Stand.Reply only = Stand.await(stand.port(), Stand.path(b) + "?agreement=" + two.id());

            assertThat(both.status()).isEqualTo(300);
            assertThat(both.body().object("values").items("agreements")).hasSize(2);
            assertThat(only.body().text("state")).isEqualTo("applied");
            assertThat(only.body().text("agreement")).isEqualTo(two.id().text());
        }
    }

    @Test
    void an_id_used_twice_under_one_agreement_is_told_apart_by_the_instruction() {
        try (Stand stand = Stand.at(folder, 7).enrolled()) {
            Partners.Deal deal = stand.agreed("twice");
            var first = deal.reportPayload("s0", 1, 1);
            var second = new org.tallystick.agreement.instruction.Payload(
                    first.ledger(),
                    first.kind(),
                    first.party(),
                    first.id(),
                    first.from(),
                    first.until(),
                    first.scope(),
                    deal.reportAct("s1", 1, 2).body());
            Bytes a = stand.partners.sign(first, Partners.HUB);
            Bytes b = stand.partners.sign(second, Partners.HUB);
            assertThat(stand.postAll(List.of(a, b)).status()).isEqualTo(202);

            for (Bytes envelope : List.of(a, b)) {
                String hash = Partners.read(envelope).instruction().hex();
                Stand.Reply reply = Stand.await(stand.port(), Stand.path(envelope) + "?instruction=" + hash);

                assertThat(reply.body().text("instruction")).isEqualTo(hash);
                assertThat(reply.body().text("state")).as(reply.toString()).isEqualTo("applied");
            }
            assertThat(stand.get(Stand.path(a) + "?instruction=" + "0".repeat(64))
                            .code())
                    .isEqualTo("instruction_not_found");
            assertThat(stand.get(Stand.path(a) + "?instruction=abc").code()).isEqualTo("parameter_wrong");
        }
    }

    @Test
    void a_thousand_instructions_in_one_request_travel_in_few_transactions() {
        try (Stand stand = Stand.at(folder, 5).enrolled()) {
            Partners.Deal deal = stand.agreed("many");
            Bytes[] reports = new Bytes[1_000];
            for (int n = 0; n < reports.length; n++) {
                reports[n] = deal.report("s" + n % 10, 1 + n / 10, 1);
            }
            long height = stand.ledger.height();
            long begun = System.nanoTime();

            stand.applied(reports);

            System.getLogger("measure")
                    .log(
                            System.Logger.Level.INFO,
                            "1,000 reports: " + (System.nanoTime() - begun) / 1_000_000
                                    + " ms until each was asked for");
            assertThat(stand.ledger.height() - height).isLessThan(20);
            assertThat(stand.ledger.failures()).isZero();
        }
    }

    @Test
    void what_must_travel_alone_does() {
        try (Stand stand = Stand.at(folder, 6).enrolled()) {
            Partners.Deal one = stand.agreed("one");
            Partners.Deal two = stand.partners.deal("two");
            PartyId eve = new PartyId("north/eve");
            Bytes large = one.report("s1", 1, 1_100);
            assertThat(Partners.read(large).payloadBytes().size())
                    .isGreaterThan(org.tallystick.agreement.rules.Transactions.SMALL_REPORT);
            Bytes[] all = {
                one.report("s0", 1, 1),
                large,
                two.offer(),
                two.accept(),
                two.report("s0", 1, 1),
                stand.partners.enroll(eve),
                one.report("s0", 2, 1)
            };

            stand.applied(all);

            assertThat(stand.ledger.failures()).isZero();
        }
    }

    @Test
    void readiness_names_what_is_missing() {
        try (Stand stand = Stand.at(folder, 7)) {
            Stand.eventually(() -> stand.get("/health/ready").status() == 200);

            stand.ledger.faults.unavailable = true;
            Stand.Reply reply = stand.get("/health/ready");

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body().bool("peer")).isFalse();
            assertThat(reply.body().bool("store")).isTrue();
            assertThat(stand.get("/v1/net").code()).isEqualTo("ledger_unavailable");
            assertThat(stand.get("/v1/net").retryAfter()).isNotEmpty();
            assertThat(stand.get("/health/live").status()).isEqualTo(200);
        }
    }
}
