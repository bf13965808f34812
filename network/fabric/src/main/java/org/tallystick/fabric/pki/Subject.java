package org.tallystick.fabric.pki;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Whom a certificate names.
///
/// @param role absent for TLS certificates and authorities
public record Subject(String member, String name, Optional<Role> role) {

    public static Subject of(X509Certificate certificate) {
        String all = certificate.getSubjectX500Principal().getName();
        try {
            LdapName parts = new LdapName(all);
            return new Subject(
                    part(parts, "O").orElse(""),
                    part(parts, "CN").orElse(all),
                    part(parts, "OU").flatMap(Role::ofUnit));
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException("a certificate for " + all, e);
        }
    }

    private static Optional<String> part(LdapName name, String type) {
        return name.getRdns().stream()
                .filter(part -> part.getType().equalsIgnoreCase(type))
                .map(Rdn::getValue)
                .map(String::valueOf)
                .findFirst();
    }
}
