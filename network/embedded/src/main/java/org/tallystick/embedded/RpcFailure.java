package org.tallystick.embedded;

import com.google.protobuf.Any;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.Serial;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;

/// A gRPC call that ends with a status; the details say which peer said what.
final class RpcFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private final transient StatusRuntimeException status;

    RpcFailure(Status.Code code, String message) {
        this(code, message, List.of());
    }

    RpcFailure(Status.Code code, String message, List<ErrorDetail> details) {
        super(message);
        this.status =
                Status.fromCode(code).withDescription(message).asRuntimeException(trailers(code, message, details));
    }

    private static Metadata trailers(Status.Code code, String message, List<ErrorDetail> details) {
        var trailers = new Metadata();
        if (!details.isEmpty()) {
            trailers.put(
                    DETAILS,
                    com.google.rpc.Status.newBuilder()
                            .setCode(code.value())
                            .setMessage(message)
                            .addAllDetails(details.stream().map(Any::pack).toList())
                            .build());
        }
        return trailers;
    }

    StatusRuntimeException status() {
        return status;
    }

    static ErrorDetail detail(Peer peer, String message) {
        return ErrorDetail.newBuilder()
                .setAddress(peer.address())
                .setMspId(peer.member())
                .setMessage(message)
                .build();
    }
}
