package org.tallystick.agreement.document;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.DocumentReading.Fault;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Form;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Folding;
import org.tallystick.agreement.terms.Period;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// Reads an agreement document and checks it, stage by stage: form, terms, meaning, and what is enforced so far.
///
/// `docs/spec/agreement-1.md` section 8. A later stage runs only if the earlier ones found nothing.
public final class DocumentReader {

    private static final int MAX_SIZE = 224 * 1024;
    private static final int MAX_LEDGER_PARTIES = 500;
    private static final int MAX_FINDINGS = 100;
    /// So many events may a close have to compute with one by one: of one window of each clause that keeps them, of all
    /// sources together. A step of 200 ms bears more than twice as many, for what reaches into other windows.
    private static final int MAX_SINGLE_EVENTS = 20_000;
    private static final int DEFAULT_SINGLE_EVENTS = 10_000;
    private static final List<String> REPORTED = List.of(
            "advance",
            "capital",
            "cost",
            "delivery",
            "fx",
            "kpi",
            "mdf-claim",
            "milestone",
            "refund",
            "return",
            "sale",
            "subscribers",
            "usage");
    private static final List<String> OF_ONE_SOURCE = List.of("advance", "capital", "fx", "kpi", "milestone");
    private static final List<Document.Compared> COMPARED =
            List.of(Document.Compared.AMOUNT, Document.Compared.CURRENCY, Document.Compared.QUANTITY);

    private final Json.Obj json;
    private final List<Fault> faults = new ArrayList<>();

    private DocumentReader(Json.Obj json) {
        this.json = json;
    }

    /// Reads a document that the ledger holds, or one that somebody has drafted.
    public static DocumentReading read(Json document) {
        Optional<Fault> misformed = formFault(document);
        if (misformed.isPresent()) {
            return refused(misformed.get());
        }
        Json.Obj object = (Json.Obj) document;
        Optional<String> unsupported = Enforced.missing(object);
        if (unsupported.isPresent()) {
            return new DocumentReading.NotSupportedYet(unsupported.get());
        }
        return switch (TermsReader.read(object.get("terms"))) {
            case TermsReading.Refused refused -> refusedTerms(refused);
            case TermsReading.Accepted(var terms) ->
                new DocumentReader(object).meaning(terms, Hash.of(object.canonical()));
        };
    }

    /// The first departure from the form of a document; nothing if it has the form.
    public static Optional<Fault> formFault(Json document) {
        if (!(document instanceof Json.Obj object)) {
            return Optional.of(new Fault("form", ""));
        }
        if (!object.find("agreement").equals(Optional.of(Json.text("1")))) {
            return Optional.of(new Fault("agreement_version_unknown", "/agreement"));
        }
        if (object.canonical().size() > MAX_SIZE) {
            return Optional.of(new Fault("too_large", ""));
        }
        return DocumentForm.DOCUMENT.fault(object).map(at -> new Fault("form", at));
    }

    private static DocumentReading refused(Fault fault) {
        return new DocumentReading.Refused(List.of(fault));
    }

    private static DocumentReading refusedTerms(TermsReading.Refused refused) {
        return new DocumentReading.Refused(refused.findings().stream()
                .map(finding -> new Fault(finding.code(), "/terms" + finding.pointer()))
                .distinct()
                .sorted()
                .limit(MAX_FINDINGS)
                .toList());
    }

    private void fault(String code, String at) {
        faults.add(new Fault(code, at));
    }

    private DocumentReading meaning(Terms terms, Hash version) {
        SortedMap<String, PartyId> parties = parties(terms);
        Optional<Period> opening = period(terms, "opening", "opening_wrong");
        Optional<Period> starts = period(terms, "starts", "starts_wrong");
        Document.Term term = term(opening);
        List<Document.Source> sources = sources(terms, parties, opening);
        Json.Obj roles = json.object("roles");
        List<PartyId> closers = roles.has("closers")
                ? persons(roles.find("closers"), "/roles/closers", parties)
                : Optional.ofNullable(parties.get(terms.hub())).stream().toList();
        SortedMap<String, List<PartyId>> attesters = attesters(roles, parties);
        List<String> holding = holding(roles);
        attesterMissing(terms, parties, sources, attesters, holding);
        int singleEvents = singleEvents(terms, sources);
        List<Document.Matching> matching = matching(parties, sources);
        Optional<PartyId> arbiter = arbiter(roles, parties);
        List<Document.Engagement> auditors = auditors(terms, roles);
        Governance governance = governance(parties);
        List<PartyId> mustAccept = persons(json.find("mustAccept"), "/mustAccept", parties);
        for (int i = 0; i < mustAccept.size(); i++) {
            PartyId person = mustAccept.get(i);
            if (!parties.containsValue(person)
                    && !closers.contains(person)
                    && !arbiter.equals(Optional.of(person))
                    && auditors.stream().noneMatch(auditor -> auditor.party().equals(person))
                    && governance.persons().stream()
                            .noneMatch(named -> person(named, parties).equals(Optional.of(person)))
                    && attesters.values().stream().noneMatch(named -> named.contains(person))) {
                fault("person_unknown", "/mustAccept");
            }
        }
        if (json.whole("number") == 1 && !json.text("starts").equals(json.text("opening"))) {
            fault("starts_wrong", "/starts");
        }
        if (!faults.isEmpty() || opening.isEmpty() || starts.isEmpty()) {
            return new DocumentReading.Refused(
                    faults.stream().sorted().distinct().limit(MAX_FINDINGS).toList());
        }
        Json.Obj days = objectOrEmpty("days");
        return new DocumentReading.Accepted(new Document(
                version,
                AgreementId.parse(json.text("id")).orElseThrow(),
                json.whole("number"),
                terms,
                parties,
                mustAccept,
                opening.get(),
                starts.get(),
                term,
                sources,
                attesters,
                holding,
                matching,
                closers,
                arbiter,
                auditors,
                governance,
                new Document.Days(
                        count(days, "grace", 10),
                        count(days, "close", 20),
                        count(days, "claim", 90),
                        count(days, "answer", 14),
                        count(days, "decide", 60)),
                singleEvents,
                count(objectOrEmpty("payment"), "netDays", 30)));
    }

    private Json.Obj objectOrEmpty(String name) {
        return json.has(name) ? json.object(name) : Json.Obj.EMPTY;
    }

    private static int count(Json.Obj object, String name, int absent) {
        return object.findWhole(name).map(Long::intValue).orElse(absent);
    }

    private SortedMap<String, PartyId> parties(Terms terms) {
        TreeMap<String, PartyId> parties = new TreeMap<>();
        for (Map.Entry<String, Json> bound : json.object("parties").members().entrySet()) {
            String party = bound.getKey();
            if (!terms.parties().contains(party)) {
                fault("party_not_in_terms", Form.pointer("/parties", party));
            }
            parties.put(
                    party, PartyId.parse(((Json.Text) bound.getValue()).value()).orElseThrow());
        }
        for (String party : terms.engagedParties()) {
            if (!parties.containsKey(party)) {
                fault("party_unbound", Form.pointer("/parties", party));
            }
        }
        int different = new TreeSet<>(parties.values()).size();
        if (different < 2 || different > MAX_LEDGER_PARTIES) {
            fault("form", "/parties");
        }
        return parties;
    }

    private Optional<Period> period(Terms terms, String name, String code) {
        Optional<Period> period = Period.parse(json.text(name)).filter(found -> found.frequency() == terms.frequency());
        if (period.isEmpty()) {
            fault(code, "/" + name);
        }
        return period;
    }

    private Document.Term term(Optional<Period> opening) {
        Json.Obj term = json.object("term");
        LocalDate from = LocalDate.parse(term.text("from"));
        Optional<LocalDate> until = term.findText("until").map(LocalDate::parse);
        if (opening.isPresent() && !opening.get().contains(from)) {
            fault("term_wrong", "/term/from");
        }
        if (until.isPresent() && !until.get().isAfter(from)) {
            fault("term_wrong", "/term/until");
        }
        if (term.has("renewal") && until.isEmpty()) {
            fault("term_wrong", "/term/renewal");
        }
        Optional<Document.Renewal> renewal = term.find("renewal")
                .map(Json.Obj.class::cast)
                .map(found -> new Document.Renewal(
                        (int) found.whole("months"),
                        (int) found.whole("noticeDays"),
                        found.findWhole("times").map(Long::intValue)));
        return new Document.Term(
                from,
                until,
                renewal,
                term.findWhole("leaveDays").map(Long::intValue),
                count(term, "cureDays", 30),
                count(term, "runOffPeriods", 3));
    }

    private Optional<PartyId> arbiter(Json.Obj roles, SortedMap<String, PartyId> parties) {
        Optional<PartyId> arbiter = roles.findText("arbiter").flatMap(person -> person(person, parties));
        if (roles.has("arbiter") && arbiter.isEmpty()) {
            fault("person_unknown", "/roles/arbiter");
        }
        return arbiter;
    }

    private List<Document.Engagement> auditors(Terms terms, Json.Obj roles) {
        List<Document.Engagement> auditors = new ArrayList<>();
        List<Json> items = roles.has("auditors") ? roles.items("auditors") : List.of();
        for (int i = 0; i < items.size(); i++) {
            Json.Obj item = (Json.Obj) items.get(i);
            Json.Obj periods = item.object("periods");
            LocalDate from = LocalDate.parse(item.text("from"));
            LocalDate until = LocalDate.parse(item.text("until"));
            Optional<Period> first = ofCalendar(terms, periods.text("from"));
            Optional<Period> last = periods.findText("to").flatMap(text -> ofCalendar(terms, text));
            boolean periodsWrong = first.isEmpty()
                    || (periods.has("to") && last.isEmpty())
                    || last.filter(end -> end.compareTo(first.get()) < 0).isPresent();
            if (periodsWrong || !from.isBefore(until)) {
                fault("engagement_wrong", "/roles/auditors/" + i);
                continue;
            }
            auditors.add(new Document.Engagement(
                    PartyId.parse(item.text("party")).orElseThrow(),
                    from,
                    until,
                    first.get(),
                    last,
                    item.text("reads").equals("events")));
        }
        return auditors;
    }

    private static Optional<Period> ofCalendar(Terms terms, String text) {
        return Period.parse(text).filter(period -> period.frequency() == terms.frequency());
    }

    private Governance governance(SortedMap<String, PartyId> parties) {
        Governance governance = Governance.of(json.object("governance"));
        for (String person : governance.persons()) {
            if (person(person, parties).isEmpty()) {
                fault("person_unknown", "/governance");
            }
        }
        for (Governance.Rule rule : governance.rules()) {
            boolean wrong = switch (rule) {
                case Governance.Unanimous _, Governance.Principal _, Governance.Objection _ -> false;
                case Governance.Board board -> board.need() > board.seats().size() || isSeatedTwice(board, parties);
                case Governance.Weighted weighted ->
                    !parties.keySet().containsAll(weighted.weights().keySet());
            };
            if (wrong) {
                fault("governance_wrong", "/governance");
            }
        }
        governance.successors().forEach((party, successor) -> {
            boolean same = PartyId.parse(successor.party()).equals(Optional.ofNullable(parties.get(party)));
            if (!parties.containsKey(party) || (same && json.whole("number") == 1)) {
                fault("governance_wrong", Form.pointer("/governance/successors", party));
            }
        });
        return governance;
    }

    /// No ledger party has two votes on a board.
    private static boolean isSeatedTwice(Governance.Board board, SortedMap<String, PartyId> parties) {
        List<PartyId> seated = board.seats().stream()
                .flatMap(seat -> person(seat.person(), parties).stream())
                .toList();
        return new TreeSet<>(seated).size() < seated.size();
    }

    private static Optional<PartyId> person(String person, SortedMap<String, PartyId> parties) {
        return PartyId.parse(person).or(() -> Optional.ofNullable(parties.get(person)));
    }

    private List<Document.Source> sources(Terms terms, SortedMap<String, PartyId> parties, Optional<Period> opening) {
        List<Document.Source> sources = new ArrayList<>();
        List<Json> items = json.object("roles").items("sources");
        for (int i = 0; i < items.size(); i++) {
            source(terms, parties, opening, (Json.Obj) items.get(i), "/roles/sources/" + i, sources)
                    .ifPresent(sources::add);
        }
        for (String type : terms.reportedTypes()) {
            if (sources.stream()
                    .noneMatch(source -> !source.notices() && source.types().contains(type))) {
                fault("type_without_source", "/roles/sources");
            }
        }
        return sources;
    }

    private Optional<Document.Source> source(
            Terms terms,
            SortedMap<String, PartyId> parties,
            Optional<Period> opening,
            Json.Obj item,
            String at,
            List<Document.Source> before) {
        String id = item.text("id");
        boolean again = before.stream().anyMatch(source -> source.id().equals(id));
        if (again || id.equals("ledger") || id.equals(Document.ARBITER)) {
            fault("form", at + "/id");
        }
        String owner = item.text("owner");
        if (!parties.containsKey(owner)) {
            fault("person_unknown", at + "/owner");
        }
        List<String> types = texts(item, "types");
        for (int k = 0; k < types.size(); k++) {
            if (!REPORTED.contains(types.get(k))) {
                fault("form", at + "/types/" + k);
            }
        }
        Optional<Period> first =
                Period.parse(item.text("first")).filter(period -> period.frequency() == terms.frequency());
        Optional<Period> last = item.findText("last").flatMap(Period::parse);
        boolean firstWrong = first.isEmpty()
                || opening.filter(period -> first.get().compareTo(period) < 0).isPresent();
        boolean lastWrong = item.has("last")
                && (last.isEmpty()
                        || last.get().frequency() != terms.frequency()
                        || (first.isPresent() && last.get().compareTo(first.get()) < 0));
        if (firstWrong || lastWrong) {
            fault("first_wrong", at + (firstWrong ? "/first" : "/last"));
            return Optional.empty();
        }
        Document.Source source = new Document.Source(id, owner, types, first.get(), last, isOfNotices(id));
        for (String type : OF_ONE_SOURCE) {
            if (types.contains(type)
                    && before.stream().anyMatch(other -> other.types().contains(type) && overlap(source, other))) {
                fault("source_many", at + "/types");
            }
        }
        return Optional.of(source);
    }

    private List<Json.Obj> matchingItems() {
        Json.Obj roles = json.object("roles");
        return roles.has("matching")
                ? roles.items("matching").stream().map(Json.Obj.class::cast).toList()
                : List.of();
    }

    private boolean isOfNotices(String source) {
        return matchingItems().stream().anyMatch(item -> item.text("notices").equals(source));
    }

    private List<Document.Matching> matching(SortedMap<String, PartyId> parties, List<Document.Source> sources) {
        List<Document.Matching> matching = new ArrayList<>();
        List<Json.Obj> items = matchingItems();
        for (int i = 0; i < items.size(); i++) {
            Json.Obj item = items.get(i);
            String at = "/roles/matching/" + i;
            if (i > 0 && item.text("notices").compareTo(items.get(i - 1).text("notices")) <= 0) {
                fault("form", at + "/notices");
            }
            List<String> types = texts(item, "types");
            Optional<Document.Source> counts = named(sources, item.text("counts"));
            Optional<Document.Source> notices = named(sources, item.text("notices"));
            if (counts.filter(source -> !source.notices() && source.types().containsAll(types))
                    .isEmpty()) {
                fault("matching_wrong", at + "/counts");
            }
            if (notices.filter(source -> source.types().equals(types)).isEmpty()) {
                fault("matching_wrong", at + "/notices");
            }
            Optional<PartyId> one = counts.flatMap(source -> Optional.ofNullable(parties.get(source.owner())));
            if (one.isPresent()
                    && one.equals(notices.flatMap(source -> Optional.ofNullable(parties.get(source.owner()))))) {
                fault("matching_wrong", at + "/notices");
            }
            matching.add(new Document.Matching(
                    item.text("by"),
                    item.has("compare")
                            ? texts(item, "compare").stream()
                                    .map(name -> Document.Compared.valueOf(name.toUpperCase(Locale.ROOT)))
                                    .toList()
                            : COMPARED,
                    item.text("counts"),
                    item.text("notices"),
                    item.text("rule").equals("agree"),
                    types));
        }
        return matching;
    }

    private static Optional<Document.Source> named(List<Document.Source> sources, String id) {
        return sources.stream().filter(source -> source.id().equals(id)).findFirst();
    }

    private static List<String> texts(Json.Obj object, String member) {
        return object.items(member).stream()
                .map(text -> ((Json.Text) text).value())
                .toList();
    }

    private SortedMap<String, List<PartyId>> attesters(Json.Obj roles, SortedMap<String, PartyId> parties) {
        TreeMap<String, List<PartyId>> attesters = new TreeMap<>();
        if (!roles.has("attesters")) {
            return attesters;
        }
        roles.object("attesters").members().forEach((type, persons) -> {
            if (!REPORTED.contains(type)) {
                fault("form", Form.pointer("/roles/attesters", type));
            }
            attesters.put(type, persons(Optional.of(persons), Form.pointer("/roles/attesters", type), parties));
        });
        return attesters;
    }

    /// The attributes that have an event held.
    private static List<String> holding(Json.Obj roles) {
        if (!roles.has("held")) {
            return List.of();
        }
        return roles.object("held").members().entrySet().stream()
                .filter(flag -> flag.getValue().equals(Json.text("hold")))
                .map(flag -> "flag-" + flag.getKey())
                .toList();
    }

    /// The hub attests what a flag holds and nobody else does; it cannot attest its own.
    private void attesterMissing(
            Terms terms,
            SortedMap<String, PartyId> parties,
            List<Document.Source> sources,
            SortedMap<String, List<PartyId>> attesters,
            List<String> holding) {
        Optional<PartyId> hub = Optional.ofNullable(parties.get(terms.hub()));
        if (holding.isEmpty() || hub.isEmpty()) {
            return;
        }
        for (Document.Source source : sources) {
            boolean ofHub = hub.equals(Optional.ofNullable(parties.get(source.owner())));
            boolean alone = source.types().stream()
                    .filter(Document.SALE_LIKE::contains)
                    .anyMatch(type ->
                            attesters.getOrDefault(type, List.of()).stream().allMatch(hub.get()::equals));
            if (ofHub && alone && !source.notices()) {
                fault("attester_missing", "/roles/held");
            }
        }
    }

    /// The limit counts for each source and clause apart; a close computes with the events of all of them. What the
    /// document does not state is never more than that leaves.
    private int singleEvents(Terms terms, List<Document.Source> sources) {
        SortedSet<String> clauses = new TreeSet<>();
        SortedSet<String> reporting = new TreeSet<>();
        int together = 0;
        for (Map.Entry<String, SortedSet<String>> keeper :
                Folding.keepers(terms).entrySet()) {
            for (Document.Source source : sources) {
                if (!source.notices() && source.types().stream().anyMatch(keeper.getValue()::contains)) {
                    together++;
                    clauses.add(keeper.getKey());
                    reporting.add(source.id());
                }
            }
        }
        int atMost = together == 0 ? Integer.MAX_VALUE : MAX_SINGLE_EVENTS / together;
        int each = count(objectOrEmpty("limits"), "singleEvents", Math.max(1, Math.min(DEFAULT_SINGLE_EVENTS, atMost)));
        if (each > atMost) {
            Json.Obj values = Json.object()
                    .with("atMost", atMost)
                    .with("clauses", Json.texts(clauses))
                    .with("limit", MAX_SINGLE_EVENTS)
                    .with("singleEvents", each)
                    .with("sources", Json.texts(reporting))
                    .build();
            faults.add(new Fault("single_events_many", "/limits/singleEvents", values));
        }
        return each;
    }

    private static boolean overlap(Document.Source a, Document.Source b) {
        return a.covers(b.first()) || b.covers(a.first());
    }

    /// The ledger parties of persons, in order, each once; a person is a party of the terms or, with a slash, of the
    /// ledger.
    private List<PartyId> persons(Optional<Json> array, String at, SortedMap<String, PartyId> parties) {
        TreeSet<PartyId> found = new TreeSet<>();
        List<Json> items = array.map(value -> ((Json.Arr) value).items()).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            String person = ((Json.Text) items.get(i)).value();
            Optional<PartyId> party = person(person, parties);
            if (party.isEmpty()) {
                fault("person_unknown", at + "/" + i);
            }
            party.ifPresent(found::add);
        }
        return List.copyOf(found);
    }
}
