package org.tallystick.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// A reader of `text/event-stream` that takes no octet before it wants it.
final class Subscription implements AutoCloseable {

    private static final int BUFFER = 4096;

    /// @param id the position behind it, as it came
    record Event(String type, String id, String data) {
        Json.Obj json() {
            if (JsonReader.readCanonical(Bytes.ofUtf8(data)) instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException(data);
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;
    private final Map<String, String> headers = new TreeMap<>();
    private final String status;
    private String lastId = "";
    private int left;

    /// @param lines more of the head, each with its name
    Subscription(int port, String path, String... lines) {
        try {
            socket.setReceiveBufferSize(BUFFER);
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            String head = "GET " + path + " HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\n"
                    + String.join("", lines).replace("\n", "\r\n") + "\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            status = line(in).split(" ", -1)[1];
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String[] header = line.split(": ", 2);
                headers.put(header[0], header[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Subscription after(int port, String position) {
        return new Subscription(port, "/v1/stream", position.isEmpty() ? "" : "Last-Event-ID: " + position + "\n");
    }

    int status() {
        return Integer.parseInt(status);
    }

    Map<String, String> headers() {
        return headers;
    }

    /// The position to go on from.
    String lastId() {
        return lastId;
    }

    /// Waits for the next event; signs of life are passed over, but move the position.
    Event next() {
        String type = "";
        String data = "";
        String id = "";
        try {
            while (true) {
                String line = eventLine();
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.isEmpty()) {
                    lastId = id.isEmpty() ? lastId : id;
                    if (!data.isEmpty()) {
                        return new Event(type, id, data);
                    }
                    id = "";
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until a sign of life has moved the position.
    String moved() {
        String before = lastId;
        try {
            while (lastId.equals(before)) {
                String line = eventLine();
                lastId = line.startsWith("id: ") ? line.substring(4) : lastId;
            }
            return lastId;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether it ended as HTTP says that an answer ends.
    boolean isOver() {
        try {
            while (true) {
                String _ = eventLine();
            }
        } catch (EOFException e) {
            return "the last chunk".equals(e.getMessage());
        } catch (IOException _) {
            return false;
        }
    }

    private String eventLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = octet(); octet != '\n'; octet = octet()) {
            line.write(octet);
        }
        return line.toString(UTF_8);
    }

    private int octet() throws IOException {
        if (left == 0) {
            left = Integer.parseInt(line(in), 16);
            if (left == 0) {
                throw new EOFException("the last chunk");
            }
        }
        int octet = in.read();
        left--;
        if (left == 0) {
            String _ = line(in);
        }
        return octet;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("cut");
            }
            line.write(octet);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
