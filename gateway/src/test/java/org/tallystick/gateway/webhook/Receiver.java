package org.tallystick.gateway.webhook;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// Somebody who is told, and answers as a test wants.
public final class Receiver implements AutoCloseable {

    /// @param headers by their names in small letters
    public record Told(Map<String, List<String>> headers, Bytes body) {
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        public Json.Obj json() {
            if (JsonReader.readCanonical(body) instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException(String.valueOf(body));
        }

        /// The position on the ledger.
        public String id() {
            return json().text("id");
        }
    }

    private final HttpServer server;
    private final List<Told> all = new CopyOnWriteArrayList<>();
    private volatile Function<Told, Integer> answer = _ -> 204;

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            Map<String, List<String>> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
            Told told = new Told(headers, Bytes.copyOf(exchange.getRequestBody().readAllBytes()));
            all.add(told);
            int status = answer.apply(told);
            Headers out = exchange.getResponseHeaders();
            if (status == 302) {
                out.set("location", "http://127.0.0.1:" + port() + "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/told?by=tallystick";
    }

    public void answers(Function<Told, Integer> with) {
        answer = with;
    }

    public List<Told> all() {
        return List.copyOf(all);
    }

    public List<String> ids() {
        return all.stream().map(Told::id).toList();
    }

    public void forget() {
        all.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
