package org.tallystick.fabric.channel;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Config;
import org.hyperledger.fabric.protos.common.ConfigGroup;
import org.hyperledger.fabric.protos.common.ConfigPolicy;
import org.hyperledger.fabric.protos.common.ConfigSignature;
import org.hyperledger.fabric.protos.common.ConfigUpdate;
import org.hyperledger.fabric.protos.common.ConfigUpdateEnvelope;
import org.hyperledger.fabric.protos.common.ConfigValue;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Header;
import org.hyperledger.fabric.protos.common.HeaderType;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Program;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.pki.Ecdsa;

/// A change of the channel's configuration on its way: a file that goes from admin to admin, and that each signs.
///
/// It is Fabric's own form, so that `peer channel signconfigtx` reads it too.
public final class ChannelUpdate {

    private static final int NONCE_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String channel;
    private final ConfigUpdateEnvelope envelope;
    private final ConfigUpdate update;

    private ChannelUpdate(String channel, ConfigUpdateEnvelope envelope) throws NodeException {
        this.channel = channel;
        this.envelope = envelope;
        try {
            this.update = ConfigUpdate.parseFrom(envelope.getConfigUpdate());
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("not an update of a channel: " + e.getMessage());
        }
    }

    /// The difference of two configurations, which `configtxlator` computes.
    ///
    /// @param work a folder for its files
    public static ChannelUpdate between(Path configtxlator, String channel, Config from, Config to, Path work)
            throws IOException, NodeException, InterruptedException {
        Path original = work.resolve("original.pb");
        Path updated = work.resolve("updated.pb");
        Path output = work.resolve("update.pb");
        OwnerFiles.write(original, from.toByteArray());
        OwnerFiles.write(updated, to.toByteArray());
        String _ = Program.of(
                        configtxlator,
                        "compute_update",
                        "--channel_id",
                        channel,
                        "--original",
                        original.toString(),
                        "--updated",
                        updated.toString(),
                        "--output",
                        output.toString())
                .run();
        ByteString computed = ByteString.copyFrom(Files.readAllBytes(output));
        return new ChannelUpdate(
                channel,
                ConfigUpdateEnvelope.newBuilder().setConfigUpdate(computed).build());
    }

    public static ChannelUpdate read(Path file) throws IOException, NodeException {
        try {
            Envelope outer = Envelope.parseFrom(Files.readAllBytes(file));
            Payload payload = Payload.parseFrom(outer.getPayload());
            ChannelHeader header = ChannelHeader.parseFrom(payload.getHeader().getChannelHeader());
            if (header.getType() != HeaderType.CONFIG_UPDATE_VALUE) {
                throw new NodeException(file + " is no update of a channel");
            }
            return new ChannelUpdate(header.getChannelId(), ConfigUpdateEnvelope.parseFrom(payload.getData()));
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException(file + " is no update of a channel: " + e.getMessage());
        }
    }

    public void write(Path file) throws IOException {
        ChannelHeader header = ChannelHeader.newBuilder()
                .setType(HeaderType.CONFIG_UPDATE_VALUE)
                .setChannelId(channel)
                .build();
        Payload payload = Payload.newBuilder()
                .setHeader(Header.newBuilder().setChannelHeader(header.toByteString()))
                .setData(envelope.toByteString())
                .build();
        OwnerFiles.write(
                file,
                Envelope.newBuilder().setPayload(payload.toByteString()).build().toByteArray());
    }

    public String channel() {
        return channel;
    }

    /// The same with the signature of a member's admin; a member that has signed does not sign again.
    public ChannelUpdate signed(String member, Credential admin) throws NodeException {
        if (signers().contains(member)) {
            return this;
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ByteString header = SignatureHeader.newBuilder()
                .setCreator(SerializedIdentity.newBuilder()
                        .setMspid(member)
                        .setIdBytes(ByteString.copyFromUtf8(admin.pem()))
                        .build()
                        .toByteString())
                .setNonce(ByteString.copyFrom(nonce))
                .build()
                .toByteString();
        byte[] message = header.concat(envelope.getConfigUpdate()).toByteArray();
        ConfigSignature signature = ConfigSignature.newBuilder()
                .setSignatureHeader(header)
                .setSignature(ByteString.copyFrom(Ecdsa.sign(admin.key(), message)))
                .build();
        return new ChannelUpdate(
                channel, envelope.toBuilder().addSignatures(signature).build());
    }

    /// The members that signed, as the signatures say; the orderers check them.
    public List<String> signers() throws NodeException {
        List<String> all = new ArrayList<>();
        for (ConfigSignature signature : envelope.getSignaturesList()) {
            try {
                SignatureHeader header = SignatureHeader.parseFrom(signature.getSignatureHeader());
                all.add(SerializedIdentity.parseFrom(header.getCreator()).getMspid());
            } catch (InvalidProtocolBufferException e) {
                throw new NodeException("a signature on the update is none: " + e.getMessage());
            }
        }
        return all;
    }

    /// What it would change, one place a line: so that nobody signs blindly.
    ///
    /// @param now the channel as it is; what an update removes, it says by leaving it out
    public List<String> changes(ConfigGroup now) {
        List<String> all = new ArrayList<>();
        compare("Channel", now, update.getWriteSet(), all);
        return all;
    }

    /// A group of a higher version lists all that shall be in it; one of the same version only what is written
    /// further down.
    private static void compare(String at, ConfigGroup now, ConfigGroup written, List<String> all) {
        boolean whole = written.getVersion() > now.getVersion();
        new TreeMap<>(written.getGroupsMap()).forEach((name, group) -> {
            if (now.containsGroups(name)) {
                compare(at + "/" + name, now.getGroupsOrThrow(name), group, all);
            } else {
                all.add("adds " + at + "/" + name);
            }
        });
        elements(
                at,
                whole,
                versions(now.getGroupsMap(), ConfigGroup::getVersion),
                Map.of(),
                written.getGroupsMap(),
                all);
        elements(
                at,
                whole,
                versions(now.getValuesMap(), ConfigValue::getVersion),
                versions(written.getValuesMap(), ConfigValue::getVersion),
                written.getValuesMap(),
                all);
        elements(
                at,
                whole,
                versions(now.getPoliciesMap(), ConfigPolicy::getVersion),
                versions(written.getPoliciesMap(), ConfigPolicy::getVersion),
                written.getPoliciesMap(),
                all);
    }

    private static <V> Map<String, Long> versions(Map<String, V> elements, ToLongFunction<V> version) {
        Map<String, Long> all = new TreeMap<>();
        elements.forEach((name, element) -> all.put(name, version.applyAsLong(element)));
        return all;
    }

    private static void elements(
            String at,
            boolean whole,
            Map<String, Long> now,
            Map<String, Long> changed,
            Map<String, ?> kept,
            List<String> all) {
        if (whole) {
            now.keySet().stream()
                    .filter(name -> !kept.containsKey(name))
                    .forEach(name -> all.add("removes " + at + "/" + name));
        }
        changed.forEach((name, version) -> {
            Long before = now.get(name);
            if (before == null) {
                all.add("adds " + at + "/" + name);
            } else if (version > before) {
                all.add("changes " + at + "/" + name);
            }
        });
    }
}
