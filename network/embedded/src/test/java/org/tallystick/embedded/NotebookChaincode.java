package org.tallystick.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.hyperledger.fabric.shim.ResponseUtils;

/// A small chaincode that does each thing a test needs a chaincode for.
final class NotebookChaincode extends ChaincodeBase {
    static final String NAME = "notebook";

    /// Different at each member, to make endorsements that do not match.
    private static int instances;

    private final int instance = ++instances;

    static ChaincodeDefinition definition() {
        return new ChaincodeDefinition(NAME, "1", _ -> new NotebookChaincode());
    }

    @Override
    public Response init(ChaincodeStub stub) {
        return success("");
    }

    @Override
    public Response invoke(ChaincodeStub stub) {
        List<String> in = stub.getStringArgs();
        return switch (in.getFirst()) {
            case "put" -> {
                stub.putStringState(in.get(1), in.get(2));
                yield success(in.get(2));
            }
            case "get" -> success(stub.getStringState(in.get(1)));
            case "delete" -> {
                stub.delState(in.get(1));
                yield success("");
            }
            case "append" -> {
                String next = stub.getStringState(in.get(1)) + in.get(2);
                stub.putStringState(in.get(1), next);
                yield success(next);
            }
            case "put, then get" -> {
                stub.putStringState(in.get(1), in.get(2));
                yield success(stub.getStringState(in.get(1)));
            }
            case "read and write" -> {
                in.subList(1, in.size()).forEach(key -> stub.putStringState(key, stub.getStringState(key) + "!"));
                yield success("");
            }
            case "announce" -> {
                stub.putStringState("announced", in.get(1));
                stub.setEvent("announced", in.get(1).getBytes(UTF_8));
                yield success("");
            }
            case "put transient" -> {
                stub.putState(in.get(1), stub.getTransient().get(in.get(2)));
                yield success("");
            }
            case "fail" -> ResponseUtils.newErrorResponse("nope");
            case "warn" -> new Response(400, "not here", new byte[0]);
            case "repeat" -> success(in.get(1).repeat(Integer.parseInt(in.get(2))));
            case "throw" -> throw new IllegalStateException("thrown");
            case "break" -> throw new AssertionError("broken");
            case "differ" -> success("instance " + instance);
            case "write the empty key" -> {
                stub.delState("");
                yield success("");
            }
            case "sleep" -> {
                sleep(Long.parseLong(in.get(1)));
                yield success("slept");
            }
            default -> outOfScope(stub, in.getFirst());
        };
    }

    private static Response outOfScope(ChaincodeStub stub, String function) {
        try {
            switch (function) {
                case "range" -> stub.getStateByRange("a", "b");
                case "private range" -> stub.getPrivateDataByRange("shared", "a", "b");
                case "private query" -> stub.getPrivateDataQueryResult("shared", "{}");
                case "private key policy" -> stub.setPrivateDataValidationParameter("shared", "key", new byte[] {1});
                case "private policy" -> stub.getPrivateDataValidationParameter("shared", "key");
                case "purge" -> stub.purgePrivateData("shared", "key");
                case "query" -> stub.getQueryResult("{}");
                case "history" -> stub.getHistoryForKey("key");
                case "key policy" -> stub.setStateValidationParameter("key", new byte[] {1});
                case "call" -> stub.invokeChaincodeWithStringArgs("other", "get");
                default -> throw new IllegalArgumentException("no function " + function);
            }
            return success("served");
        } catch (IllegalArgumentException e) {
            return ResponseUtils.newErrorResponse(e.getMessage());
        } catch (RuntimeException e) {
            return success("swallowed");
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Response success(String payload) {
        return ResponseUtils.newSuccessResponse(payload.getBytes(UTF_8));
    }
}
