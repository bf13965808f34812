package org.tallystick.fabric.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CRLHolder;
import org.tallystick.fabric.files.OwnerFiles;

/// The certificates that an authority has taken back.
public final class RevocationList {

    private final X509CRLHolder list;

    RevocationList(X509CRLHolder list) {
        this.list = list;
    }

    public static RevocationList read(Path file) throws IOException {
        return new RevocationList(Credential.list(file));
    }

    public void write(Path file) throws IOException {
        OwnerFiles.write(file, pem());
    }

    public String pem() {
        return Credential.pem(list);
    }

    public boolean names(X509Certificate certificate) {
        return list.getRevokedCertificate(certificate.getSerialNumber()) != null;
    }

    /// Later lists have higher numbers.
    public BigInteger number() {
        Extension number = list.getExtension(Extension.cRLNumber);
        return number == null
                ? BigInteger.ZERO
                : CRLNumber.getInstance(number.getParsedValue()).getCRLNumber();
    }
}
