package org.tallystick.chaincode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.tallystick.agreement.bytes.Bytes;

/// The chaincode as a service of its own process: the peer connects to it, and both show a certificate.
public final class ChaincodeServer {

    private static final int ARGUMENTS = 6;

    private ChaincodeServer() {}

    /// @param arguments where to listen, the package id, three files in PEM (the certificate of this server, its key,
    /// and the authority that vouches for the peer), and the file of the [Charter]
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int colon = arguments.length == ARGUMENTS ? arguments[0].lastIndexOf(':') : -1;
        if (colon < 0) {
            System.err.println("usage: ChaincodeServer HOST:PORT PACKAGE-ID CERTIFICATE KEY AUTHORITY CHARTER");
            System.exit(2);
        }
        ChaincodeServerProperties properties = new ChaincodeServerProperties();
        properties.setServerAddress(new InetSocketAddress(
                arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1))));
        properties.setTlsEnabled(true);
        properties.setKeyCertChainFile(arguments[2]);
        properties.setKeyFile(arguments[3]);
        properties.setTrustCertCollectionFile(arguments[4]);
        new NettyChaincodeServer(new TallystickChaincode(arguments[1], charter(Path.of(arguments[5]))), properties)
                .start();
    }

    private static Charter charter(Path file) throws IOException {
        return Charter.read(Bytes.copyOf(Files.readAllBytes(file)))
                .orElseThrow(
                        () -> new IOException(file + " does not say which ledger this is and whether it is a trial"));
    }
}
