package org.tallystick.embedded;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptors;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.protos.gateway.GatewayGrpc;
import org.hyperledger.fabric.protos.peer.DeliverGrpc;

/// Where one member's peer can be reached: always in this process, and on a loopback port if wanted.
final class MemberServer implements AutoCloseable {
    private final String processName = InProcessServerBuilder.generateName();
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
    private final Path address;
    private OptionalInt port = OptionalInt.empty();

    /// @param address the file that tells other processes the port
    private MemberServer(Path address) {
        this.address = address;
    }

    static MemberServer start(Node node, Peer home, Path address, Optional<Integer> wantedPort) throws IOException {
        var server = new MemberServer(address);
        try {
            server.startInProcess(node, home);
            if (wantedPort.isPresent()) {
                server.listen(node, home, wantedPort.get());
            } else {
                boolean _ = Files.deleteIfExists(address);
            }
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void startInProcess(Node node, Peer home) throws IOException {
        servers.add(withServices(InProcessServerBuilder.forName(processName), node, home)
                .build()
                .start());
    }

    /// Port 0 means: the one of the last time if it is free, else any.
    private void listen(Node node, Peer home, int wanted) throws IOException {
        Server listening = wanted == 0 ? listenAgain(node, home) : listenOn(node, home, wanted);
        servers.add(listening);
        port = OptionalInt.of(listening.getPort());
        DurableFiles.write(address, hostAndPort(listening.getPort()) + "\n");
    }

    private Server listenAgain(Node node, Peer home) throws IOException {
        Optional<Integer> last = lastPort();
        if (last.isPresent()) {
            try {
                return listenOn(node, home, last.get());
            } catch (IOException e) {
                return listenOn(node, home, 0); // somebody else has it now
            }
        }
        return listenOn(node, home, 0);
    }

    private Optional<Integer> lastPort() throws IOException {
        if (!Files.exists(address)) {
            return Optional.empty();
        }
        String text = Files.readString(address).strip();
        return text.matches("127\\.0\\.0\\.1:\\d{1,5}")
                ? Optional.of(Integer.valueOf(text.substring(text.indexOf(':') + 1)))
                : Optional.empty();
    }

    private static Server listenOn(Node node, Peer home, int port) throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        var netty = NettyServerBuilder.forAddress(loopback)
                .maxInboundMessageSize(Limits.MESSAGE_BYTES)
                .maxConcurrentCallsPerConnection(Limits.GATEWAY_CALLS + Limits.BLOCK_STREAMS)
                .permitKeepAliveTime(Limits.KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true);
        return withServices(netty, node, home).build().start();
    }

    private static ServerBuilder<?> withServices(ServerBuilder<?> builder, Node node, Peer home) {
        return builder.executor(node.executor())
                .addService(ServerInterceptors.intercept(
                        new GatewayService(node, home),
                        new ConcurrencyLimit(GatewayGrpc.SERVICE_NAME, Limits.GATEWAY_CALLS)))
                .addService(ServerInterceptors.intercept(
                        new DeliverService(node),
                        new ConcurrencyLimit(DeliverGrpc.SERVICE_NAME, Limits.BLOCK_STREAMS)));
    }

    static String hostAndPort(int port) {
        return "127.0.0.1:" + port;
    }

    OptionalInt port() {
        return port;
    }

    /// A new channel inside this process; closed with the server if nobody closes it before.
    ManagedChannel channel() {
        ManagedChannel channel = InProcessChannelBuilder.forName(processName).build();
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdown);
        servers.forEach(Server::shutdown);
        try {
            for (Server server : servers) {
                if (!server.awaitTermination(Limits.CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                    Server _ = server.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            servers.forEach(Server::shutdownNow);
            Thread.currentThread().interrupt();
        }
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
