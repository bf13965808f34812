package org.tallystick.agreement.signing;

import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;

/// What the rules look at in the certificate of a member's Fabric identity: the attribute that makes an admin.
///
/// Fabric CA writes attributes as JSON into an extension of its own. Whether the certificate is the member's was
/// checked by the peer that passed it on.
public final class MemberCertificate {

    private static final ASN1ObjectIdentifier ATTRIBUTES = new ASN1ObjectIdentifier("1.2.3.4.5.6.7.8.1");
    private static final String ADMIN = "tallystick.admin";
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private MemberCertificate() {}

    /// Whether the attribute `tallystick.admin` is `true`; false for bytes that are no certificate.
    ///
    /// @param pem an X.509 certificate in PEM (RFC 7468)
    public static boolean isAdmin(Bytes pem) {
        try {
            String text = pem.utf8().orElse("");
            int begin = text.indexOf(BEGIN);
            int end = text.indexOf(END);
            if (begin < 0 || end < begin) {
                return false;
            }
            byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            Extensions extensions =
                    Certificate.getInstance(der).getTBSCertificate().getExtensions();
            Extension attributes = extensions == null ? null : extensions.getExtension(ATTRIBUTES);
            return attributes != null
                    && saysAdmin(Bytes.copyOf(attributes.getExtnValue().getOctets()));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean saysAdmin(Bytes extension) {
        return JsonReader.read(extension, JsonReader.Profile.FILE) instanceof JsonReader.Value(Json.Obj object)
                && object.find("attrs").orElse(Json.Obj.EMPTY) instanceof Json.Obj attributes
                && attributes.find(ADMIN).equals(Optional.of(Json.text("true")));
    }
}
