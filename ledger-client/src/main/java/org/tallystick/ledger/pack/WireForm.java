package org.tallystick.ledger.pack;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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
    static Optional<String> otherSpelling(Message message, ByteString bytes) {
        return message.toByteString().equals(bytes)
                ? Optional.empty()
                : Optional.of(message.getDescriptorForType().getName() + " has another spelling than Fabric's");
    }
}
