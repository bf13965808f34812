package org.tallystick.ledger.pack;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.bytes.Bytes;

/// Reads protobuf of others: first walks over it without allocating, and parses only what has one meaning. What a
/// message has as octets is not copied again and again on the way down.
///
/// Refused are unknown fields, a field twice that may be there once, other wire types than the message's, and more
/// nesting or fields than the limits.
final class WireForm {

    private WireForm() {}

    /// The bytes are not, or not only, a message of this kind.
    static final class Misformed extends Exception {
        private static final long serialVersionUID = 1;

        Misformed(String message) {
            super(message, null, false, false);
        }
    }

    /// Octets to be read as a message.
    static ByteString octets(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.toArray());
    }

    /// What a message that was read has as octets: a part of those it was read from, not copied.
    static Bytes bytes(ByteString octets) {
        try {
            Found found = new Found();
            UnsafeByteOperations.unsafeWriteTo(octets, found);
            return found.bytes;
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /// Takes octets where they lie.
    private static final class Found extends ByteOutput {
        private Bytes bytes = Bytes.EMPTY;

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            bytes = bytes.size() == 0
                    ? Bytes.sharing(value, offset, length)
                    : Bytes.concat(bytes, Bytes.sharing(value, offset, length));
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            writeLazy(Arrays.copyOfRange(value, offset, offset + length), 0, length);
        }

        @Override
        public void write(byte value) {
            write(new byte[] {value}, 0, 1);
        }

        @Override
        public void write(ByteBuffer value) {
            byte[] copy = new byte[value.remaining()];
            value.get(copy);
            writeLazy(copy, 0, copy.length);
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            write(value);
        }
    }

    static <M extends Message> M parse(Parser<M> parser, Descriptor type, ByteString bytes) throws Misformed {
        if (bytes.size() > PackLimits.MESSAGE) {
            throw new Misformed(type.getName() + " of " + bytes.size() + " bytes, more than " + PackLimits.MESSAGE);
        }
        try {
            CodedInputStream in = bytes.newCodedInput();
            walk(type, in, 1);
            if (!in.isAtEnd()) {
                throw new Misformed(type.getName() + " ends too early");
            }
            CodedInputStream again = bytes.newCodedInput();
            again.enableAliasing(true);
            return parser.parseFrom(again);
        } catch (InvalidProtocolBufferException e) {
            throw new Misformed(type.getName() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    private static void walk(Descriptor type, CodedInputStream in, int depth) throws IOException, Misformed {
        if (depth > PackLimits.PROTOBUF_NESTING) {
            throw new Misformed(type.getName() + " nested deeper than " + PackLimits.PROTOBUF_NESTING);
        }
        Set<Integer> once = new HashSet<>();
        int fields = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (++fields > PackLimits.PROTOBUF_FIELDS) {
                throw new Misformed(type.getName() + " has more than " + PackLimits.PROTOBUF_FIELDS + " fields");
            }
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                throw new Misformed(type.getName() + " has the unknown field " + WireFormat.getTagFieldNumber(tag));
            }
            if (!field.isRepeated() && !once.add(field.getNumber())) {
                throw new Misformed(type.getName() + " has " + field.getName() + " twice");
            }
            value(field, tag, in, depth);
        }
    }

    private static void value(FieldDescriptor field, int tag, CodedInputStream in, int depth)
            throws IOException, Misformed {
        int wire = WireFormat.getTagWireType(tag);
        boolean packed = field.isPackable() && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (!packed && wire != field.getLiteType().getWireType()) {
            throw new Misformed(field.getFullName() + " has wire type " + wire);
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            int before = in.pushLimit(in.readRawVarint32());
            walk(field.getMessageType(), in, depth + 1);
            if (!in.isAtEnd()) {
                throw new Misformed(field.getFullName() + " ends too early");
            }
            in.popLimit(before);
            return;
        }
        if (!in.skipField(tag)) {
            throw new Misformed(field.getFullName() + " ends a group");
        }
    }

    /// Whether writing the message again gives the same bytes.
    static Optional<String> otherSpelling(Message message, Bytes bytes) {
        try {
            Expected expected = new Expected(bytes);
            CodedOutputStream out = CodedOutputStream.newInstance(expected);
            message.writeTo(out);
            out.flush();
            return expected.came()
                    ? Optional.empty()
                    : Optional.of(message.getDescriptorForType().getName() + " has another spelling than Fabric's");
        } catch (IOException e) {
            throw new IllegalStateException("writing nowhere", e);
        }
    }

    /// Compares what is written with what was read, and keeps none of it.
    private static final class Expected extends OutputStream {
        private final Bytes bytes;
        private int at;
        private boolean same = true;

        Expected(Bytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            same = same
                    && length <= bytes.size() - at
                    && bytes.within(at, at + length).equals(Bytes.sharing(octets, offset, length));
            at += length;
        }

        boolean came() {
            return same && at == bytes.size();
        }
    }
}
