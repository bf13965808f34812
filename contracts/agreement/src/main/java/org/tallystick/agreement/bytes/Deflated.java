package org.tallystick.agreement.bytes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// A list of octets in few of them: a zlib stream (RFC 1950), in which each part follows its length in four octets.
///
/// What a stream inflates to depends on nothing but the stream. The other direction does: two writers may deflate the
/// same parts to different streams, so no rule ever deflates.
public final class Deflated {

    private static final int LENGTH = Integer.BYTES;

    private Deflated() {}

    public static Bytes deflate(List<Bytes> parts) {
        byte[] framed = framed(parts);
        byte[] stream = new byte[framed.length + framed.length / 1_000 + 64];
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(framed);
            deflater.finish();
            int size = deflater.deflate(stream);
            if (!deflater.finished()) {
                throw new IllegalStateException("a stream of more than " + stream.length + " bytes");
            }
            return Bytes.copyOf(Arrays.copyOf(stream, size));
        } finally {
            deflater.end();
        }
    }

    private static byte[] framed(List<Bytes> parts) {
        int size = 0;
        for (Bytes part : parts) {
            size = Math.addExact(size, Math.addExact(LENGTH, part.size()));
        }
        ByteBuffer framed = ByteBuffer.allocate(size);
        for (Bytes part : parts) {
            framed.putInt(part.size()).put(part.wrapped());
        }
        return framed.array();
    }

    /// The parts, or nothing if this is not exactly one whole stream of whole parts.
    ///
    /// @param most bytes that parts and lengths may take together
    public static Optional<List<Bytes>> inflate(Bytes stream, int most) {
        byte[] room = new byte[most + 1];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(stream.wrapped());
            int size = inflater.inflate(room);
            return inflater.finished() && inflater.getRemaining() == 0 && size <= most
                    ? parts(ByteBuffer.wrap(room, 0, size))
                    : Optional.empty();
        } catch (DataFormatException _) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }

    private static Optional<List<Bytes>> parts(ByteBuffer framed) {
        List<Bytes> parts = new ArrayList<>();
        while (framed.remaining() >= LENGTH) {
            int size = framed.getInt();
            if (size < 0 || size > framed.remaining()) {
                return Optional.empty();
            }
            byte[] part = new byte[size];
            framed.get(part);
            parts.add(Bytes.owning(part));
        }
        return framed.hasRemaining() ? Optional.empty() : Optional.of(List.copyOf(parts));
    }
}
