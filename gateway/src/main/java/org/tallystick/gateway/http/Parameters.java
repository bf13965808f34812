package org.tallystick.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.gateway.store.Facets;
import org.tallystick.gateway.store.ListStore.Question;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.Place;
import org.tallystick.gateway.store.Position;
import org.tallystick.ledger.client.AgreementFilter;
import org.tallystick.ledger.pack.PackBuilder;

/// Parts of an address as values; what has a wrong form is refused by name.
final class Parameters {

    /// In the place of a party's name: the member itself.
    private static final String ITSELF = "-";

    private static final Pattern PERIOD = Pattern.compile("[0-9]{4}(-[A-Z0-9]{2,3})?");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern TERMS_PARTY = Pattern.compile("[A-Za-z0-9:_.-]{1,80}");

    /// Of a list that goes in one direction, and of any other.
    private static final Set<String> ONWARDS = Set.of("cursor", "limit", "since");

    private static final Set<String> PAGING = Set.of("cursor", "limit", "order", "since");

    private Parameters() {}

    static Owner owner(RoutingContext request) throws Refusal {
        String member = path(request, "member");
        String name = path(request, "name");
        Optional<Owner> owner = name.equals(ITSELF)
                ? MemberId.parse(member).map(id -> id)
                : PartyId.parse(member + "/" + name).map(id -> id);
        return owner.orElseThrow(() -> new Refusal(Problem.parameter("name")));
    }

    static Ulid id(RoutingContext request) throws Refusal {
        return Ulid.parse(path(request, "id")).orElseThrow(() -> new Refusal(Problem.parameter("id")));
    }

    static AgreementId agreement(RoutingContext request) throws Refusal {
        String id = path(request, "member") + "/" + path(request, "name") + "/" + path(request, "label");
        return AgreementId.parse(id).orElseThrow(() -> new Refusal(Problem.parameter("label")));
    }

    static String period(RoutingContext request) throws Refusal {
        String period = path(request, "period");
        if (!PERIOD.matcher(period).matches()) {
            throw new Refusal(Problem.parameter("period"));
        }
        return period;
    }

    /// A period, if one is named: up to whose close a pack goes, or of which items are listed.
    static Optional<String> namedPeriod(RoutingContext request) throws Refusal {
        Optional<String> period = query(request, "period");
        if (period.filter(text -> !PERIOD.matcher(text).matches()).isPresent()) {
            throw new Refusal(Problem.parameter("period"));
        }
        return period;
    }

    static Optional<PackBuilder.Older> older(RoutingContext request) throws Refusal {
        Optional<String> older = query(request, "older");
        Optional<PackBuilder.Older> read = older.flatMap(PackBuilder.Older::parse);
        if (older.isPresent() && read.isEmpty()) {
            throw new Refusal(Problem.parameter("older"));
        }
        return read;
    }

    static int posting(RoutingContext request) throws Refusal {
        String number = path(request, "posting");
        if (!NUMBER.matcher(number).matches()) {
            throw new Refusal(Problem.parameter("posting"));
        }
        return Integer.parseInt(number);
    }

    static String termsParty(RoutingContext request) throws Refusal {
        return query(request, "party")
                .filter(party -> TERMS_PARTY.matcher(party).matches())
                .orElseThrow(() -> new Refusal(Problem.parameter("party")));
    }

    static Optional<Hash> instruction(RoutingContext request) throws Refusal {
        Optional<String> instruction = query(request, "instruction");
        if (instruction.filter(hash -> !HASH.matcher(hash).matches()).isPresent()) {
            throw new Refusal(Problem.parameter("instruction"));
        }
        return instruction.map(Hash::new);
    }

    static LocalDate day(String text, String name) throws Refusal {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw new Refusal(Problem.parameter(name));
        }
    }

    /// Which agreements are wanted.
    static AgreementFilter filter(RoutingContext request) throws Refusal {
        Optional<String> party = query(request, "party");
        Optional<String> from = query(request, "from");
        Optional<String> to = query(request, "to");
        List<String> states = all(request, "state");
        if (party.isPresent() && PartyId.parse(party.get()).isEmpty()) {
            throw new Refusal(Problem.parameter("party"));
        }
        if (!AgreementFilter.STATES.containsAll(states)) {
            throw new Refusal(Problem.parameter("state"));
        }
        return new AgreementFilter(
                party.flatMap(PartyId::parse),
                states,
                from.isEmpty() ? Optional.empty() : Optional.of(day(from.get(), "from")),
                to.isEmpty() ? Optional.empty() : Optional.of(day(to.get(), "to")));
    }

    /// A position on the ledger; before the first one if none was given.
    static Position after(RoutingContext request) throws Refusal {
        return position(request, "after").orElse(Position.START);
    }

    private static Optional<Position> position(RoutingContext request, String name) throws Refusal {
        Optional<String> text = query(request, name);
        return text.isEmpty() ? Optional.empty() : Optional.of(position(text.get(), name));
    }

    static Position position(String text, String name) throws Refusal {
        return Position.parse(text).orElseThrow(() -> new Refusal(Problem.parameter(name)));
    }

    /// The values of a parameter that may be given several times.
    static Set<String> set(RoutingContext request, String name, Predicate<String> good, int most) throws Refusal {
        List<String> all = all(request, name);
        if (all.size() > most || !all.stream().allMatch(good)) {
            throw new Refusal(Problem.parameter(name));
        }
        return Set.copyOf(all);
    }

    /// What is asked of a list.
    static Question question(RoutingContext request, Listing listing) throws Refusal {
        return question(request, listing, listing.text(), PAGING);
    }

    /// What is asked of the events of an agreement: of which reports.
    static Question events(RoutingContext request) throws Refusal {
        if (query(request, "agreement").isEmpty()) {
            throw new Refusal(Problem.parameter("agreement"));
        }
        return question(request, Listing.REPORTS, ListEvents.LIST, ONWARDS);
    }

    /// A parameter that a list does not have is refused: who means to choose and spells it wrong must not be given
    /// everything.
    private static Question question(RoutingContext request, Listing listing, String list, Set<String> paging)
            throws Refusal {
        for (String name : request.queryParams().names()) {
            if (!listing.facets().contains(name) && !paging.contains(name)) {
                throw new Refusal(Problem.parameter(name));
            }
        }
        Facets facets = new Facets(
                query(request, "agreement").orElse(""),
                query(request, "party").orElse(""),
                act(request),
                query(request, "state").orElse(""),
                query(request, "source").orElse(""),
                namedPeriod(request).orElse(""));
        Question question = new Question(
                listing,
                facets,
                position(request, "since"),
                Optional.empty(),
                query(request, "order").filter("newest"::equals).isPresent(),
                limit(request));
        Optional<String> cursor = query(request, "cursor");
        Optional<Place> after = cursor.flatMap(text -> Cursor.read(list, question, text));
        if (cursor.isPresent() && after.isEmpty()) {
            throw new Refusal(Problem.parameter("cursor"));
        }
        return question.after(after);
    }

    private static String act(RoutingContext request) throws Refusal {
        Optional<String> act = query(request, "act");
        if (act.isPresent() && ActKind.ofText(act.get()).isEmpty()) {
            throw new Refusal(Problem.parameter("act"));
        }
        return act.orElse("");
    }

    private static int limit(RoutingContext request) throws Refusal {
        String limit = query(request, "limit").orElse(String.valueOf(HttpLimits.LISTED));
        if (!NUMBER.matcher(limit).matches() || Integer.parseInt(limit) > HttpLimits.MOST_LISTED) {
            throw new Refusal(Problem.parameter("limit"));
        }
        return Integer.parseInt(limit);
    }

    /// @throws Refusal if it is there more than once
    static Optional<String> query(RoutingContext request, String name) throws Refusal {
        List<String> all = all(request, name);
        if (all.size() > 1) {
            throw new Refusal(Problem.parameter(name));
        }
        return all.stream().findFirst();
    }

    static List<String> all(RoutingContext request, String name) throws Refusal {
        try {
            return request.queryParam(name);
        } catch (RuntimeException _) {
            throw new Refusal(Problem.parameter(name));
        }
    }

    private static String path(RoutingContext request, String name) throws Refusal {
        String value = request.pathParam(name);
        if (value == null) {
            throw new Refusal(Problem.parameter(name));
        }
        return value;
    }
}
