package org.tallystick.embedded;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Every identity of the ledger: four for each member, two for the orderer. All in one process, hence no blockchain.
record Keyring(List<MemberKeys> members, OrdererKeys orderer) {
    static final String ORDERER_ORGANIZATION = "OrdererMSP";

    /// Marks the identity that may do what the ledger reserves for a member's administrator.
    private static final String ADMIN_ATTRIBUTES = "{\"attrs\":{\"tallystick.admin\":\"true\"}}";

    record MemberKeys(String member, Credential ca, Credential peer, Credential gateway, Credential admin) {}

    record OrdererKeys(Credential ca, Credential node) {}

    Keyring {
        members = List.copyOf(members);
    }

    static Keyring create(List<String> members, Instant now) {
        var orderers = new CertificateAuthority(ORDERER_ORGANIZATION, now);
        return new Keyring(
                members.stream().map(member -> memberKeys(member, now)).toList(),
                new OrdererKeys(orderers.own(), orderers.issue("orderer0", NodeRole.ORDERER)));
    }

    private static MemberKeys memberKeys(String member, Instant now) {
        var authority = new CertificateAuthority(member, now);
        return new MemberKeys(
                member,
                authority.own(),
                authority.issue("peer0", NodeRole.PEER),
                authority.issue("gateway", NodeRole.CLIENT),
                authority.issue("admin", NodeRole.ADMIN, ADMIN_ATTRIBUTES));
    }

    static Keyring read(LedgerFiles files, List<String> members) throws IOException {
        var all = new ArrayList<MemberKeys>();
        for (String member : members) {
            all.add(new MemberKeys(
                    member,
                    read(files, member, "ca"),
                    read(files, member, "peer"),
                    read(files, member, "gateway"),
                    read(files, member, "admin")));
        }
        return new Keyring(
                all,
                new OrdererKeys(
                        Credential.read(
                                files.orderer().resolve("ca.pem"),
                                files.orderer().resolve("ca.key")),
                        Credential.read(
                                files.orderer().resolve("orderer.pem"),
                                files.orderer().resolve("orderer.key"))));
    }

    void write(LedgerFiles files) throws IOException {
        DurableFiles.createFolder(files.members());
        for (MemberKeys keys : members) {
            DurableFiles.createFolder(files.members().resolve(keys.member()));
            write(files, keys.member(), "ca", keys.ca());
            write(files, keys.member(), "peer", keys.peer());
            write(files, keys.member(), "gateway", keys.gateway());
            write(files, keys.member(), "admin", keys.admin());
        }
        DurableFiles.createFolder(files.orderer());
        orderer.ca().write(files.orderer().resolve("ca.pem"), files.orderer().resolve("ca.key"));
        orderer.node()
                .write(files.orderer().resolve("orderer.pem"), files.orderer().resolve("orderer.key"));
    }

    private static Credential read(LedgerFiles files, String member, String identity) throws IOException {
        return Credential.read(files.certificate(member, identity), files.key(member, identity));
    }

    private static void write(LedgerFiles files, String member, String identity, Credential credential)
            throws IOException {
        credential.write(files.certificate(member, identity), files.key(member, identity));
    }
}
