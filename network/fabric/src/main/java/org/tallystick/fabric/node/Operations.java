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
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// What nodes say about themselves to the admin of their own member, who shows a certificate.
public final class Operations implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final Topology topology;
    private final NetworkFolder folder;
    /// By member, made when first needed: before that there may be no keys.
    private final Map<String, HttpClient> admins = new TreeMap<>();

    public Operations(Topology topology, NetworkFolder folder) {
        this.topology = topology;
        this.folder = folder;
    }

    /// Whether it takes calls: a node can be healthy before its port is open.
    public boolean ready(Node node) throws IOException, InterruptedException {
        OptionalInt own = port(node);
        return node.ports().stream()
                        .filter(port -> !OptionalInt.of(port).equals(own))
                        .allMatch(port -> listens(node, port))
                && (own.isEmpty() || ask(node, "/healthz").isPresent());
    }

    private static OptionalInt port(Node node) {
        return switch (node) {
            case Orderer orderer -> OptionalInt.of(orderer.operationsPort());
            case Peer peer -> OptionalInt.of(peer.operationsPort());
            case Chaincode _ -> OptionalInt.empty();
        };
    }

    /// Whether somebody listens there.
    public static boolean listens(Node node, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(node.host(), port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
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
    public Map<String, Long> metrics(Node node) throws IOException, InterruptedException {
        Map<String, Long> all = new TreeMap<>();
        ask(node, "/metrics")
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

    private Optional<String> ask(Node node, String path) throws IOException, InterruptedException {
        OptionalInt port = port(node);
        Optional<HttpClient> admin = admin(topology.memberOf(node).name());
        if (port.isEmpty() || admin.isEmpty()) {
            return Optional.empty();
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://" + node.host() + ":" + port.getAsInt() + path))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = admin.get().send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// A member's admin; nobody as long as the member has no keys here.
    private Optional<HttpClient> admin(String member) throws IOException {
        HttpClient known = admins.get(member);
        if (known != null) {
            return Optional.of(known);
        }
        MemberFolder files = folder.member(member);
        MemberFolder.Pair pair = files.adminTls();
        if (!Files.exists(pair.certificate())) {
            return Optional.empty();
        }
        HttpClient admin = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .sslContext(Credential.read(pair.certificate(), pair.key())
                        .calling(Credential.certificate(files.tlsAuthority().certificate())))
                .build();
        admins.put(member, admin);
        return Optional.of(admin);
    }

    @Override
    public void close() {
        admins.values().forEach(HttpClient::close);
    }
}
