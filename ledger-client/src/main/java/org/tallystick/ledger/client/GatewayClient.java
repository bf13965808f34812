package org.tallystick.ledger.client;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.AddCheckpoint;
import org.tallystick.ledger.log.LogPath;

/// Every operation of a gateway's contract (`/openapi.json`), one call each. Nothing is tried again here, and
/// nothing is believed: [HttpCourier] does the first, and who verifies a pack or a log the second.
///
/// Every call waits; call from a virtual thread. What is not there is nothing; any other no is a [LedgerException],
/// which knows whether the same may be sent again.
public final class GatewayClient implements AutoCloseable {

    /// Envelopes in one request, and bytes of them.
    public static final int MOST = 5_000;

    public static final int LARGEST_BODY = 8 << 20;

    /// How long a gateway lets anybody wait in one call.
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    /// A gateway reads all blocks before it answers.
    private static final Duration PACK = Duration.ofHours(2);

    private static final Pattern BLOCK = Pattern.compile("-1|[0-9]{1,15}");

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
    public GatewayClient(URI gateway) {
        this.gateway = gateway.toString().endsWith("/") ? gateway : URI.create(gateway + "/");
    }

    /// @param block how far a list goes
    private record Response(int status, String type, Optional<Long> block, Bytes body) {

        /// What is no JSON object has no members; the status then says enough.
        Json.Obj json() {
            return JsonReader.read(body, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                    ? object
                    : Json.Obj.EMPTY;
        }
    }

    // Instructions

    /// Hands envelopes over as they are, one on each line, so that no byte is spelled anew on the way.
    ///
    /// @param instructions at most [#MOST]
    /// @param wait until all are answered for good, at most [#LONGEST_WAIT]
    public TakenIn postInstructions(List<Signed> instructions, Duration wait) throws LedgerException {
        boolean one = instructions.size() == 1;
        StringBuilder body = new StringBuilder();
        for (Signed signed : instructions) {
            StringBuilder _ =
                    body.append(signed.envelope().utf8().orElseThrow()).append(one ? "" : "\n");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("v1/instructions"))
                .timeout(ANSWER.plus(wait))
                .header("content-type", one ? "application/jose+json" : "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        Response response = exchange(waiting(request, wait));
        Optional<Answer> no = one ? TakenIn.no(response.status(), response.json()) : Optional.empty();
        if (no.isPresent()) {
            return new TakenIn(List.of(no.get()), Optional.empty());
        }
        if (response.status() != ACCEPTED && response.status() != OK) {
            throw failure(response);
        }
        return TakenIn.of(response.json(), instructions.size());
    }

    /// How an instruction stands.
    ///
    /// @param home the agreement, or `reg`, where it is known: an id may have been used under several
    /// @param instruction its hash, where it is known: an id may have been used more than once even there
    public Optional<Answer> getInstruction(
            Owner party, Ulid id, Optional<String> home, Optional<Hash> instruction, Duration wait)
            throws LedgerException {
        List<String> query = new ArrayList<>();
        home.ifPresent(text -> query.add("agreement=" + encode(text, UTF_8)));
        instruction.ifPresent(hash -> query.add("instruction=" + hash));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        gateway.resolve("v1/instructions/" + owner(party) + "/" + id.text() + query(query)))
                .timeout(ANSWER.plus(wait))
                .GET();
        return found(exchange(waiting(request, wait))).map(Response::json).map(TakenIn::standing);
    }

    private static String query(List<String> parts) {
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    private static HttpRequest.Builder waiting(HttpRequest.Builder request, Duration wait) {
        return wait.isZero() ? request : request.header("prefer", "wait=" + wait.toSeconds());
    }

    // Following

    /// What the ledger brought after a position. [StreamReader] goes on and on.
    ///
    /// @param after nothing for all from the beginning
    /// @param wait for something to come, at most [#LONGEST_WAIT]
    public News.Page getStream(News.Filter filter, Optional<Position> after, Duration wait) throws LedgerException {
        List<String> query = new ArrayList<>(filter.query());
        after.ifPresent(at -> query.add("after=" + at));
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("v1/stream" + query(query)))
                .timeout(ANSWER.plus(wait))
                .header("accept", "application/json")
                .GET();
        Json.Obj page = ok(exchange(waiting(request, wait))).json();
        return new News.Page(
                objects(page, "news").stream().map(News::decode).toList(),
                page.findText("next").flatMap(Position::parse),
                page.findText("newest").flatMap(Position::parse));
    }

    /// The public keys that sign what webhooks are told, as Standard Webhooks writes them.
    public List<String> listWebhookKeys() throws LedgerException {
        return texts(json("v1/webhooks/keys"), "keys");
    }

    // Reading

    public Net getNet() throws LedgerException {
        return Net.decode(json("v1/net"));
    }

    /// @param keys at most 100; those that are not there are left out
    public SortedMap<String, Json.Obj> getState(List<String> keys) throws LedgerException {
        List<String> query =
                keys.stream().map(key -> "key=" + encode(key, UTF_8)).toList();
        TreeMap<String, Json.Obj> values = new TreeMap<>();
        json("v1/state?" + String.join("&", query))
                .object("values")
                .members()
                .forEach((key, value) -> values.put(key, (Json.Obj) value));
        return values;
    }

    /// A page of the agreements there are.
    ///
    /// @param summaries lines of those that were asked for by a filter, else none
    /// @param next after which id to go on, if only some were looked at
    public record AgreementPage(List<AgreementId> agreements, List<Json.Obj> summaries, Optional<AgreementId> next) {
        public AgreementPage {
            agreements = List.copyOf(agreements);
            summaries = List.copyOf(summaries);
        }
    }

    /// @param after the last id of the page before
    public AgreementPage listAgreements(AgreementFilter filter, Optional<AgreementId> after) throws LedgerException {
        List<String> query = new ArrayList<>();
        after.ifPresent(id -> query.add("after=" + encode(id.text(), UTF_8)));
        filter.party().ifPresent(party -> query.add("party=" + encode(party.text(), UTF_8)));
        filter.states().forEach(state -> query.add("state=" + state));
        filter.from().ifPresent(day -> query.add("from=" + day));
        filter.to().ifPresent(day -> query.add("to=" + day));
        Json.Obj page = json("v1/agreements" + query(query));
        return new AgreementPage(
                texts(page, "agreements").stream().map(AgreementId::new).toList(),
                page.has("summaries") ? objects(page, "summaries") : List.of(),
                page.findText("next").map(AgreementId::new));
    }

    /// An agreement as a gateway tells it.
    ///
    /// @param head and `offer`: as the ledger has them; `document`: what the parties signed
    /// @param text what its terms mean, in English
    public record AgreementTold(
            AgreementId id,
            String state,
            Json.Obj head,
            Optional<Json.Obj> offer,
            Optional<Json.Obj> document,
            Optional<Hash> version,
            Optional<String> text) {}

    public Optional<AgreementTold> getAgreement(AgreementId agreement) throws LedgerException {
        return found(get(of(agreement), ANSWER))
                .map(Response::json)
                .map(told -> new AgreementTold(
                        new AgreementId(told.text("agreement")),
                        told.text("state"),
                        told.object("head"),
                        told.find("offer").map(Json.Obj.class::cast),
                        told.find("document").map(Json.Obj.class::cast),
                        told.findText("version").map(Hash::new),
                        told.findText("text")));
    }

    /// @param after the position of the last line before
    public List<StoryEntry> getStory(AgreementId agreement, Optional<Position> after) throws LedgerException {
        String from = after.map(at -> "?after=" + encode(at.toString(), UTF_8)).orElse("");
        return objects(json(of(agreement) + "/story" + from), "story").stream()
                .map(StoryEntry::decode)
                .toList();
    }

    /// All versions that were adopted, oldest first, as a gateway lists them.
    public Optional<List<Json.Obj>> listVersions(AgreementId agreement) throws LedgerException {
        return found(get(of(agreement) + "/versions", ANSWER)).map(list -> objects(list.json(), "versions"));
    }

    /// What was moved and how it stands, and the notices given, as a gateway counts them.
    public record MotionsTold(List<Json.Obj> motions, List<Json.Obj> notices) {
        public MotionsTold {
            motions = List.copyOf(motions);
            notices = List.copyOf(notices);
        }
    }

    public Optional<MotionsTold> listMotions(AgreementId agreement) throws LedgerException {
        return found(get(of(agreement) + "/motions", ANSWER))
                .map(Response::json)
                .map(told -> new MotionsTold(objects(told, "motions"), objects(told, "notices")));
    }

    public List<Hash> listClaims(AgreementId agreement) throws LedgerException {
        return texts(json(of(agreement) + "/claims"), "claims").stream()
                .map(Hash::new)
                .toList();
    }

    public List<Kid> listKeys(Owner owner) throws LedgerException {
        return texts(json("v1/parties/" + owner(owner) + "/keys"), "keys").stream()
                .flatMap(kid -> Kid.parse(kid).stream())
                .toList();
    }

    /// A settlement as the ledger has it.
    ///
    /// @param hash of the settlement
    /// @param position of the verdict that settled it, where it is known
    public record SettlementTold(Hash hash, Json.Obj settlement, List<Json.Obj> lines, Optional<Position> position) {
        public SettlementTold {
            lines = List.copyOf(lines);
        }
    }

    public Optional<SettlementTold> getSettlement(AgreementId agreement, Period period) throws LedgerException {
        return found(get(of(agreement) + "/settlements/" + period.text(), ANSWER))
                .map(Response::json)
                .map(told -> new SettlementTold(
                        new Hash(told.text("hash")),
                        told.object("settlement"),
                        objects(told, "lines"),
                        told.find("position").map(at -> Position.decode((Json.Obj) at))));
    }

    /// One party's view of a settlement.
    ///
    /// @param settlement its hash
    /// @param payment what it is paid, in minor units; below zero what it pays
    /// @param item what it and the hub owe each other for it
    public record StatementTold(
            Hash settlement,
            List<Json.Obj> postings,
            Optional<Json> payment,
            Json.Obj balances,
            Optional<Json.Obj> item) {
        public StatementTold {
            postings = List.copyOf(postings);
        }
    }

    /// @param party of the terms
    public Optional<StatementTold> getStatement(AgreementId agreement, Period period, String party)
            throws LedgerException {
        String path = of(agreement) + "/statements/" + period.text() + "?party=" + encode(party, UTF_8);
        return found(get(path, ANSWER))
                .map(Response::json)
                .map(told -> new StatementTold(
                        new Hash(told.text("settlement")),
                        objects(told, "postings"),
                        told.find("payment"),
                        told.object("balances"),
                        told.find("item").map(Json.Obj.class::cast)));
    }

    // Lists

    /// Some items of a list, in its order. A page may be short, or empty, and still have a next one.
    ///
    /// @param next the cursor with which to go on, if there may be more
    /// @param block the last block that is in the list
    public record ItemPage(List<Json.Obj> items, Optional<String> next, long block) {
        public ItemPage {
            items = List.copyOf(items);
        }
    }

    /// The instructions with a verdict.
    ///
    /// @param cursor of the page before
    public ItemPage listInstructions(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("instructions", filter, cursor);
    }

    /// The versions of agreements that were adopted.
    ///
    /// @param cursor of the page before
    public ItemPage listAdoptions(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("adoptions", filter, cursor);
    }

    /// The sources of agreements, and how far each is.
    ///
    /// @param cursor of the page before
    public ItemPage listSources(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("sources", filter, cursor);
    }

    /// The reports that were applied, each with the numbers of its events.
    ///
    /// @param cursor of the page before
    public ItemPage listReports(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("reports", filter, cursor);
    }

    /// The events of an agreement, as they were signed.
    ///
    /// @param filter names the agreement
    /// @param cursor of the page before
    public ItemPage listEvents(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("events", filter, cursor);
    }

    /// What sources declared, sealed or took back.
    ///
    /// @param cursor of the page before
    public ItemPage listDeclarations(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("declarations", filter, cursor);
    }

    /// The settlements there are.
    ///
    /// @param cursor of the page before
    public ItemPage listSettlements(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("settlements", filter, cursor);
    }

    /// The statements there are: [#getStatement] reads each.
    ///
    /// @param cursor of the page before
    public ItemPage listStatements(ListFilter filter, Optional<String> cursor) throws LedgerException {
        return items("statements", filter, cursor);
    }

    private ItemPage items(String list, ListFilter filter, Optional<String> cursor) throws LedgerException {
        Response response = ok(get("v1/" + list + filter.query(cursor), ANSWER));
        Json.Obj page = response.json();
        return new ItemPage(
                objects(page, list),
                page.findText("next"),
                response.block().orElseThrow(() -> strange("a list that does not say how far it goes")));
    }

    // Log and packs

    /// Writes an audit pack.
    ///
    /// @param period up to whose close, if not to the end
    /// @param older size and root of the log in an older pack, as `SIZE:ROOT`
    /// @return whether there is such an agreement, and period
    public boolean getPack(AgreementId agreement, Optional<Period> period, Optional<String> older, OutputStream out)
            throws LedgerException {
        List<String> query = new ArrayList<>();
        older.ifPresent(from -> query.add("older=" + encode(from, UTF_8)));
        period.ifPresent(upTo -> query.add("period=" + upTo.text()));
        String path = "v1/packs/" + agreement.text() + (query.isEmpty() ? "" : "?" + String.join("&", query));
        HttpRequest request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(PACK).build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == OK) {
                    long _ = body.transferTo(out);
                    return true;
                }
                Response no =
                        new Response(response.statusCode(), "", Optional.empty(), Bytes.copyOf(body.readAllBytes()));
                return found(no).isPresent();
            }
        } catch (IOException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// The proof of one posting.
    public Optional<Bytes> getPosting(AgreementId agreement, Period period, int posting) throws LedgerException {
        return found(get("v1/packs/" + agreement.text() + "/postings/" + period.text() + "/" + posting, PACK))
                .map(Response::body);
    }

    public Optional<Bytes> getLogCheckpoint() throws LedgerException {
        return octets("log/checkpoint");
    }

    /// The newest checkpoint that a majority of the members cosigned.
    public Optional<Bytes> getLogCosigned() throws LedgerException {
        return octets("log/cosigned");
    }

    public Optional<Bytes> getLogTile(LogPath.Tile tile) throws LedgerException {
        return octets("log/" + tile.text());
    }

    public Optional<Bytes> getLogEntries(LogPath.Entries entries) throws LedgerException {
        return octets("log/" + entries.text());
    }

    /// Where a chain ends in a tree of this size, as this member says.
    public Optional<Bytes> getLogHead(long size, String chain) throws LedgerException {
        return octets("log/head/" + size + "/" + chain);
    }

    public Bytes getLogEvidence() throws LedgerException {
        return ok(get("log/evidence", ANSWER)).body();
    }

    /// What this member's witness cosigned last of a log.
    ///
    /// @param origin the hash of the log's origin
    public Optional<Bytes> getWitnessed(Hash origin) throws LedgerException {
        return octets("log/" + origin + "/checkpoint");
    }

    /// What a witness answers, as it is: [org.tallystick.ledger.log.WitnessReply#read] says what it means.
    public record WitnessTold(int status, String type, Bytes body) {}

    public WitnessTold addCheckpoint(AddCheckpoint request) throws LedgerException {
        Response response = exchange(HttpRequest.newBuilder(gateway.resolve("log/add-checkpoint"))
                .timeout(ANSWER)
                .header("content-type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.octets().toArray())));
        return new WitnessTold(response.status(), response.type(), response.body());
    }

    // Operation

    public boolean getLive() throws LedgerException {
        return get("health/live", ANSWER).status() == OK;
    }

    /// @param told what is there and what is missing
    public record Readiness(boolean ready, Json.Obj told) {}

    public Readiness getReady() throws LedgerException {
        Response response = get("health/ready", ANSWER);
        return new Readiness(response.status() == OK, response.json());
    }

    /// The contract itself.
    public Json.Obj getContract() throws LedgerException {
        return json("openapi.json");
    }

    /// The contract as a page, and the files of the page.
    public Bytes getDocs() throws LedgerException {
        return ok(get("docs", ANSWER)).body();
    }

    public Optional<Bytes> getDocsFile(String file) throws LedgerException {
        return octets("docs/" + file);
    }

    // What they have in common

    private static String owner(Owner owner) {
        return switch (owner) {
            case PartyId party -> party.text();
            case MemberId member -> member.text() + "/-";
        };
    }

    private static String of(AgreementId agreement) {
        return "v1/agreements/" + agreement.text();
    }

    private static List<String> texts(Json.Obj object, String member) {
        return object.items(member).stream()
                .map(text -> ((Json.Text) text).value())
                .toList();
    }

    private static List<Json.Obj> objects(Json.Obj object, String member) {
        return object.items(member).stream().map(Json.Obj.class::cast).toList();
    }

    private Json.Obj json(String path) throws LedgerException {
        return ok(get(path, ANSWER)).json();
    }

    private Optional<Bytes> octets(String path) throws LedgerException {
        return found(get(path, ANSWER)).map(Response::body);
    }

    private Response get(String path, Duration timeout) throws LedgerException {
        return exchange(
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(timeout).GET());
    }

    private Response exchange(HttpRequest.Builder request) throws LedgerException {
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Response(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers()
                            .firstValue("ledger-block")
                            .filter(text -> BLOCK.matcher(text).matches())
                            .map(Long::valueOf),
                    Bytes.copyOf(response.body()));
        } catch (IOException e) {
            throw silent(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Optional<Response> found(Response response) throws LedgerException {
        return response.status() == NOT_FOUND ? Optional.empty() : Optional.of(ok(response));
    }

    private static Response ok(Response response) throws LedgerException {
        if (response.status() != OK) {
            throw failure(response);
        }
        return response;
    }

    private static LedgerException failure(Response response) {
        return failure(response.status(), response.json());
    }

    static LedgerException failure(int status, Json.Obj problem) {
        String detail = problem.findText("detail")
                .or(() -> problem.findText("title"))
                .or(() -> problem.findText("code"))
                .orElse("without a word");
        String message = "the gateway answered " + status + ": " + detail;
        return status == TOO_MANY || status >= SERVER
                ? new LedgerException.Unavailable(message, null)
                : new LedgerException.Refused(message, null);
    }

    static LedgerException.Refused strange(String what) {
        return new LedgerException.Refused("the gateway answered with " + what, null);
    }

    private LedgerException.Unavailable silent(IOException e) {
        return new LedgerException.Unavailable("the gateway at " + gateway + " does not answer: " + e, e);
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
