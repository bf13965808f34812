package org.tallystick.ledger.fabric;

import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.ledger.LedgerException;

/// What a failed call means: the one place where Fabric's codes and sentences are read.
final class Failures {

    /// The chaincode's own failure: all that Fabric keeps of it is this text.
    private static final Pattern FAILED = Pattern.compile("tallystick: ([a-z][a-z0-9_]*)(?: (\\{.*}))?");

    private static final String DISAGREE = "ProposalResponsePayloads do not match";
    private static final String NOT_RUNNING = "failed to execute transaction";

    private Failures() {}

    static LedgerException of(String doing, GatewayException failure) {
        return of(doing, failure.getStatus(), failure.getDetails(), failure);
    }

    static LedgerException of(String doing, GatewayRuntimeException failure) {
        return of(doing, failure.getStatus(), failure.getDetails(), failure);
    }

    static LedgerException of(String doing, Status status, List<ErrorDetail> details, Throwable cause) {
        String said = said(status, details);
        Optional<LedgerException.Failed> failed = failed(said);
        if (failed.isPresent()) {
            return failed.get();
        }
        String message = doing + ": " + said;
        if (said.contains(DISAGREE)) {
            return LedgerException.Refused.disagreement(
                    doing + ": " + disagreeing(details)
                            + " did not answer what another endorser answered, so one of them may run another version"
                            + " of the chaincode than was approved (" + said + ")",
                    cause);
        }
        boolean passing = said.contains(NOT_RUNNING)
                || switch (status.getCode()) {
                    case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED, INTERNAL -> true;
                    default -> false;
                };
        return passing ? new LedgerException.Unavailable(message, cause) : new LedgerException.Refused(message, cause);
    }

    private static String disagreeing(List<ErrorDetail> details) {
        String named = details.stream()
                .filter(detail -> detail.getMessage().contains(DISAGREE))
                .map(ErrorDetail::getMspId)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "one endorser" : named;
    }

    /// What each peer had to say that was asked.
    static List<ErrorDetail> details(LedgerException failure) {
        return failure.getCause() instanceof GatewayException said ? said.getDetails() : List.of();
    }

    /// Whether a member's peer was asked to endorse and gave no answer.
    static boolean silent(LedgerException failure, String member) {
        return details(failure).stream()
                .anyMatch(detail ->
                        detail.getMspId().equals(member) && !detail.getMessage().contains(DISAGREE));
    }

    /// The status, and what each node had to say.
    private static String said(Status status, List<ErrorDetail> details) {
        StringBuilder all = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            all.append(": ").append(status.getDescription());
        }
        if (status.getCause() != null) {
            all.append(" (").append(status.getCause().getMessage()).append(")");
        }
        for (ErrorDetail detail : details) {
            all.append("; ").append(detail.getMspId()).append(" ").append(detail.getAddress());
            all.append(": ").append(detail.getMessage());
        }
        return all.toString();
    }

    private static Optional<LedgerException.Failed> failed(String said) {
        Matcher failure = FAILED.matcher(said);
        if (!failure.find()) {
            return Optional.empty();
        }
        return Optional.of(new LedgerException.Failed(
                failure.group(1),
                Optional.ofNullable(failure.group(2)).map(Failures::values).orElse(Json.Obj.EMPTY)));
    }

    /// Several peers may have said it: the values end where the longest JSON object does.
    private static Json.Obj values(String text) {
        for (int end = text.length(); end > 0; end = text.lastIndexOf('}', end - 2) + 1) {
            JsonReader.Reading reading = JsonReader.readCanonical(Bytes.ofUtf8(text.substring(0, end)));
            if (reading instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
        }
        return Json.Obj.EMPTY;
    }
}
