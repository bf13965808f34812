package org.tallystick.gateway.configuration;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.gateway.courier.Capacity;
import org.tallystick.gateway.courier.Courier;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.http.ReadyLimits;
import org.tallystick.gateway.log.LogSettings;
import org.tallystick.gateway.log.WitnessAddress;
import org.tallystick.gateway.logging.Logging;
import org.tallystick.gateway.store.StoreAddress;
import org.tallystick.gateway.stream.StreamLimits;
import org.tallystick.gateway.traces.TraceSettings;
import org.tallystick.gateway.webhook.WebhookSettings;
import org.tallystick.ledger.cli.PeerAccess;
import org.tallystick.ledger.yaml.Cursor;
import org.tallystick.ledger.yaml.Fault;

/// Reads a configuration from YAML, and from flags, which count more.
public final class ConfigurationFile {

    static final String VERSION = "gateway/1";
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_WITNESSES = 100;

    private static final Pattern VERSIONS = Pattern.compile(Pattern.quote(VERSION));
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private static final int KIB = 1024;
    private static final int MILLION = 1_000_000;
    /// Of bodies and buffers; what is larger than this is better sent in parts.
    private static final int MAX_KIB = 64 * KIB;

    private static final int HOUR_MILLIS = 3_600_000;
    private static final int DAY_SECONDS = 86_400;
    private static final int WEEK_SECONDS = 7 * DAY_SECONDS;

    private final Flags flags;
    private final List<Fault> faults;

    private ConfigurationFile(Flags flags, List<Fault> faults) {
        this.flags = flags;
        this.faults = faults;
    }

    /// @param yaml nothing if there is no file
    public static ConfigurationReading read(Optional<String> yaml, Flags flags) {
        List<Fault> faults = new ArrayList<>();
        Optional<Configuration> configuration = Cursor.of(yaml.orElse("version: " + VERSION), MAX_CHARACTERS, faults)
                .map(all -> new ConfigurationFile(flags, faults).configuration(all));
        return configuration.isPresent() && faults.isEmpty()
                ? new ConfigurationReading.Read(configuration.get())
                : new ConfigurationReading.Faulty(faults);
    }

    private Configuration configuration(Cursor all) {
        Cursor _ = all.only(
                "version",
                "listen",
                "store",
                "instance",
                "ledger",
                "log",
                "webhooks",
                "held",
                "http",
                "streams",
                "receipts",
                "ready",
                "metrics",
                "logging",
                "stop",
                "traces");
        String _ = all.text("version", VERSIONS, VERSION);
        Optional<Cursor> listen = said("--listen", flags.listen(), all, "listen");
        Cursor store = part(all, "store", "address", "passwordFile", "passwordVariable");
        return new Configuration(
                listen.flatMap(at -> at.read(Address::parse, Address.FORM)).orElse(new Address("127.0.0.1", 0)),
                address(said("--store", flags.store(), store, "address"), store),
                password(store),
                said("--instance", flags.instance(), all, "instance")
                        .map(at -> at.text(NAME, "a name of letters, digits, '.', '_' and '-', at most 63"))
                        .orElse(Courier.ALONE),
                ledger(part(all, "ledger", "identity", "member", "peer", "tlsAuthority", "channel", "chaincode")),
                log(part(all, "log", "keys", "witnesses", "paceMillis")),
                webhooks(part(all, "webhooks", "keys")),
                held(part(all, "held", "instructions", "kib", "instructionsOfOneHome")),
                http(all),
                operation(all));
    }

    /// What a flag says, or else a place of the document; nothing if neither says anything.
    private Optional<Cursor> said(String flag, Optional<String> text, Cursor part, String name) {
        return text.map(value -> Cursor.of(flag, value, faults))
                .or(() -> part.has(name) ? Optional.of(part.get(name)) : Optional.empty());
    }

    /// A part of the document that need not be there.
    private static Cursor part(Cursor all, String name, String... names) {
        Cursor part = all.get(name);
        return all.has(name) ? part.only(names) : part;
    }

    /// Faults repeat nothing of it: somebody may have put a password there.
    private static StoreAddress address(Optional<Cursor> said, Cursor store) {
        StoreAddress none = StoreAddress.file(Path.of("none"));
        if (said.isEmpty()) {
            store.get("address").fault("is missing: a file of SQLite, or postgresql://USER@HOST/DATABASE");
            return none;
        }
        Cursor at = said.get();
        return switch (StoreAddress.parse(at.secretly().orElse(""))) {
            case StoreAddress.Good(StoreAddress.Server server)
            when server.password().isPresent() -> {
                at.fault(
                        "has a password: it belongs into passwordFile or passwordVariable, or into PGPASSWORD or PGPASSFILE");
                yield none;
            }
            case StoreAddress.Good(var address) -> address;
            case StoreAddress.Bad(var why) -> {
                at.fault("is not a store: " + why);
                yield none;
            }
        };
    }

    private static Optional<Secret> password(Cursor store) {
        if (store.has("passwordFile") && store.has("passwordVariable")) {
            store.get("passwordVariable").fault("is one place more than the password can be in, beside passwordFile");
        }
        if (store.has("passwordVariable")) {
            return Optional.of(new Secret.InVariable(
                    store.text("passwordVariable", VARIABLE, "the name of an environment variable")));
        }
        return path(store, "passwordFile").map(Secret.InFile::new);
    }

    private static Optional<Path> path(Cursor part, String name) {
        return part.has(name) ? part.get(name).read(ConfigurationFile::path, "the name of a file") : Optional.empty();
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private PeerAccess ledger(Cursor ledger) {
        return flags.ledger()
                .or(new PeerAccess(
                        path(ledger, "identity"),
                        ledger.has("member")
                                ? ledger.get("member").read(MemberId::parse, "the id of a member")
                                : Optional.empty(),
                        ledger.has("peer")
                                ? ledger.get("peer")
                                        .read(Address::parse, Address.FORM)
                                        .map(Address::toString)
                                : Optional.empty(),
                        path(ledger, "tlsAuthority"),
                        name(ledger, "channel"),
                        name(ledger, "chaincode")));
    }

    private static Optional<String> name(Cursor part, String name) {
        return part.has(name) ? Optional.of(part.text(name, NAME, "a name as Fabric knows it")) : Optional.empty();
    }

    private LogSettings log(Cursor log) {
        List<WitnessAddress> witnesses = new ArrayList<>();
        List<Cursor> said = flags.witnesses().isEmpty()
                ? log.items("witnesses", MAX_WITNESSES)
                : flags.witnesses().stream()
                        .map(text -> Cursor.of("--witness", text, faults))
                        .toList();
        said.forEach(
                at -> at.read(WitnessAddress::parse, "the address of a witness: http://HOST:PORT/log, or 'URL VKEY'")
                        .ifPresent(witnesses::add));
        int usual = Math.toIntExact(LogSettings.NONE.pace().toMillis());
        Duration pace = Duration.ofMillis(log.whole("paceMillis", 1, HOUR_MILLIS, usual));
        return new LogSettings(
                flags.logKeys().or(() -> path(log, "keys")),
                witnesses,
                flags.logPace().orElse(pace));
    }

    /// Loopback is for trials alone, and so a matter of flags.
    private WebhookSettings webhooks(Cursor webhooks) {
        return new WebhookSettings(
                flags.webhooks().keys().or(() -> path(webhooks, "keys")),
                flags.webhooks().allowLoopback());
    }

    private static Capacity.Limits held(Cursor held) {
        Capacity.Limits usual = Capacity.Limits.DEFAULT;
        return new Capacity.Limits(
                held.whole("instructions", 1, MILLION, usual.instructions()),
                (long) KIB * held.whole("kib", 1024, 16 * MILLION, Math.toIntExact(usual.bytes() / KIB)),
                held.whole("instructionsOfOneHome", 1, MILLION, usual.inOneHome()));
    }

    private static HttpLimits http(Cursor all) {
        Cursor http = part(
                all,
                "http",
                "bodyKib",
                "lineKib",
                "headKib",
                "headMillis",
                "bodyMillis",
                "connections",
                "bodies",
                "waiting",
                "idleMillis",
                "packs",
                "packMillis",
                "packKibPerSecond",
                "arrivingKib");
        Cursor receipts = part(all, "receipts", "promiseSeconds");
        Cursor streams = part(all, "streams", "all", "ofCaller", "heartbeatMillis");
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                KIB * http.whole("bodyKib", 1, MAX_KIB, usual.body() / KIB),
                KIB * http.whole("lineKib", 4, KIB, usual.line() / KIB),
                KIB * http.whole("headKib", 4, KIB, usual.head() / KIB),
                millis(http, "headMillis", usual.headTime()),
                millis(http, "bodyMillis", usual.bodyTime()),
                http.whole("connections", 1, MILLION, usual.connections()),
                http.whole("bodies", 1, MILLION, usual.bodies()),
                http.whole("waiting", 0, MILLION, usual.waiting()),
                millis(http, "idleMillis", usual.idle()),
                http.whole("packs", 0, 100, usual.packs()),
                millis(http, "packMillis", usual.packTime()),
                KIB * http.whole("packKibPerSecond", 1, MAX_KIB, usual.packPace() / KIB),
                (long) KIB * http.whole("arrivingKib", 1, MILLION, Math.toIntExact(usual.arriving() / KIB)),
                Duration.ofSeconds(receipts.whole(
                        "promiseSeconds",
                        1,
                        DAY_SECONDS,
                        Math.toIntExact(usual.promise().toSeconds()))),
                new StreamLimits(
                        streams.whole("all", 0, MILLION, usual.streams().all()),
                        streams.whole("ofCaller", 0, MILLION, usual.streams().ofCaller()),
                        millis(streams, "heartbeatMillis", usual.streams().heartbeat())));
    }

    private static Operation operation(Cursor all) {
        Cursor metrics = part(all, "metrics", "listen");
        return new Operation(
                metrics.has("listen")
                        ? metrics.get("listen").read(Address::parse, Address.FORM)
                        : Operation.DEFAULT.metrics(),
                ready(part(all, "ready", "blocksBehind", "oldestSeconds")),
                logging(part(all, "logging", "format", "level")),
                stop(part(all, "stop", "noticeMillis", "drainMillis")),
                traces(all));
    }

    private static Optional<TraceSettings> traces(Cursor all) {
        if (!all.has("traces")) {
            return Optional.empty();
        }
        Cursor traces = part(all, "traces", "endpoint", "perThousand");
        int share = traces.whole("perThousand", 0, TraceSettings.ALL, TraceSettings.ALL);
        Cursor at = traces.get("endpoint");
        Optional<URI> endpoint = at.secretly().flatMap(TraceSettings::endpoint);
        if (endpoint.isEmpty()) {
            at.fault("is not an address such as http://127.0.0.1:4318/v1/traces, without a user");
        }
        return endpoint.map(known -> new TraceSettings(known, share));
    }

    private static Stop stop(Cursor stop) {
        int most = Math.toIntExact(Stop.MOST.toMillis());
        Stop usual = Stop.DEFAULT;
        return new Stop(
                Duration.ofMillis(stop.whole(
                        "noticeMillis", 0, most, Math.toIntExact(usual.notice().toMillis()))),
                Duration.ofMillis(stop.whole(
                        "drainMillis", 0, most, Math.toIntExact(usual.drain().toMillis()))));
    }

    private static Logging logging(Cursor logging) {
        Logging usual = Logging.DEFAULT;
        return new Logging(
                logging.word("format", usual.form(), Logging.Form.values()),
                logging.word("level", usual.detail(), Logging.Detail.values()));
    }

    private static ReadyLimits ready(Cursor ready) {
        ReadyLimits usual = ReadyLimits.DEFAULT;
        return new ReadyLimits(
                ready.whole("blocksBehind", 0, MILLION, usual.blocks()),
                Duration.ofSeconds(ready.whole(
                        "oldestSeconds",
                        1,
                        WEEK_SECONDS,
                        Math.toIntExact(usual.oldest().toSeconds()))));
    }

    private static Duration millis(Cursor part, String name, Duration usual) {
        return Duration.ofMillis(part.whole(name, 1, HOUR_MILLIS, Math.toIntExact(usual.toMillis())));
    }
}
