package org.tallystick.gateway.configuration;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.gateway.http.HttpLimits;
import org.tallystick.gateway.log.WitnessAddress;
import org.tallystick.gateway.stream.StreamLimits;
import org.tallystick.ledger.yaml.Cursor;
import org.tallystick.ledger.yaml.YamlText;

/// A configuration as a file says it, with what was left open; read again it is the same. It has no secrets, for
/// a configuration has none.
public final class ConfigurationText {

    private static final int KIB = 1024;

    private ConfigurationText() {}

    public static String of(Configuration configuration) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("version", ConfigurationFile.VERSION);
        all.put("listen", configuration.listen().toString());
        all.put("store", store(configuration));
        all.put("instance", configuration.instance());
        put(all, "ledger", ledger(configuration));
        all.put("log", log(configuration));
        put(all, "webhooks", webhooks(configuration));
        all.put("held", held(configuration));
        all.put("http", http(configuration.http()));
        all.put("streams", streams(configuration.http().streams()));
        all.put(
                "receipts",
                Map.of("promiseSeconds", configuration.http().promise().toSeconds()));
        put(all, configuration.operation());
        return YamlText.of(all);
    }

    private static void put(Map<String, Object> all, Operation operation) {
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("blocksBehind", operation.ready().blocks());
        ready.put("oldestSeconds", operation.ready().oldest().toSeconds());
        all.put("ready", ready);
        Map<String, Object> logging = new LinkedHashMap<>();
        logging.put("format", Cursor.spelled(operation.logging().form()));
        logging.put("level", Cursor.spelled(operation.logging().detail()));
        all.put("logging", logging);
        Map<String, Object> stop = new LinkedHashMap<>();
        stop.put("noticeMillis", operation.stop().notice().toMillis());
        stop.put("drainMillis", operation.stop().drain().toMillis());
        all.put("stop", stop);
        operation.traces().ifPresent(settings -> {
            Map<String, Object> traces = new LinkedHashMap<>();
            traces.put("endpoint", settings.endpoint().toString());
            traces.put("perThousand", settings.perThousand());
            all.put("traces", traces);
        });
        operation.metrics().ifPresent(address -> all.put("metrics", Map.of("listen", address.toString())));
    }

    private static void put(Map<String, Object> all, String name, Map<String, Object> part) {
        if (!part.isEmpty()) {
            all.put(name, part);
        }
    }

    private static Map<String, Object> store(Configuration configuration) {
        Map<String, Object> store = new LinkedHashMap<>();
        store.put("address", configuration.store().text());
        configuration.password().ifPresent(secret -> {
            switch (secret) {
                case Secret.InFile(var file) -> store.put("passwordFile", file.toString());
                case Secret.InVariable(var name) -> store.put("passwordVariable", name);
            }
        });
        return store;
    }

    private static Map<String, Object> ledger(Configuration configuration) {
        Map<String, Object> ledger = new LinkedHashMap<>();
        var access = configuration.ledger();
        put(ledger, "identity", access.identity().map(Path::toString));
        put(ledger, "member", access.member().map(MemberId::text));
        put(ledger, "peer", access.peer());
        put(ledger, "tlsAuthority", access.tlsAuthority().map(Path::toString));
        put(ledger, "channel", access.channel());
        put(ledger, "chaincode", access.chaincode());
        return ledger;
    }

    private static void put(Map<String, Object> part, String name, Optional<String> value) {
        value.ifPresent(text -> part.put(name, text));
    }

    private static Map<String, Object> log(Configuration configuration) {
        Map<String, Object> log = new LinkedHashMap<>();
        put(log, "keys", configuration.log().keys().map(Path::toString));
        log.put(
                "witnesses",
                configuration.log().witnesses().stream()
                        .map(WitnessAddress::text)
                        .toList());
        log.put("paceMillis", configuration.log().pace().toMillis());
        return log;
    }

    private static Map<String, Object> webhooks(Configuration configuration) {
        Map<String, Object> webhooks = new LinkedHashMap<>();
        put(webhooks, "keys", configuration.webhooks().keys().map(Path::toString));
        return webhooks;
    }

    private static Map<String, Object> held(Configuration configuration) {
        Map<String, Object> held = new LinkedHashMap<>();
        held.put("instructions", configuration.held().instructions());
        held.put("kib", configuration.held().bytes() / KIB);
        held.put("instructionsOfOneHome", configuration.held().inOneHome());
        return held;
    }

    private static Map<String, Object> streams(StreamLimits limits) {
        Map<String, Object> streams = new LinkedHashMap<>();
        streams.put("all", limits.all());
        streams.put("ofCaller", limits.ofCaller());
        streams.put("heartbeatMillis", limits.heartbeat().toMillis());
        return streams;
    }

    private static Map<String, Object> http(HttpLimits limits) {
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("bodyKib", limits.body() / KIB);
        http.put("lineKib", limits.line() / KIB);
        http.put("headKib", limits.head() / KIB);
        http.put("headMillis", limits.headTime().toMillis());
        http.put("bodyMillis", limits.bodyTime().toMillis());
        http.put("connections", limits.connections());
        http.put("bodies", limits.bodies());
        http.put("waiting", limits.waiting());
        http.put("idleMillis", limits.idle().toMillis());
        http.put("packs", limits.packs());
        http.put("packMillis", limits.packTime().toMillis());
        http.put("packKibPerSecond", limits.packPace() / KIB);
        http.put("arrivingKib", limits.arriving() / KIB);
        return http;
    }
}
