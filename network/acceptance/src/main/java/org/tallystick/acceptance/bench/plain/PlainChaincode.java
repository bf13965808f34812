package org.tallystick.acceptance.bench.plain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.hyperledger.fabric.metrics.Metrics;
import org.hyperledger.fabric.shim.Chaincode;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.hyperledger.fabric.traces.Traces;

/// Writes one small asset in a transaction, if it is not there yet: Fabric's usual first example, and nothing else.
public final class PlainChaincode extends ChaincodeBase {

    private static final int ARGUMENTS = 6;
    private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);

    private PlainChaincode(String packageId) {
        processCommandLineOptions(new String[] {"-i", packageId});
        Properties properties = getChaincodeConfig();
        Metrics.initialize(properties);
        Traces.initialize(properties);
    }

    /// @param arguments as those of our own server: where to listen, the package id, certificate, key, authority, and a
    /// charter, which is of no use here
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != ARGUMENTS) {
            System.err.println("usage: PlainChaincode HOST:PORT PACKAGE-ID CERTIFICATE KEY AUTHORITY CHARTER");
            System.exit(2);
        }
        int colon = arguments[0].lastIndexOf(':');
        ChaincodeServerProperties properties = new ChaincodeServerProperties();
        properties.setServerAddress(new InetSocketAddress(
                arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1))));
        properties.setTlsEnabled(true);
        properties.setKeyCertChainFile(arguments[2]);
        properties.setKeyFile(arguments[3]);
        properties.setTrustCertCollectionFile(arguments[4]);
        new NettyChaincodeServer(new PlainChaincode(arguments[1]), properties).start();
    }

    @Override
    public Chaincode.Response init(ChaincodeStub stub) {
        return ResponseUtils.newSuccessResponse();
    }

    /// `create ID ASSET`
    @Override
    public Chaincode.Response invoke(ChaincodeStub stub) {
        String id = stub.getParameters().get(0);
        if (stub.getState(id).length > 0) {
            return ResponseUtils.newErrorResponse(id + " is there already");
        }
        stub.putState(id, stub.getArgs().get(2));
        return ResponseUtils.newSuccessResponse("", DONE);
    }
}
