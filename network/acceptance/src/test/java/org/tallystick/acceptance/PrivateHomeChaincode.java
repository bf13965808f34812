package org.tallystick.acceptance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeServerProperties;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.NettyChaincodeServer;
import org.hyperledger.fabric.shim.ResponseUtils;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.state.State;
import org.tallystick.chaincode.Charter;
import org.tallystick.chaincode.TallystickChaincode;

/// A spike: our chaincode, and beside it the same rules over a private home, `docs/spec/ledger-1.md` section 13.
///
/// The rules do not know: what changes is where a key is read and written, that instructions come as transient data,
/// and that only hashes leave.
final class PrivateHomeChaincode extends ChaincodeBase {

    private static final List<String> PUBLIC = List.of("net", "pty/", "key/", "kid/", "log/");

    private static final int ARGUMENTS = 6;

    private final TallystickChaincode publicly;
    private final Transactions transactions = new Transactions(Documents.PARSED);

    /// @param packageId by which the peer knows it
    PrivateHomeChaincode(String packageId, Charter charter) {
        publicly = new TallystickChaincode(packageId, charter);
        processCommandLineOptions(new String[] {"-i", packageId});
        // A server needs what this leaves behind.
        Properties _ = getChaincodeConfig();
    }

    /// @param arguments as those of our own server: where to listen, the package id, certificate, key, authority,
    /// charter
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != ARGUMENTS) {
            throw new IllegalArgumentException(ARGUMENTS + " arguments are needed, not " + arguments.length);
        }
        int colon = arguments[0].lastIndexOf(':');
        ChaincodeServerProperties properties = new ChaincodeServerProperties();
        properties.setServerAddress(new InetSocketAddress(
                arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1))));
        properties.setTlsEnabled(true);
        properties.setKeyCertChainFile(arguments[2]);
        properties.setKeyFile(arguments[3]);
        properties.setTrustCertCollectionFile(arguments[4]);
        Charter charter = Charter.read(Bytes.copyOf(Files.readAllBytes(Path.of(arguments[5]))))
                .orElseThrow();
        new NettyChaincodeServer(new PrivateHomeChaincode(arguments[1], charter), properties).start();
    }

    private record Anybody(String member, boolean admin) implements Carrier {}

    @Override
    public Response init(ChaincodeStub stub) {
        return publicly.init(stub);
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        List<String> in = stub.getStringArgs();
        return switch (in.getFirst()) {
            case "submit-private" -> submit(stub, in.get(1), in.get(2));
            case "get-private" -> ResponseUtils.newSuccessResponse(stub.getPrivateData(in.get(1), in.get(2)));
            default -> publicly.invoke(stub);
        };
    }

    private Response submit(ChaincodeStub stub, String collection, String hints) {
        Map<String, byte[]> carried = stub.getTransient();
        List<Bytes> arguments = new ArrayList<>();
        for (byte[] next = carried.get("e0"); next != null; next = carried.get("e" + arguments.size())) {
            arguments.add(Bytes.copyOf(next));
        }
        arguments.add(Bytes.ofUtf8(hints));
        State home = key -> value(isPublic(key) ? stub.getState(key) : stub.getPrivateData(collection, key));
        var sent =
                new Transactions.Sent(new LedgerTime(stub.getTxTimestamp().getEpochSecond()), new Anybody("", false));
        return switch (transactions.submit(home, sent, arguments)) {
            case Failed failed -> ResponseUtils.newErrorResponse(failed.message());
            case Done done -> {
                done.writes().forEach((key, value) -> {
                    if (isPublic(key)) {
                        throw new IllegalStateException("a private act writes the public key " + key);
                    }
                    stub.putPrivateData(collection, key, value.orElseThrow().toArray());
                });
                yield ResponseUtils.newSuccessResponse(
                        hashes(Told.answers(arguments, done.response()).orElseThrow())
                                .canonical()
                                .toArray());
            }
        };
    }

    private static boolean isPublic(String key) {
        return PUBLIC.stream().anyMatch(key::startsWith);
    }

    private static Optional<Bytes> value(byte[] bytes) {
        return bytes == null || bytes.length == 0 ? Optional.empty() : Optional.of(Bytes.copyOf(bytes));
    }

    private static Json.Obj hashes(List<Json.Obj> answers) {
        List<Json> items = answers.stream()
                .<Json>map(item -> Json.object()
                        .with("result", item.text("result"))
                        .with("verdict", Hash.of(item.canonical()).hex())
                        .build())
                .toList();
        return Json.object().with("items", Json.array(items)).build();
    }
}
