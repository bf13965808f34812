package org.tallystick.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.List;
import org.hyperledger.fabric.protos.gateway.ErrorDetail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.LedgerException;

/// Fabric's codes and sentences (as recorded from Fabric 3.1.5) become one of three answers.
class FailuresTest {

    @Test
    void the_chaincodes_own_failure_keeps_its_code_and_values() {
        LedgerException evaluated = failure(
                Status.Code.UNKNOWN,
                "evaluate call to endorser returned error: chaincode response 500, tallystick: not_initialized {}");
        LedgerException endorsed = failure(
                Status.Code.ABORTED,
                "failed to endorse transaction, see attached details for more info",
                "chaincode response 500, tallystick: batch_too_large {\"limit\":460800,\"size\":500000}",
                "chaincode response 500, tallystick: batch_too_large {\"limit\":460800,\"size\":500000}");

        assertThat(evaluated).isInstanceOfSatisfying(LedgerException.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("not_initialized");
            assertThat(failed.values()).isEqualTo(Json.Obj.EMPTY);
        });
        assertThat(endorsed).isInstanceOfSatisfying(LedgerException.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("batch_too_large");
            assertThat(failed.values().whole("size")).isEqualTo(500_000);
            assertThat(failed.mayRepeat()).isFalse();
        });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            UNAVAILABLE         | failed to get config for channel [noch]
            UNAVAILABLE         | io exception
            DEADLINE_EXCEEDED   | deadline exceeded after 9.9s
            RESOURCE_EXHAUSTED  | the gateway is at its concurrency limit
            UNKNOWN             | chaincode response 500, error in simulation: failed to execute transaction 12
            """)
    void what_is_not_reached_may_be_repeated(Status.Code code, String description) {
        LedgerException failure = failure(code, description);

        assertThat(failure).isInstanceOf(LedgerException.Unavailable.class).hasMessageContaining(description);
        assertThat(failure.mayRepeat()).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            FAILED_PRECONDITION | access denied: channel [ch] creator org [Org1]
            FAILED_PRECONDITION | no peers available to evaluate chaincode nocc in channel ch
            PERMISSION_DENIED   | no permission to read
            ABORTED             | received unsuccessful response from orderer: status=BAD_REQUEST, info=
            """)
    void what_the_identity_may_not_do_is_refused(Status.Code code, String description) {
        LedgerException failure = failure(code, description);

        assertThat(failure).isInstanceOf(LedgerException.Refused.class).hasMessageContaining(description);
        assertThat(failure.mayRepeat()).isFalse();
    }

    @Test
    void endorsers_that_disagree_may_agree_when_the_slower_one_has_the_block() {
        LedgerException failure = failure(
                Status.Code.ABORTED,
                "failed to collect enough transaction endorsements",
                "ProposalResponsePayloads do not match");

        assertThat(failure)
                .isInstanceOf(LedgerException.Refused.class)
                .hasMessageStartingWith("north's peer: north did not answer what another endorser answered");
        assertThat(failure.mayRepeat()).isTrue();
    }

    private static LedgerException failure(Status.Code code, String description, String... details) {
        List<ErrorDetail> all = List.of(details).stream()
                .map(detail -> ErrorDetail.newBuilder()
                        .setMspId("north")
                        .setAddress("peer0")
                        .setMessage(detail)
                        .build())
                .toList();
        return Failures.of(
                "north's peer", Status.fromCode(code).withDescription(description), all, new Exception("cause"));
    }
}
