package org.tallystick.ledger.client;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tallystick.agreement.answer.Code;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;

/// Carries instructions to a gateway over HTTP. The gateway keeps them, so nobody has to stay until the verdict.
public final class HttpCourier implements Courier {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    /// As long as a gateway lets anybody wait in one call.
    private static final Duration LONGEST_POLL = Duration.ofSeconds(25);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int MOST_AT_ONCE = 1_000;
    /// A gateway reads 4 MiB; the quotes of an envelope are escaped on the way.
    private static final int LARGEST_BODY = 3 << 20;

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private final URI gateway;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /// @param gateway its base address, such as `http://127.0.0.1:8080`
    public HttpCourier(URI gateway) {
        this.gateway = gateway.toString().endsWith("/") ? gateway : URI.create(gateway + "/");
    }

    private record Response(int status, Json.Obj body) {}

    @Override
    public Net net() throws LedgerException {
        return Net.decode(ok(ask("v1/net", ANSWER)).body());
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
        String query = keys.stream().map(key -> "key=" + encode(key, UTF_8)).collect(Collectors.joining("&"));
        TreeMap<String, Json.Obj> values = new TreeMap<>();
        ok(ask("v1/state?" + query, ANSWER))
                .body()
                .object("values")
                .members()
                .forEach((key, value) -> values.put(key, (Json.Obj) value));
        return values;
    }

    @Override
    public List<Sent> send(List<Signed> instructions, Duration longest) throws LedgerException {
        Instant end = Instant.now().plus(longest);
        List<Answer> first = new ArrayList<>();
        for (List<Signed> part : parts(instructions)) {
            first.addAll(hand(part));
        }
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            Signed signed = instructions.get(i);
            sent.add(new Sent(
                    signed.payload(), first.get(i).isFinal() ? first.get(i) : await(signed, first.get(i), end)));
        }
        return List.copyOf(sent);
    }

    /// As many at once as a gateway takes.
    private static List<List<Signed>> parts(List<Signed> instructions) {
        List<List<Signed>> parts = new ArrayList<>();
        int size = 0;
        for (Signed instruction : instructions) {
            size += instruction.envelope().size();
            if (parts.isEmpty() || parts.getLast().size() == MOST_AT_ONCE || size > LARGEST_BODY) {
                parts.add(new ArrayList<>());
                size = instruction.envelope().size();
            }
            parts.getLast().add(instruction);
        }
        return parts;
    }

    /// Hands instructions over as the strings they are, so that no byte is spelled anew on the way.
    private List<Answer> hand(List<Signed> instructions) throws LedgerException {
        boolean one = instructions.size() == 1;
        Bytes body = one
                ? instructions.getFirst().envelope()
                : Json.texts(instructions.stream()
                                .map(signed -> signed.envelope().utf8().orElseThrow())
                                .toList())
                        .canonical();
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("v1/instructions"))
                .timeout(ANSWER)
                .header("content-type", one ? "application/jose+json" : "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()));
        Response response = exchange(request);
        if (response.status() != ACCEPTED && response.status() != OK) {
            return List.of(no(response, one));
        }
        List<Json> items = response.body().items("instructions");
        if (items.size() != instructions.size()) {
            throw strange(items.size() + " answers to " + instructions.size() + " instructions");
        }
        List<Answer> answers = new ArrayList<>();
        for (Json item : items) {
            Json.Obj object = (Json.Obj) item;
            answers.add(object.has("state") ? answer(object) : no(new Response(status(object), object), true));
        }
        return answers;
    }

    private static int status(Json.Obj problem) {
        return problem.findWhole("status").map(Long::intValue).orElse(SERVER);
    }

    /// A problem that names one of the ledger's codes is an answer; any other means that none was reached.
    private static Answer no(Response response, boolean ofOne) throws LedgerException {
        Json.Obj problem = response.body();
        Optional<Code> code = problem.findText("code").flatMap(Code::ofText);
        if (ofOne && code.isPresent() && response.status() < SERVER) {
            Json.Obj values = problem.has("values") ? problem.object("values") : Json.Obj.EMPTY;
            return new Answer.Refused(code.get().text(), values, false, Optional.empty());
        }
        throw failure(response);
    }

    private Answer await(Signed signed, Answer first, Instant end) throws LedgerException {
        Payload payload = signed.payload();
        String home = payload.scope().map(scope -> scope.agreement().text()).orElse(Keys.REGISTRY);
        Answer answer = first;
        while (!answer.isFinal()) {
            Duration left = Duration.between(Instant.now(), end);
            if (left.compareTo(AGAIN) < 0) {
                return answer;
            }
            Optional<Answer> next =
                    poll(payload.party(), Optional.of(home), payload.id(), Optional.of(signed.instruction()), left);
            if (next.isEmpty()) {
                throw strange("no trace of an instruction it took");
            }
            answer = next.get();
            if (answer instanceof Answer.Waiting) {
                Pause.of(AGAIN, "the gateway was asked");
            }
        }
        return answer;
    }

    /// @param home the agreement or the registry, where it is known: an id may have been used under several
    /// @param instruction its hash, where it is known: an id may have been used more than once even there
    private Optional<Answer> poll(
            Owner party, Optional<String> home, Ulid id, Optional<Hash> instruction, Duration left)
            throws LedgerException {
        Duration wait = left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL;
        String owner = switch (party) {
            case PartyId of -> of.text();
            case MemberId of -> of.text() + "/-";
        };
        String under = home.map(text -> "&agreement=" + encode(text, UTF_8)).orElse("");
        String which = instruction.map(hash -> "&instruction=" + hash).orElse("");
        String path = "v1/instructions/" + owner + "/" + id.text() + "?wait=" + wait.toSeconds() + under + which;
        Response response = ask(path, ANSWER.plus(wait));
        return response.status() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(answer(ok(response).body()));
    }

    private static Answer answer(Json.Obj instruction) throws LedgerException {
        Optional<Position> position = instruction.find("position").map(found -> Position.decode((Json.Obj) found));
        return switch (instruction.text("state")) {
            case "received" -> new Answer.Received();
            case "waiting", "applied", "refused" ->
                instruction.has("answer")
                        ? Answer.of(instruction.object("answer"), position)
                                .with(instruction
                                        .find("close")
                                        .flatMap(close -> CloseProgress.decode((Json.Obj) close)))
                        : new Answer.Received();
            default -> throw strange("state " + instruction.text("state"));
        };
    }

    @Override
    public Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest)
            throws LedgerException {
        Instant end = Instant.now().plus(longest);
        while (true) {
            Duration left = Duration.between(Instant.now(), end);
            Optional<Answer> answer = poll(
                    party,
                    agreement.map(AgreementId::text),
                    id,
                    Optional.empty(),
                    left.isNegative() ? Duration.ZERO : left);
            if (answer.isEmpty() || answer.get().isFinal() || left.compareTo(AGAIN) < 0) {
                return answer;
            }
            Pause.of(AGAIN, "the gateway was asked");
        }
    }

    /// The gateway knows it from the blocks that it has followed.
    @Override
    public Optional<Position> settledAt(AgreementId agreement, Period period) throws LedgerException {
        Response response = ask("v1/agreements/" + agreement.text() + "/settlements/" + period.text(), ANSWER);
        return response.status() == NOT_FOUND
                ? Optional.empty()
                : ok(response).body().find("position").map(found -> Position.decode((Json.Obj) found));
    }

    @Override
    public List<Hash> claims(AgreementId agreement) throws LedgerException {
        return ok(ask("v1/agreements/" + agreement.text() + "/claims", ANSWER)).body().items("claims").stream()
                .map(claim -> new Hash(((Json.Text) claim).value()))
                .toList();
    }

    @Override
    public List<Kid> keys(PartyId party) throws LedgerException {
        return ok(ask("v1/parties/" + party.text() + "/keys", ANSWER)).body().items("keys").stream()
                .flatMap(kid -> Kid.parse(((Json.Text) kid).value()).stream())
                .toList();
    }

    @Override
    public List<StoryEntry> story(AgreementId agreement) throws LedgerException {
        List<StoryEntry> story = new ArrayList<>();
        List<Json> page;
        do {
            String after = story.isEmpty()
                    ? ""
                    : "?after=" + encode(story.getLast().at().toString(), UTF_8);
            page = ok(ask("v1/agreements/" + agreement.text() + "/story" + after, ANSWER))
                    .body()
                    .items("story");
            page.forEach(entry -> story.add(StoryEntry.decode((Json.Obj) entry)));
        } while (!page.isEmpty());
        return List.copyOf(story);
    }

    @Override
    public List<AgreementId> agreements() throws LedgerException {
        List<AgreementId> agreements = new ArrayList<>();
        List<Json> page;
        do {
            String after = agreements.isEmpty()
                    ? ""
                    : "?after=" + encode(agreements.getLast().text(), UTF_8);
            page = ok(ask("v1/agreements" + after, ANSWER)).body().items("agreements");
            page.forEach(item -> agreements.add(new AgreementId(((Json.Text) item).value())));
        } while (!page.isEmpty());
        return List.copyOf(agreements);
    }

    private Response ask(String path, Duration timeout) throws LedgerException {
        return exchange(
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(timeout).GET());
    }

    private Response exchange(HttpRequest.Builder request) throws LedgerException {
        try {
            HttpResponse<byte[]> response = http.send(
                    request.header("accept", "application/json, application/problem+json")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Response(response.statusCode(), object(response));
        } catch (IOException e) {
            throw new LedgerException.Unavailable("the gateway at " + gateway + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// What is no JSON object has no members; the status then says enough.
    private static Json.Obj object(HttpResponse<byte[]> response) {
        return JsonReader.read(Bytes.copyOf(response.body()), JsonReader.Profile.FILE)
                        instanceof JsonReader.Value(Json.Obj object)
                ? object
                : Json.Obj.EMPTY;
    }

    private static Response ok(Response response) throws LedgerException {
        if (response.status() != OK) {
            throw failure(response);
        }
        return response;
    }

    private static LedgerException failure(Response response) {
        String detail = response.body()
                .findText("detail")
                .or(() -> response.body().findText("title"))
                .or(() -> response.body().findText("code"))
                .orElse("without a word");
        String message = "the gateway answered " + response.status() + ": " + detail;
        return response.status() == TOO_MANY || response.status() >= SERVER
                ? new LedgerException.Unavailable(message, null)
                : new LedgerException.Refused(message, null);
    }

    private static LedgerException.Refused strange(String what) {
        return new LedgerException.Refused("the gateway answered with " + what, null);
    }

    private static LedgerException.Unavailable interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LedgerException.Unavailable("interrupted while the gateway was asked", e);
    }

    @Override
    public void close() {
        http.close();
    }
}
