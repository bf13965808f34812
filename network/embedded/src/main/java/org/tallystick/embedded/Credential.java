package org.tallystick.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObjectGenerator;

/// A certificate and its private key, in memory and as two files.
record Credential(X509Certificate certificate, PrivateKey key) {

    static Credential read(Path certificate, Path key) throws IOException {
        return new Credential(certificate(Files.readString(certificate)), key(Files.readString(key)));
    }

    void write(Path certificateFile, Path keyFile) throws IOException {
        DurableFiles.write(certificateFile, pem(certificate));
        DurableFiles.write(keyFile, pem(new JcaPKCS8Generator(key, null)));
    }

    static String pem(X509Certificate certificate) {
        return pem((Object) certificate);
    }

    static X509Certificate certificate(String pem) throws IOException {
        if (!(parse(pem) instanceof X509CertificateHolder holder)) {
            throw new IOException("not a certificate");
        }
        try {
            return new JcaX509CertificateConverter().setProvider(Ecdsa.PROVIDER).getCertificate(holder);
        } catch (CertificateException e) {
            throw new IOException("not a certificate", e);
        }
    }

    private static PrivateKey key(String pem) throws IOException {
        if (!(parse(pem) instanceof PrivateKeyInfo info)) {
            throw new IOException("not a PKCS#8 private key");
        }
        return new JcaPEMKeyConverter().setProvider(Ecdsa.PROVIDER).getPrivateKey(info);
    }

    private static Object parse(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object found = parser.readObject();
            if (found == null || parser.readObject() != null) {
                throw new IOException("not exactly one PEM object");
            }
            return found;
        } catch (RuntimeException e) {
            throw new IOException("not a PEM object", e); // Bouncy Castle's parser throws what its input makes it throw
        }
    }

    private static String pem(Object certificateOrGenerator) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            if (certificateOrGenerator instanceof PemObjectGenerator generator) {
                writer.writeObject(generator);
            } else {
                writer.writeObject(certificateOrGenerator);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
