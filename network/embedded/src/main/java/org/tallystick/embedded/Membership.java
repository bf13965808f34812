package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;

/// The members' MSPs: whose certificate this is, and whether that member's authority vouches for it.
///
/// Expiry is asked for separately, because a block must validate in the same way whenever it is looked at.
final class Membership {
    private static final int NOT_AN_AUTHORITY = -1;

    private final Map<String, X509Certificate> authorities;
    private final Map<ByteString, Identity> known = new ConcurrentHashMap<>();

    Membership(Map<String, X509Certificate> authorities) {
        this.authorities = Map.copyOf(authorities);
    }

    /// Somebody who names a member as its own, with a key only if the member's authority vouches for it.
    ///
    /// The key is taken from the certificate once: to take it again is as dear as to verify with it.
    record Identity(String member, X509Certificate certificate, Optional<NodeRole> role, Optional<PublicKey> key) {

        boolean trusted() {
            return key.isPresent();
        }

        boolean has(NodeRole wanted) {
            return trusted() && role.isPresent() && role.get() == wanted;
        }

        /// The policies `Writers` of every member: clients and administrators.
        boolean mayWrite() {
            return has(NodeRole.CLIENT) || has(NodeRole.ADMIN);
        }

        /// The policies `Readers` of every member: whoever may write, and peers.
        boolean mayRead() {
            return mayWrite() || has(NodeRole.PEER);
        }

        boolean expiredAt(Instant now) {
            return now.isAfter(certificate.getNotAfter().toInstant())
                    || now.isBefore(certificate.getNotBefore().toInstant());
        }

        boolean signed(ByteString message, ByteString signature) {
            return key.isPresent() && Ecdsa.verify(key.get(), message, signature);
        }
    }

    /// Empty if these bytes are no certificate, or name an organization that is not a member.
    Optional<Identity> identify(ByteString serialized) {
        Identity hit = known.get(serialized);
        if (hit != null) {
            return Optional.of(hit);
        }
        Optional<Identity> identity = parse(serialized);
        if (identity.isPresent() && identity.get().trusted() && known.size() < Limits.KNOWN_IDENTITIES) {
            known.put(serialized, identity.get());
        }
        return identity;
    }

    private Optional<Identity> parse(ByteString serialized) {
        try {
            var named = SerializedIdentity.parseFrom(serialized);
            X509Certificate authority = authorities.get(named.getMspid());
            if (authority == null) {
                return Optional.empty();
            }
            X509Certificate certificate =
                    Credential.certificate(named.getIdBytes().toStringUtf8());
            Optional<NodeRole> role = role(certificate);
            Optional<PublicKey> key = role.isPresent() && vouches(authority, certificate)
                    ? Optional.of(certificate.getPublicKey())
                    : Optional.empty();
            return Optional.of(new Identity(named.getMspid(), certificate, role, key));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // Bouncy Castle's parsers throw what their input makes them throw
        }
    }

    private static boolean vouches(X509Certificate authority, X509Certificate certificate) {
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                || certificate.getBasicConstraints() != NOT_AN_AUTHORITY) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey(), Ecdsa.PROVIDER);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// The one node OU of the certificate; two of them would make it ambiguous, so they count as none.
    private static Optional<NodeRole> role(X509Certificate certificate) {
        try {
            List<NodeRole> roles = new LdapName(
                            certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equals("OU"))
                            .flatMap(part -> NodeRole.ofUnit(part.getValue().toString()).stream())
                            .toList();
            return roles.size() == 1 ? Optional.of(roles.getFirst()) : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
