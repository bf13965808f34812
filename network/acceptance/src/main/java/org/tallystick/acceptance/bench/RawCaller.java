package org.tallystick.acceptance.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import org.tallystick.agreement.bytes.Bytes;

/// One connection to a gateway and hardly any work of its own, so that what is measured is the gateway: it writes
/// requests that are ready and reads no more of an answer than it must.
final class RawCaller implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final String LENGTH = "content-length:";
    private static final String CLOSE = "connection: close";

    private final URI gateway;
    private Socket socket;
    private InputStream in;

    RawCaller(URI gateway) throws IOException {
        this.gateway = gateway;
        this.socket = connected();
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    private Socket connected() throws IOException {
        Socket made = new Socket(gateway.getHost(), gateway.getPort());
        made.setTcpNoDelay(true);
        made.setSoTimeout(TIMEOUT_MILLIS);
        return made;
    }

    /// A request as it goes over the line.
    ///
    /// @param headers more of them, each with its line end
    static byte[] post(String path, String type, String headers, Bytes body) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nhost: gateway\r\ncontent-type: " + type + "\r\n" + headers
                        + "content-length: " + body.size() + "\r\n\r\n")
                .getBytes(US_ASCII);
        byte[] all = new byte[head.length + body.size()];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body.toArray(), 0, all, head.length, body.size());
        return all;
    }

    /// Sends a request and waits for the answer.
    ///
    /// @return its status
    int send(byte[] request) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
        String first = line();
        int status = Integer.parseInt(first.substring(9, 12));
        int length = 0;
        boolean close = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith(LENGTH)) {
                length = Integer.parseInt(lower.substring(LENGTH.length()).strip());
            }
            close |= lower.equals(CLOSE);
        }
        in.skipNBytes(length);
        if (close) {
            socket.close();
            socket = connected();
            in = new BufferedInputStream(socket.getInputStream());
        }
        return status;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the gateway ended the connection");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
