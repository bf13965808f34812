package org.tallystick.agreement.rules;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signatures;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SignedTogether;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.State;

/// The functions of the ledger: (state, timestamp, arguments) -> (writes, response, event), the same for everybody who
/// computes them.
///
/// `docs/spec/ledger-1.md` section 11. One object serves any number of transactions.
public final class Transactions {

    public static final int MAX_ENVELOPES = 1_000;
    public static final int MAX_NAMES = 1_000;
    public static final int MAX_KEYS = 100;
    /// Inflated. What a transaction carries besides follows from it, and is bounded where it is put together.
    public static final int MAX_ARGUMENTS = 900 * 1024;
    /// A courier that is endorsed more than that sends fewer instructions together.
    public static final int MAX_TRANSACTION = 1024 * 1024;
    /// A report with a larger payload travels alone.
    public static final int SMALL_REPORT = 64 * 1024;

    private static final int MARKER_DAYS = 30;
    private static final Duration EPOCH = Duration.ofHours(1);
    private static final String UPKEEP = "upkeep";
    private static final Pattern MARKER = Pattern.compile("once/([0-9]{8})/.+");
    private static final List<ActKind> ALONE =
            List.of(ActKind.OFFER, ActKind.COUNTER, ActKind.AMEND, ActKind.ATTEST, ActKind.CONTRADICT, ActKind.CLOSE);

    private final Documents documents;
    private final Edition edition;

    public Transactions(Documents documents) {
        this(documents, Edition.THIS);
    }

    public Transactions(Documents documents, Edition edition) {
        this.documents = documents;
        this.edition = edition;
    }

    /// When and by whom a transaction is sent.
    ///
    /// @param timestamp of the transaction, as its submitter chose it
    public record Sent(LedgerTime timestamp, Carrier carrier) {}

    /// What a transaction comes to.
    public sealed interface Outcome {}

    /// @param writes by key, in order; an empty value deletes
    public record Done(Json.Obj response, Optional<Json.Obj> event, SortedMap<String, Optional<Bytes>> writes)
            implements Outcome {}

    /// The transaction fails as a whole and writes nothing.
    public record Failed(String code, Json.Obj values) implements Outcome {
        /// As it stands in the message of the failure; Fabric drops everything else.
        public String message() {
            return "tallystick: " + code + " " + values.canonical().utf8().orElseThrow();
        }
    }

    private static Failed failed(String code, Json.Builder values) {
        return new Failed(code, values.build());
    }

    private static Failed failed(String code) {
        return new Failed(code, Json.Obj.EMPTY);
    }

    /// Begins the ledger.
    ///
    /// @param arguments the ledger id, then `true` or `false`: whether it is a trial
    public Outcome init(State state, Sent sent, List<Bytes> arguments) {
        if (!sent.carrier().admin()) {
            return failed(
                    "not_admin", Json.object().with("member", sent.carrier().member()));
        }
        List<String> texts = texts(arguments);
        if (texts.size() != 2 || !Hash.isHash(texts.get(0)) || !texts.get(1).matches("true|false")) {
            return failed("arguments_wrong");
        }
        Overlay overlay = new Overlay(state);
        if (overlay.read(Keys.NET).isPresent()) {
            return failed("already_initialized");
        }
        Net net = Net.begin(new Hash(texts.get(0)), texts.get(1).equals("true"), sent.timestamp());
        overlay.write(Keys.NET, Net.CODEC, net);
        Json.Builder effect = Json.object()
                .with("epoch", net.epoch())
                .with("kind", "net")
                .with("ledger", net.ledger().hex())
                .with("rules", net.rules())
                .with("trial", net.trial());
        return function(overlay, net, "init", Keys.REGISTRY, sent, effect);
    }

    /// Decides instructions of one agreement, or of the registry, each with its own answer.
    ///
    /// @param arguments envelopes, then the hints
    public Outcome submit(State state, Sent sent, List<Bytes> arguments) {
        Optional<Failed> wrong = sizes(arguments);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        List<Read> items = Signed.readAll(arguments.subList(0, arguments.size() - 1));
        return submit(state, sent, arguments, items, new SignedTogether(items));
    }

    /// The same for who has read the envelopes before.
    ///
    /// @param items what the envelopes are, in their order
    public Outcome submit(State state, Sent sent, List<Bytes> arguments, List<Read> items, Signatures signatures) {
        Optional<Failed> wrong = sizes(arguments);
        Optional<Hints> hints = arguments.size() < 2 ? Optional.empty() : Hints.read(arguments.getLast());
        if (wrong.isPresent() || hints.isEmpty()) {
            return wrong.orElse(failed("arguments_wrong"));
        }
        Optional<Failed> mixed = together(items);
        if (mixed.isPresent()) {
            return mixed.get();
        }
        Overlay overlay = new Overlay(state);
        Optional<Net> net = overlay.read(Keys.NET, Net.CODEC);
        Optional<Failed> unfit = unfit(net);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        Moment moment = new Moment(net.get(), net.get().time(sent.timestamp()), sent.carrier());
        Decider decider = new Decider(overlay, moment, documents, edition, hints.get(), signatures);
        decider.foresee(items);
        List<Json> responses = new ArrayList<>();
        TreeMap<String, Long> chains = new TreeMap<>();
        for (int n = 0; n < items.size(); n++) {
            Item item = decider.decide(n, items.get(n));
            responses.add(item.response());
            item.chain().ifPresent(chain -> chains.merge(chain, 1L, Long::sum));
        }
        Optional<Json.Obj> event = chains.isEmpty() ? Optional.empty() : Optional.of(event(chains));
        Json.Obj response = Told.dated(response(net.get(), responses), responses, moment.time())
                .build();
        return new Done(response, event, overlay.writes());
    }

    /// Why this code decides nothing on the ledger, if so.
    private Optional<Failed> unfit(Optional<Net> net) {
        if (net.isEmpty()) {
            return Optional.of(failed("not_initialized"));
        }
        return net.get().rules() > edition.rules()
                ? Optional.of(failed(
                        "rules_unknown", Json.object().with("rules", net.get().rules())))
                : Optional.empty();
    }

    private static Optional<Failed> sizes(List<Bytes> arguments) {
        if (arguments.isEmpty()) {
            return Optional.of(failed("arguments_wrong"));
        }
        if (arguments.size() > MAX_ENVELOPES + 1) {
            return Optional.of(failed(
                    "batch_too_large",
                    Json.object().with("limit", MAX_ENVELOPES).with("size", arguments.size() - 1)));
        }
        long size = arguments.stream().mapToLong(Bytes::size).sum();
        return size > MAX_ARGUMENTS
                ? Optional.of(failed(
                        "batch_too_large",
                        Json.object().with("limit", MAX_ARGUMENTS).with("size", size)))
                : Optional.empty();
    }

    /// Whether these may travel in one transaction; what cannot be read is answered for itself.
    private static Optional<Failed> together(List<Read> items) {
        TreeSet<String> homes = new TreeSet<>();
        for (int n = 0; n < items.size(); n++) {
            if (items.get(n) instanceof Signed signed) {
                Payload payload = signed.payload();
                homes.add(payload.scope()
                        .map(Payload.Scope::agreement)
                        .map(AgreementId::text)
                        .orElse(Keys.REGISTRY));
                boolean alone = ALONE.contains(payload.kind())
                        || (payload.kind() == ActKind.REPORT
                                && signed.payloadBytes().size() > SMALL_REPORT);
                if (alone && items.size() > 1) {
                    return Optional.of(failed("not_alone", Json.object().with("item", n)));
                }
            }
        }
        return homes.size() > 1 ? Optional.of(failed("mixed_batch")) : Optional.empty();
    }

    /// Deletes markers that are old enough.
    ///
    /// @param arguments names of their keys
    public Outcome sweep(State state, Sent sent, List<Bytes> arguments) {
        List<String> names = texts(arguments);
        if (names.isEmpty() || names.size() > MAX_NAMES || names.size() != arguments.size()) {
            return failed("arguments_wrong");
        }
        Overlay overlay = new Overlay(state);
        Optional<Net> net = overlay.read(Keys.NET, Net.CODEC);
        Optional<Failed> unfit = unfit(net);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        LocalDate today = net.get().time(sent.timestamp()).day();
        long swept = 0;
        for (String name : names) {
            Optional<LocalDate> day = markerDay(name);
            if (day.isEmpty() || day.get().plusDays(MARKER_DAYS).isAfter(today)) {
                return failed("not_sweepable", Json.object().with("key", name));
            }
            if (overlay.bytes(name).isPresent()) {
                overlay.delete(name);
                swept++;
            }
        }
        return function(
                overlay,
                net.get(),
                "sweep",
                UPKEEP,
                sent,
                Json.object().with("count", swept).with("kind", "swept"));
    }

    private static Optional<LocalDate> markerDay(String name) {
        Matcher marker = MARKER.matcher(name);
        if (!marker.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(marker.group(1), DateTimeFormatter.BASIC_ISO_DATE));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// Begins the next epoch: what was endorsed before can no longer commit.
    public Outcome advanceEpoch(State state, Sent sent, List<Bytes> arguments) {
        if (!arguments.isEmpty()) {
            return failed("arguments_wrong");
        }
        Overlay overlay = new Overlay(state);
        Optional<Net> net = overlay.read(Keys.NET, Net.CODEC);
        Optional<Failed> unfit = unfit(net);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        if (sent.timestamp().isBefore(net.get().epochAt().plus(EPOCH))) {
            return failed(
                    "epoch_young",
                    Json.object().with("epochAt", net.get().epochAt().text()));
        }
        Net next = net.get().nextEpoch(sent.timestamp(), edition.rules());
        overlay.write(Keys.NET, Net.CODEC, next);
        return function(
                overlay,
                net.get(),
                "advance-epoch",
                UPKEEP,
                sent,
                Json.object().with("epoch", next.epoch()).with("kind", "net"));
    }

    /// Does the next part of a close that needs several.
    ///
    /// @param arguments an agreement, and the period of it that is being closed
    public Outcome step(State state, Sent sent, List<Bytes> arguments) {
        List<String> names = texts(arguments);
        if (names.size() != 2 || names.size() != arguments.size()) {
            return failed("arguments_wrong");
        }
        Overlay overlay = new Overlay(state);
        Optional<Net> net = overlay.read(Keys.NET, Net.CODEC);
        Optional<Failed> unfit = unfit(net);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        String agreement = names.get(0);
        Optional<AgreementHead> head = overlay.read(Keys.agreement(agreement), AgreementHead.CODEC)
                .filter(found -> found.closing()
                        .filter(period -> period.text().equals(names.get(1)))
                        .isPresent());
        if (head.isEmpty()) {
            return failed(
                    "not_closing", Json.object().with("agreement", agreement).with("period", names.get(1)));
        }
        Moment moment = new Moment(net.get(), net.get().time(sent.timestamp()), sent.carrier());
        List<Json.Obj> effects = new Closing(overlay, moment, edition, documents).step(agreement, head.get());
        return function(overlay, net.get(), "step", Keys.chain(agreement), sent, effects);
    }

    /// The values of keys; writes nothing.
    public Outcome get(State state, List<Bytes> arguments) {
        List<String> names = texts(arguments);
        if (names.isEmpty() || names.size() > MAX_KEYS || names.size() != arguments.size()) {
            return failed("arguments_wrong");
        }
        Overlay overlay = new Overlay(state);
        Optional<Net> net = overlay.read(Keys.NET, Net.CODEC);
        if (net.isEmpty()) {
            return failed("not_initialized");
        }
        TreeMap<String, Json> values = new TreeMap<>();
        for (String name : names) {
            overlay.read(name).ifPresent(value -> values.put(name, value));
        }
        Json.Obj response = Json.object()
                .with("net", trial(net.get()))
                .with("response", "1")
                .with("values", new Json.Obj(values))
                .build();
        return new Done(response, Optional.empty(), overlay.writes());
    }

    /// The arguments as texts; fewer of them if one is not UTF-8.
    private static List<String> texts(List<Bytes> arguments) {
        return arguments.stream().flatMap(argument -> argument.utf8().stream()).toList();
    }

    private static Outcome function(
            Overlay overlay, Net net, String function, String chain, Sent sent, Json.Builder effect) {
        return function(overlay, net, function, chain, sent, List.of(effect.build()));
    }

    private static Outcome function(
            Overlay overlay, Net net, String function, String chain, Sent sent, List<Json.Obj> effects) {
        overlay.keep();
        Json.Obj item = Json.object()
                .with("effects", Json.array(List.copyOf(effects)))
                .with("f", function)
                .with("result", "applied")
                .with("t", net.time(sent.timestamp()).text())
                .build();
        return new Done(response(net, List.of(item)).build(), Optional.of(event(Map.of(chain, 1L))), overlay.writes());
    }

    private static Json.Builder response(Net net, List<Json> items) {
        return Json.object()
                .with("items", Json.array(items))
                .with("net", trial(net))
                .with("response", "1");
    }

    private static Json.Obj trial(Net net) {
        return Json.object().with("trial", net.trial()).build();
    }

    /// @param chains how many leaves each gets
    private static Json.Obj event(Map<String, Long> chains) {
        Json.Builder counts = Json.object();
        for (var chain : chains.entrySet()) {
            counts = counts.with(chain.getKey(), chain.getValue());
        }
        return Json.object().with("chains", counts.build()).with("event", "1").build();
    }
}
