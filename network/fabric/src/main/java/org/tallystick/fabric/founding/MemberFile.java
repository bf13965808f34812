package org.tallystick.fabric.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.NetworkFolder.PublicFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.pki.Credential;
import org.tallystick.fabric.topology.MemberReading;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.TopologyFile;

/// What a member shows to the others: what it runs, and the certificates by which they know it. There is no key in it.
///
/// @param authority the certificate of the authority for its identities, in PEM, as all others
/// @param orderers certificates of each of its orderers, by name
public record MemberFile(
        Member member, String authority, String tlsAuthority, SortedMap<String, OrdererCertificates> orderers) {

    private static final String VERSION = "member/1";

    /// An orderer's certificates, which the first block names.
    public record OrdererCertificates(String identity, String tls) {}

    public MemberFile {
        orderers = Collections.unmodifiableSortedMap(new TreeMap<>(orderers));
        TreeSet<String> names = new TreeSet<>();
        member.orderers().forEach(orderer -> names.add(orderer.name()));
        if (!orderers.keySet().equals(names)) {
            throw new IllegalArgumentException(
                    member.name() + " runs orderers " + names + " and shows certificates of " + orderers.keySet());
        }
    }

    /// What a member shows whose files were rendered in the folder.
    public static MemberFile of(Member member, NetworkFolder folder) throws IOException {
        PublicFolder open = folder.open(member.name());
        SortedMap<String, OrdererCertificates> orderers = new TreeMap<>();
        for (Orderer orderer : member.orderers()) {
            orderers.put(
                    orderer.name(),
                    new OrdererCertificates(
                            Files.readString(open.identity(orderer.name())),
                            Files.readString(open.tls(orderer.name()))));
        }
        return new MemberFile(
                member, Files.readString(open.authority()), Files.readString(open.tlsAuthority()), orderers);
    }

    /// Whether a file says that it is one.
    public static boolean is(Path file) throws IOException {
        return Travelling.says(VERSION, file);
    }

    public static MemberFile read(Path file) throws IOException, NodeException {
        return of(Travelling.read(VERSION, file), file.toString());
    }

    static MemberFile of(Json.Obj object, String name) throws IOException, NodeException {
        try {
            SortedMap<String, OrdererCertificates> orderers = new TreeMap<>();
            for (var orderer : object.object("orderers").members().entrySet()) {
                String at = name + ", " + orderer.getKey();
                Json.Obj certificates = (Json.Obj) orderer.getValue();
                orderers.put(
                        orderer.getKey(),
                        new OrdererCertificates(
                                certificate(at, certificates.text("identity")),
                                certificate(at, certificates.text("tls"))));
            }
            return new MemberFile(
                    member(name, object.text("member")),
                    certificate(name, object.text("authority")),
                    certificate(name, object.text("tlsAuthority")),
                    orderers);
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new NodeException(name + " does not show a member: " + e.getMessage());
        }
    }

    /// Reads one entry of a topology's `members`.
    public static Member member(String name, String yaml) throws NodeException {
        return switch (TopologyFile.readMember(yaml)) {
            case MemberReading.Read(var member) -> member;
            case MemberReading.Faulty(var faults) ->
                throw new NodeException(name + " does not describe a member: "
                        + String.join(
                                "; ", faults.stream().map(Object::toString).toList()));
        };
    }

    /// The certificate as it was, if it is one and nothing besides.
    private static String certificate(String name, String pem) throws IOException {
        return Credential.pem(Credential.certificate(name, pem));
    }

    Json.Obj json() {
        TreeMap<String, Json> all = new TreeMap<>();
        orderers.forEach((name, certificates) -> all.put(
                name,
                Json.object()
                        .with("identity", certificates.identity())
                        .with("tls", certificates.tls())
                        .build()));
        return Json.object()
                .with("version", VERSION)
                .with("member", TopologyFile.text(member))
                .with("authority", authority)
                .with("tlsAuthority", tlsAuthority)
                .with("orderers", new Json.Obj(all))
                .build();
    }

    public void write(Path file) throws IOException {
        Travelling.write(json(), file);
    }

    /// Writes it to where the member's certificates are looked for.
    public void write(PublicFolder open) throws IOException {
        OwnerFiles.update(open.authority(), authority);
        OwnerFiles.update(open.tlsAuthority(), tlsAuthority);
        Rendering.writeUnits(open.msp());
        for (var orderer : orderers.entrySet()) {
            OwnerFiles.update(
                    open.identity(orderer.getKey()), orderer.getValue().identity());
            OwnerFiles.update(open.tls(orderer.getKey()), orderer.getValue().tls());
        }
    }
}
