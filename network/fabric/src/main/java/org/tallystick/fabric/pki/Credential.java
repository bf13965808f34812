package org.tallystick.fabric.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.tallystick.fabric.files.OwnerFiles;

/// A certificate and its private key.
public record Credential(X509Certificate certificate, PrivateKey key) {

    public static Credential read(Path certificate, Path key) throws IOException {
        return new Credential(certificate(certificate), key(key));
    }

    public void write(Path certificateFile, Path keyFile) throws IOException {
        OwnerFiles.write(keyFile, keyPem());
        OwnerFiles.write(certificateFile, pem());
    }

    public String pem() {
        return pem(certificate);
    }

    /// PKCS#8.
    public String keyPem() {
        try {
            return written(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String pem(X509Certificate certificate) {
        return written(certificate);
    }

    static String pem(X509CRLHolder list) {
        return written(list);
    }

    public static X509Certificate certificate(Path file) throws IOException {
        return certificate(file.toString(), Files.readString(file));
    }

    /// @param name by which to call it when it is none
    public static X509Certificate certificate(String name, String pem) throws IOException {
        if (!(parse(name, pem) instanceof X509CertificateHolder holder)) {
            throw new IOException(name + " is no certificate in PEM");
        }
        try {
            return new JcaX509CertificateConverter().setProvider(Ecdsa.PROVIDER).getCertificate(holder);
        } catch (CertificateException e) {
            throw new IOException(name + " is no certificate: " + e.getMessage(), e);
        }
    }

    static X509CRLHolder list(Path file) throws IOException {
        if (!(parse(file) instanceof X509CRLHolder holder)) {
            throw new IOException(file + " is no certificate revocation list in PEM");
        }
        return holder;
    }

    private static PrivateKey key(Path file) throws IOException {
        if (!(parse(file) instanceof PrivateKeyInfo info)) {
            throw new IOException(file + " is no private key in PEM (PKCS#8)");
        }
        return new JcaPEMKeyConverter().setProvider(Ecdsa.PROVIDER).getPrivateKey(info);
    }

    private static Object parse(Path file) throws IOException {
        return parse(file.toString(), Files.readString(file));
    }

    private static Object parse(String name, String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object found = parser.readObject();
            if (found == null || parser.readObject() != null) {
                throw new IOException(name + " is not exactly one object in PEM");
            }
            return found;
        } catch (RuntimeException e) {
            // Bouncy Castle's parser throws what its input makes it throw.
            throw new IOException(name + " is nothing in PEM", e);
        }
    }

    private static String written(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            if (object instanceof PemObjectGenerator generator) {
                writer.writeObject(generator);
            } else {
                writer.writeObject(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// TLS for a caller that shows this certificate and believes only in servers that the authority vouches for.
    public SSLContext calling(X509Certificate authority) {
        try {
            char[] password = {};
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, password);
            own.setKeyEntry("own", key, password, new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, password);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, password);
            trusted.setCertificateEntry("authority", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot be set up for " + this, e);
        }
    }

    /// Whose it is, without the key.
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal().getName();
    }
}
