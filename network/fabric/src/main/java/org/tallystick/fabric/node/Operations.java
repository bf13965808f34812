package org.tallystick.fabric.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// What a node says about itself, on loopback.
public final class Operations implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /// Whether it takes calls: a node can be healthy before its port is open.
    public boolean ready(Node node) throws InterruptedException {
        return node.ports().stream().allMatch(port -> listens(node, port))
                && switch (node) {
                    case Orderer(var _, var _, var _, var _, var port) ->
                        ask(port, "/healthz").isPresent();
                    case Peer(var _, var _, var _, var port, var _) ->
                        ask(port, "/healthz").isPresent();
                    case Chaincode _ -> true;
                };
    }

    /// Health and metrics are on loopback, everything else where the others look for it.
    private static boolean listens(Node node, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(node, port), port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static String host(Node node, int port) {
        return switch (node) {
            case Orderer orderer when port == orderer.operationsPort() -> LOOPBACK;
            case Peer peer when port == peer.operationsPort() -> LOOPBACK;
            case Orderer _, Peer _, Chaincode _ -> node.host();
        };
    }

    /// Whether nobody listens there.
    public static boolean free(Node node, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(Rendering.listenHost(node)), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// What a node counts, by name without labels; of several with the same name, the greatest.
    public Map<String, Long> metrics(int port) throws InterruptedException {
        Map<String, Long> all = new TreeMap<>();
        ask(port, "/metrics")
                .ifPresent(text -> text.lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(line -> {
                            int end = line.lastIndexOf(' ');
                            int labels = line.indexOf('{');
                            if (end > 0) {
                                String name = line.substring(0, labels > 0 ? labels : end);
                                value(line.substring(end + 1)).ifPresent(value -> {
                                    Long _ = all.merge(name, value, Math::max);
                                });
                            }
                        }));
        return all;
    }

    private static OptionalLong value(String text) {
        try {
            return OptionalLong.of((long) Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private Optional<String> ask(int port, String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + LOOPBACK + ":" + port + path))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
