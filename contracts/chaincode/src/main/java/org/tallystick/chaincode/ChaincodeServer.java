package org.tallystick.chaincode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.NettyChaincodeServer;

/// The chaincode as a service of its own process: the peer connects to it.
public final class ChaincodeServer {

    private ChaincodeServer() {}

    /// @param arguments the port on loopback, then the package id
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: ChaincodeServer PORT PACKAGE-ID");
            System.exit(2);
        }
        ChaincodeServerProperties properties = new ChaincodeServerProperties();
        properties.setServerAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
        new NettyChaincodeServer(new TallystickChaincode(arguments[1]), properties).start();
    }
}
