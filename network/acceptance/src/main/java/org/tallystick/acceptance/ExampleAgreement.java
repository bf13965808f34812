package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// An example of `docs/spec/examples` as an agreement of this ledger's parties: the document they sign, the events that
/// their sources report in each period, and the settlement that must come out.
///
/// @param id of the agreement
/// @param parties which ledger party stands for each party of the terms
/// @param sources which event types each source carries, and which party of the terms owns it
public record ExampleAgreement(String id, Json.Obj example, SortedMap<String, String> parties, List<Source> sources) {

    private static final String FIRST_DAY = "2026-01-01";
    private static final String DAY_AFTER = "2036-01-01";

    public ExampleAgreement {
        parties = new TreeMap<>(parties);
        sources = List.copyOf(sources);
    }

    public record Source(String id, String owner, List<String> types) {
        public Source {
            types = List.copyOf(types);
        }
    }

    /// Example 01: a vendor, its reseller, and the distributor between them.
    public static ExampleAgreement channelReseller(Path examples) throws IOException {
        return new ExampleAgreement(
                "north/vendor/reseller",
                read(examples.resolve("01-channel-reseller.json")),
                new TreeMap<>(Map.of(
                        "vendor", "north/vendor", "reseller", "east/reseller", "distributor", "west/distributor")),
                List.of(
                        new Source("pos", "reseller", List.of("refund", "sale")),
                        new Source("mdf", "distributor", List.of("mdf-claim"))));
    }

    /// Example 04: a prime contractor, an integrator and a support partner.
    public static ExampleAgreement serviceDelivery(Path examples) throws IOException {
        return new ExampleAgreement(
                "north/prime/delivery",
                read(examples.resolve("04-si-service-delivery.json")),
                new TreeMap<>(Map.of("prime", "north/prime", "si", "east/si", "support", "west/support")),
                List.of(
                        new Source("projects", "prime", List.of("refund", "sale")),
                        new Source("quality", "support", List.of("kpi", "milestone"))));
    }

    /// Example 09a: what is shared among creators, each sale by itself.
    public static ExampleAgreement creators(Path examples) throws IOException {
        return new ExampleAgreement(
                "north/platform/creators",
                read(examples.resolve("09a-rounding-per-event.json")),
                new TreeMap<>(Map.of("platform", "north/platform", "a", "east/ana", "b", "east/ben", "c", "west/cleo")),
                List.of(new Source("sales", "platform", List.of("refund", "sale"))));
    }

    /// Example 12: one fee in every rounding mode.
    public static ExampleAgreement roundingModes(Path examples) throws IOException {
        return new ExampleAgreement(
                "north/vendor/tips",
                read(examples.resolve("12-rounding-modes.json")),
                new TreeMap<>(Map.of("vendor", "north/vendor", "partner", "east/partner")),
                List.of(new Source("tips", "partner", List.of("refund", "sale"))));
    }

    /// All examples that are public.
    public static List<ExampleAgreement> all(Path examples) throws IOException {
        return List.of(
                channelReseller(examples), serviceDelivery(examples), creators(examples), roundingModes(examples));
    }

    private static Json.Obj read(Path file) throws IOException {
        Bytes text = Bytes.copyOf(Files.readAllBytes(file));
        if (JsonReader.read(text, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)) {
            return object;
        }
        throw new IOException(file + " is not a JSON object");
    }

    /// The same example as one more agreement of the same parties.
    public ExampleAgreement labeled(String label) {
        return new ExampleAgreement(id.substring(0, id.lastIndexOf('/') + 1) + label, example, parties, sources);
    }

    /// The same with another ledger party in the place of one of the terms.
    public ExampleAgreement played(String termsParty, String ledgerParty) {
        TreeMap<String, String> others = new TreeMap<>(parties);
        String _ = others.put(termsParty, ledgerParty);
        return new ExampleAgreement(id, example, others, sources);
    }

    /// The same example with other sources.
    public ExampleAgreement reportedBy(List<Source> others) {
        return new ExampleAgreement(id, example, parties, others);
    }

    /// The same example with one clause, in the place of all of its own.
    public ExampleAgreement pricedBy(String clause) {
        if (!(JsonReader.read(Bytes.ofUtf8(clause), JsonReader.Profile.FILE) instanceof JsonReader.Value(var only))) {
            throw new IllegalArgumentException("no clause: " + clause);
        }
        TreeMap<String, Json> terms = new TreeMap<>(example.object("terms").members());
        Json _ = terms.put("clauses", Json.array(List.of(only)));
        TreeMap<String, Json> other = new TreeMap<>(example.members());
        Json _ = other.put("terms", new Json.Obj(terms));
        return new ExampleAgreement(id, new Json.Obj(other), parties, sources);
    }

    /// The same example with an auditor, who may read all periods, down to the events.
    ///
    /// @param auditor a ledger party, which need not have anything else to do with the agreement
    public ExampleAgreement auditedBy(String auditor) {
        Json engagement = Json.object()
                .with("from", FIRST_DAY)
                .with("party", auditor)
                .with(
                        "periods",
                        Json.object().with("from", periods().getFirst()).build())
                .with("reads", "events")
                .with("until", DAY_AFTER)
                .build();
        TreeMap<String, Json> other = new TreeMap<>(example.members());
        Json _ = other.put("auditors", Json.array(List.of(engagement)));
        return new ExampleAgreement(id, new Json.Obj(other), parties, sources);
    }

    /// The last part of its id, which names its files.
    public String label() {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /// The periods of the example, in order.
    public List<String> periods() {
        return example.items("settlements").stream()
                .map(settlement -> ((Json.Obj) settlement).text("period"))
                .toList();
    }

    /// What the settlement of a period must be.
    public Json.Obj expected(String period) {
        return example.items("settlements").stream()
                .map(Json.Obj.class::cast)
                .filter(settlement -> settlement.text("period").equals(period))
                .findFirst()
                .orElseThrow()
                .object("expected");
    }

    /// The ledger parties, each once, the one that offers first.
    public List<String> signers() {
        String offerer = id.substring(0, id.lastIndexOf('/'));
        TreeSet<String> others = new TreeSet<>(parties.values());
        others.remove(offerer);
        List<String> signers = new ArrayList<>(List.of(offerer));
        signers.addAll(others);
        return List.copyOf(signers);
    }

    /// The ledger party that keeps the books, and closes.
    public String hub() {
        return ledgerParty(example.object("terms").text("hub"));
    }

    public String ledgerParty(String termsParty) {
        String party = parties.get(termsParty);
        if (party == null) {
            throw new IllegalArgumentException("no party " + termsParty + " in " + id);
        }
        return party;
    }

    /// The sources that a ledger party owns.
    public List<Source> sourcesOf(String party) {
        return sources.stream()
                .filter(source -> ledgerParty(source.owner()).equals(party))
                .toList();
    }

    /// The document that the parties sign. Nothing in it needs an attestation.
    public Json.Obj document() {
        String opening = periods().getFirst();
        TreeMap<String, Json> bound = new TreeMap<>();
        parties.forEach((party, ledgerParty) -> bound.put(party, Json.text(ledgerParty)));
        TreeMap<String, Json> nobody = new TreeMap<>();
        List<Json> named = new ArrayList<>();
        for (Source source : sources) {
            named.add(Json.object()
                    .with("first", opening)
                    .with("id", source.id())
                    .with("owner", source.owner())
                    .with("types", Json.texts(source.types()))
                    .build());
            source.types().stream()
                    .filter(type -> type.equals("kpi") || type.equals("milestone"))
                    .forEach(type -> nobody.put(type, Json.array(List.of())));
        }
        Json.Builder roles = Json.object().with("sources", Json.array(named));
        if (example.has("auditors")) {
            roles = roles.with("auditors", Json.array(example.items("auditors")));
        }
        return Json.object()
                .with("agreement", "1")
                .with("governance", Json.object().with("kind", "unanimous").build())
                .with("home", Json.object().with("kind", "public").build())
                .with("id", id)
                .with("number", 1)
                .with("opening", opening)
                .with("parties", new Json.Obj(bound))
                .with("roles", (nobody.isEmpty() ? roles : roles.with("attesters", new Json.Obj(nobody))).build())
                .with("starts", opening)
                .with(
                        "term",
                        Json.object()
                                .with("from", opening.substring(0, 4) + "-01-01")
                                .with("until", Integer.parseInt(opening.substring(0, 4)) + 1 + "-01-01")
                                .build())
                .with("terms", example.object("terms"))
                .build();
    }

    /// The events that a source reports in a period, in the order of the example.
    public List<Json> events(String source, String period) {
        List<String> types = sources.stream()
                .filter(one -> one.id().equals(source))
                .findFirst()
                .orElseThrow()
                .types();
        return example.items("events").stream()
                .filter(event -> types.contains(((Json.Obj) event).text("type")))
                .filter(event -> period.equals(periodOf(((Json.Obj) event).text("date"), period)))
                .toList();
    }

    /// The period that a date lies in, written as `like` is.
    private static String periodOf(String date, String like) {
        String year = date.substring(0, 4);
        if (like.length() == 4) {
            return year;
        }
        int month = Integer.parseInt(date.substring(5, 7));
        return like.contains("Q") ? year + "-Q" + ((month + 2) / 3) : date.substring(0, 7);
    }
}
