package org.tallystick.fabric.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.files.MemberFolder.NodeFolder;
import org.tallystick.fabric.files.MemberFolder.Pair;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.topology.Topology.Chaincode;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Node;
import org.tallystick.fabric.topology.Topology.Orderer;
import org.tallystick.fabric.topology.Topology.Peer;

/// All keys and certificates of one member, in its folder. What is there stays; what is missing is made.
public final class MemberKeys {

    /// Changes the channel and the chaincode, and registers keys on the ledger.
    public static final String ADMIN = "admin";

    /// Registers the member's keys on the ledger, and may nothing else that others may not.
    public static final String REGISTRAR = "registrar";

    /// Carries instructions.
    public static final String GATEWAY = "gateway";

    /// Marks who may do what the ledger reserves for a member's administrator.
    private static final String ADMIN_ATTRIBUTE = "tallystick.admin";

    private final Member member;
    private final MemberFolder folder;
    private final Instant now;

    public MemberKeys(Member member, MemberFolder folder, Instant now) {
        this.member = member;
        this.folder = folder;
        this.now = now;
    }

    /// Makes whatever is missing.
    public void complete() throws IOException {
        authority(folder.authority(), "ca." + member.name());
        authority(folder.tlsAuthority(), "tls-ca." + member.name());
        identity(Request.Identity.of(ADMIN, Role.ADMIN).with(ADMIN_ATTRIBUTE, "true"), folder.identity(ADMIN));
        identity(Request.Identity.of(REGISTRAR, Role.CLIENT).with(ADMIN_ATTRIBUTE, "true"), folder.identity(REGISTRAR));
        identity(Request.Identity.of(GATEWAY, Role.CLIENT), folder.identity(GATEWAY));
        tls(Request.Caller.of("admin." + member.name()), folder.adminTls());
        for (Node node : member.nodes()) {
            node(node);
        }
    }

    private void node(Node node) throws IOException {
        NodeFolder own = folder.node(node.name());
        switch (node) {
            case Orderer _ -> identity(Request.Identity.of(node.name(), Role.ORDERER), own.identity());
            case Peer _ -> identity(Request.Identity.of(node.name(), Role.PEER), own.identity());
            case Chaincode _ -> tls(Request.Caller.of("caller." + node.name()), own.caller());
        }
        tls(server(node), own.tls());
    }

    private static Request.Server server(Node node) {
        return Request.Server.of(node.name(), List.of(node.name(), node.host()));
    }

    private void authority(Pair files, String name) throws IOException {
        if (!Files.exists(files.certificate())) {
            Authority.create(member.name(), name, now).own().write(files.certificate(), files.key());
        }
    }

    private static Authority authority(Pair files) throws IOException {
        return new Authority(Credential.read(files.certificate(), files.key()));
    }

    private void identity(Request.Identity request, Pair files) throws IOException {
        if (!Files.exists(files.certificate())) {
            Credential _ = issue(request, files);
        }
    }

    /// Issues an identity and keeps a copy of its certificate among the issued.
    public Credential issue(Request.Identity request, Pair files) throws IOException {
        Credential issued = authority(folder.authority()).issue(request, now);
        keep(issued, files);
        return issued;
    }

    private void keep(Credential issued, Pair files) throws IOException {
        String serial = issued.certificate().getSerialNumber().toString(16);
        OwnerFiles.write(folder.issued().resolve(serial + ".pem"), issued.pem());
        issued.write(files.certificate(), files.key());
    }

    private void tls(Request request, Pair files) throws IOException {
        if (!Files.exists(files.certificate())) {
            authority(folder.tlsAuthority()).issue(request, now).write(files.certificate(), files.key());
        }
    }

    /// New certificates for the keys of a node, which stay: so whoever knows the node by its key goes on knowing it.
    public void renew(Node node) throws IOException {
        NodeFolder own = folder.node(node.name());
        Authority tls = authority(folder.tlsAuthority());
        renew(tls, server(node), own.tls());
        switch (node) {
            case Orderer _ -> renewIdentity(Request.Identity.of(node.name(), Role.ORDERER), own.identity());
            case Peer _ -> renewIdentity(Request.Identity.of(node.name(), Role.PEER), own.identity());
            case Chaincode _ -> renew(tls, Request.Caller.of("caller." + node.name()), own.caller());
        }
    }

    private void renew(Authority authority, Request request, Pair files) throws IOException {
        Credential old = Credential.read(files.certificate(), files.key());
        authority.renew(request, old, now).write(files.certificate(), files.key());
    }

    /// A new certificate for an identity's key, with the role and the attributes that it has.
    public void renew(String identity) throws IOException {
        Pair files = folder.identity(identity);
        Credential old = Credential.read(files.certificate(), files.key());
        keep(authority(folder.authority()).renew(Authority.identity(old.certificate()), old, now), files);
        if (identity.equals(ADMIN)) {
            renew(authority(folder.tlsAuthority()), Request.Caller.of("admin." + member.name()), folder.adminTls());
        }
    }

    private void renewIdentity(Request.Identity request, Pair files) throws IOException {
        Credential old = Credential.read(files.certificate(), files.key());
        keep(authority(folder.authority()).renew(request, old, now), files);
    }

    /// Every identity that was ever issued.
    public List<Issued> issued() throws IOException {
        Optional<RevocationList> revoked = revoked();
        List<Issued> all = new ArrayList<>();
        for (Path file : OwnerFiles.list(folder.issued())) {
            X509Certificate certificate = Credential.certificate(file);
            all.add(new Issued(
                    Subject.of(certificate),
                    certificate,
                    revoked.filter(list -> list.names(certificate)).isPresent()));
        }
        return List.copyOf(all);
    }

    /// An identity's certificate, and whether the member has taken it back.
    public record Issued(Subject subject, X509Certificate certificate, boolean revoked) {}

    public Optional<RevocationList> revoked() throws IOException {
        return Files.exists(folder.revoked()) ? Optional.of(RevocationList.read(folder.revoked())) : Optional.empty();
    }

    /// Adds certificates to the member's revocation list. They are refused once the channel has the list.
    public RevocationList revoke(List<X509Certificate> more) throws IOException {
        List<X509Certificate> all = new ArrayList<>(issued().stream()
                .filter(Issued::revoked)
                .map(Issued::certificate)
                .toList());
        all.addAll(more);
        BigInteger number =
                revoked().map(RevocationList::number).orElse(BigInteger.ZERO).add(BigInteger.ONE);
        RevocationList list =
                authority(folder.authority()).revoke(all.stream().distinct().toList(), number, now);
        list.write(folder.revoked());
        return list;
    }

    /// When each certificate in use ends, the next first.
    public List<Expiry> expiries() throws IOException {
        List<Expiry> all = new ArrayList<>();
        expiry("authority", Optional.empty(), folder.authority(), all);
        expiry("TLS authority", Optional.empty(), folder.tlsAuthority(), all);
        for (String name : List.of(ADMIN, REGISTRAR, GATEWAY)) {
            expiry(name, renewal(name), folder.identity(name), all);
        }
        expiry("admin, TLS", renewal(ADMIN), folder.adminTls(), all);
        for (Node node : member.nodes()) {
            NodeFolder own = folder.node(node.name());
            Optional<String> renewal = Optional.of("tally network rotate " + node.name());
            expiry(node.name() + ", TLS", renewal, own.tls(), all);
            switch (node) {
                case Orderer _, Peer _ -> expiry(node.name(), renewal, own.identity(), all);
                case Chaincode _ -> expiry(node.name() + ", caller's TLS", renewal, own.caller(), all);
            }
        }
        return all.stream().sorted().toList();
    }

    private Optional<String> renewal(String identity) {
        return Optional.of("tally network identity renew " + member.name() + " " + identity);
    }

    private void expiry(String what, Optional<String> renewal, Pair files, List<Expiry> all) throws IOException {
        if (Files.exists(files.certificate())) {
            X509Certificate certificate = Credential.certificate(files.certificate());
            all.add(new Expiry(
                    member.name(),
                    what,
                    renewal,
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant()));
        }
    }
}
