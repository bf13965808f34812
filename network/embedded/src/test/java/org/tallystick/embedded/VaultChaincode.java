package org.tallystick.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;

/// A small chaincode that keeps values in private data collections; what it keeps comes as transient data.
final class VaultChaincode extends ChaincodeBase {
    static final String NAME = "vault";

    private static final String VALUE = "value";

    @Override
    public Response init(ChaincodeStub stub) {
        return success(new byte[0]);
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        List<String> in = stub.getStringArgs();
        String collection = in.get(1);
        String key = in.get(2);
        return switch (in.getFirst()) {
            case "keep" -> {
                stub.putPrivateData(collection, key, stub.getTransient().get(VALUE));
                yield success(new byte[0]);
            }
            case "keep many" -> {
                in.subList(2, in.size())
                        .forEach(each -> stub.putPrivateData(
                                collection, each, stub.getTransient().get(VALUE)));
                yield success(new byte[0]);
            }
            case "keep and publish" -> {
                stub.putPrivateData(collection, key, stub.getTransient().get(VALUE));
                stub.putStringState(in.get(3), in.get(4));
                yield success(new byte[0]);
            }
            case "add" -> {
                byte[] before = stub.getPrivateData(collection, key);
                String after = new String(before, UTF_8)
                        + new String(stub.getTransient().get(VALUE), UTF_8);
                stub.putPrivateData(collection, key, after.getBytes(UTF_8));
                yield success(new byte[0]);
            }
            case "read and publish" -> {
                byte[] _ = stub.getPrivateData(collection, key);
                stub.putStringState(in.get(3), "read");
                yield success(new byte[0]);
            }
            case "copy hash" -> {
                byte[] hash = stub.getPrivateDataHash(collection, key);
                stub.putState(in.get(3), hash.length == 0 ? "none".getBytes(UTF_8) : hash);
                yield success(hash);
            }
            case "drop" -> {
                stub.delPrivateData(collection, key);
                yield success(new byte[0]);
            }
            case "show" -> success(stub.getPrivateData(collection, key));
            case "hash" -> success(stub.getPrivateDataHash(collection, key));
            case "public" -> success(stub.getState(key));
            default -> throw new IllegalArgumentException("no function " + in.getFirst());
        };
    }

    private static Response success(byte[] payload) {
        return ResponseUtils.newSuccessResponse(payload);
    }
}
