package org.tallystick.ledger.verify;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.util.io.pem.PemReader;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.ledger.pack.Certificates;
import org.tallystick.ledger.pack.ConfigBlock;
import org.tallystick.ledger.pack.PackLimits;
import org.tallystick.ledger.pack.TransactionEnvelope.Identity;
import org.tallystick.ledger.pack.TrustFile;

/// Whose certificate this is, and whether the member's authorities vouch for it, as of a block.
///
/// What is trusted comes from the trust file. Configuration blocks add intermediate authorities, which must lead to
/// those of the trust file, and revocations.
final class Authorities {

    private static final int NOT_AN_AUTHORITY = -1;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int SIGN_CERTIFICATES = 5;
    private static final String PEER = "peer";

    private final Map<String, List<X509Certificate>> roots;
    private final Map<String, List<X509Certificate>> intermediates;
    private final Map<String, List<X509CRLHolder>> revoked;
    private final Map<Bytes, Vouched> known = new HashMap<>();

    private Authorities(
            Map<String, List<X509Certificate>> roots,
            Map<String, List<X509Certificate>> intermediates,
            Map<String, List<X509CRLHolder>> revoked) {
        this.roots = roots;
        this.intermediates = intermediates;
        this.revoked = revoked;
    }

    /// Those of the trust file, at a block; without a file those that the configuration itself names.
    static Authorities at(long block, Optional<TrustFile> trust, Optional<ConfigBlock> config) {
        Map<String, List<X509Certificate>> roots = new HashMap<>();
        Map<String, List<X509Certificate>> intermediates = new HashMap<>();
        Map<String, List<X509CRLHolder>> revoked = new HashMap<>();
        trust.ifPresent(file -> file.members().stream()
                .filter(one -> one.countsAt(block))
                .forEach(one -> roots.computeIfAbsent(one.member(), _ -> new ArrayList<>())
                        .addAll(certificates(
                                one.authorities().stream().map(Bytes::ofUtf8).toList()))));
        config.ifPresent(found -> found.members().forEach((member, authorities) -> {
            if (trust.isEmpty()) {
                roots.put(member, certificates(authorities.roots()));
            }
            intermediates.put(member, certificates(authorities.intermediates()));
            revoked.put(member, lists(authorities.revoked()));
        }));
        return new Authorities(roots, intermediates, revoked);
    }

    /// The members there are.
    List<String> members() {
        return roots.keySet().stream().sorted().toList();
    }

    /// A certificate that a member's authority vouches for, or why there is none.
    ///
    /// @param units the node roles it names
    private record Vouched(Optional<Validity> validity, SortedSet<String> units, String fault) {
        static Vouched not(String fault) {
            return new Vouched(Optional.empty(), new TreeSet<>(), fault);
        }
    }

    /// From when to when a certificate is good.
    private record Validity(Instant from, Instant until) {
        static Validity of(X509Certificate certificate) {
            return new Validity(
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        }

        /// To the second.
        boolean covers(LedgerTime time) {
            Instant begin = Instant.ofEpochSecond(time.seconds());
            return !begin.plusSeconds(1).isBefore(from) && !begin.isAfter(until);
        }
    }

    /// Why this identity cannot sign as the member it names, at a time; nothing if it can.
    Optional<String> fault(Identity identity, LedgerTime time) {
        Vouched vouched = known.computeIfAbsent(identity.bytes(), _ -> vouch(identity));
        if (vouched.validity().isEmpty()) {
            return Optional.of(vouched.fault());
        }
        return vouched.validity().get().covers(time)
                ? Optional.empty()
                : Optional.of("the certificate of " + identity.member() + " is not valid at " + time);
    }

    /// Whether it names the role of a peer, and no other.
    boolean isPeer(Identity identity) {
        Vouched vouched = known.computeIfAbsent(identity.bytes(), _ -> vouch(identity));
        return vouched.units().size() == 1 && vouched.units().first().equals(PEER);
    }

    private Vouched vouch(Identity identity) {
        List<X509Certificate> trusted = roots.get(identity.member());
        if (trusted == null) {
            return Vouched.not(identity.member() + " is no member that is trusted here");
        }
        Optional<X509Certificate> found = Certificates.ofPem(identity.certificate());
        if (found.isEmpty()) {
            return Vouched.not("not a certificate with a key on P-256 or P-384");
        }
        X509Certificate certificate = found.get();
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() != NOT_AN_AUTHORITY || (usage != null && !usage[DIGITAL_SIGNATURE])) {
            return Vouched.not("the certificate of " + identity.member() + " is not for signing");
        }
        if (certificate.hasUnsupportedCriticalExtension()) {
            return Vouched.not("the certificate of " + identity.member() + " has a critical extension unknown here");
        }
        if (!leadsToTrusted(identity.member(), trusted, certificate, 1)) {
            return Vouched.not("no authority of " + identity.member() + " vouches for the certificate");
        }
        return new Vouched(Optional.of(Validity.of(certificate)), units(certificate), "");
    }

    /// @param length of the chain so far
    private boolean leadsToTrusted(
            String member, List<X509Certificate> trusted, X509Certificate certificate, int length) {
        if (length >= PackLimits.CERTIFICATE_CHAIN) {
            return false;
        }
        for (X509Certificate root : trusted) {
            if (issued(member, root, certificate, length)) {
                return true;
            }
        }
        for (X509Certificate between : intermediates.getOrDefault(member, List.of())) {
            if (issued(member, between, certificate, length) && leadsToTrusted(member, trusted, between, length + 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean issued(String member, X509Certificate issuer, X509Certificate certificate, int length) {
        boolean[] usage = issuer.getKeyUsage();
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && issuer.getBasicConstraints() >= length - 1
                && usage != null
                && usage[SIGN_CERTIFICATES]
                && Certificates.signed(issuer, certificate)
                && !isRevoked(member, issuer, certificate);
    }

    private boolean isRevoked(String member, X509Certificate issuer, X509Certificate certificate) {
        return revoked.getOrDefault(member, List.of()).stream().anyMatch(list -> isRevoked(list, issuer, certificate));
    }

    private static boolean isRevoked(X509CRLHolder list, X509Certificate issuer, X509Certificate certificate) {
        try {
            return list.getRevokedCertificate(certificate.getSerialNumber()) != null
                    && list.getIssuer().equals(new X509CertificateHolder(issuer.getEncoded()).getSubject())
                    && list.isSignatureValid(new JcaContentVerifierProviderBuilder().build(issuer.getPublicKey()));
        } catch (Exception _) {
            return false; // a list that cannot be checked revokes nothing
        }
    }

    /// The node roles among the organizational units of the subject.
    private static SortedSet<String> units(X509Certificate certificate) {
        TreeSet<String> units = new TreeSet<>();
        try {
            new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equals("OU"))
                            .map(part -> part.getValue().toString())
                            .filter(List.of("admin", "client", "orderer", PEER)::contains)
                            .forEach(units::add);
        } catch (InvalidNameException _) {
            return new TreeSet<>();
        }
        return units;
    }

    static List<X509Certificate> certificates(List<Bytes> pems) {
        return pems.stream().flatMap(pem -> Certificates.ofPem(pem).stream()).toList();
    }

    private static List<X509CRLHolder> lists(List<Bytes> pems) {
        List<X509CRLHolder> lists = new ArrayList<>();
        for (Bytes pem : pems) {
            try (PemReader reader =
                    new PemReader(new java.io.StringReader(pem.utf8().orElse("")))) {
                var object = reader.readPemObject();
                if (object != null) {
                    lists.add(new X509CRLHolder(object.getContent()));
                }
            } catch (java.io.IOException | RuntimeException _) {
                // a list that cannot be read revokes nothing
            }
        }
        return lists;
    }
}
