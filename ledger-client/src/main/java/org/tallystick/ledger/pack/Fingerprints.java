package org.tallystick.ledger.pack;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.signing.VerifierKey;

/// What a trust file trusts, in lines that one person can read to another.
final class Fingerprints {

    private static final int GROUP = 4;

    private Fingerprints() {}

    static List<String> lines(TrustFile trust) {
        List<String> lines = new ArrayList<>();
        lines.add("ledger " + grouped(trust.ledger()));
        for (TrustFile.Trusted member : trust.members()) {
            for (String pem : member.authorities()) {
                lines.add(member.member() + ", certificate authority: "
                        + of(Certificates.ofPem(Bytes.ofUtf8(pem)).orElseThrow()));
            }
        }
        trust.policy().ifPresent(policy -> {
            policy.logs().forEach(log -> lines.add("log: " + of(log.key())));
            policy.witnesses().forEach(witness -> lines.add(witness.key().name() + ": " + of(witness.key())));
        });
        trust.heads().ifPresent(heads -> heads.keys().forEach(key -> lines.add(key.name() + ": " + of(key))));
        return lines;
    }

    /// As browsers and openssl show it: SHA-256 of the certificate.
    private static String of(X509Certificate certificate) {
        try {
            return grouped(Hash.of(Bytes.copyOf(certificate.getEncoded())));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has an encoding", e);
        }
    }

    /// SHA-256 of the public key.
    private static String of(VerifierKey key) {
        return grouped(Hash.of(key.key()));
    }

    private static String grouped(Hash hash) {
        StringBuilder groups = new StringBuilder();
        for (int i = 0; i < hash.hex().length(); i += GROUP) {
            groups.append(i == 0 ? "" : " ").append(hash.hex(), i, i + GROUP);
        }
        return groups.toString();
    }
}
