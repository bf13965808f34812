package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import org.hyperledger.fabric.client.EndorseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Fabric serves and this ledger does not, each refused by name, also if the chaincode swallows the refusal.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedScopeTest {
    private EmbeddedLedger ledger;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        ledger = EmbeddedLedger.start(EmbeddedLedger.Settings.of(
                folder, List.of("AcmeMSP", "BlueMSP"), List.of(NotebookChaincode.definition())));
    }

    @AfterAll
    void close() {
        ledger.close();
    }

    @ParameterizedTest(name = "{0} is refused")
    @CsvSource(delimiter = '|', textBlock = """
            range                | this ledger does not serve GET_STATE_BY_RANGE
            private range        | this ledger does not serve GET_STATE_BY_RANGE
            query                | this ledger does not serve GET_QUERY_RESULT
            private query        | this ledger does not serve GET_QUERY_RESULT
            history              | this ledger does not serve GET_HISTORY_FOR_KEY
            key policy           | this ledger does not serve PUT_STATE_METADATA
            private key policy   | this ledger does not serve PUT_STATE_METADATA
            private policy       | this ledger does not serve GET_STATE_METADATA
            purge                | this ledger does not serve PURGE_PRIVATE_DATA
            call                 | this ledger does not serve INVOKE_CHAINCODE
            """)
    void what_is_out_of_scope_is_refused(String function, String reason) {
        var acme = Client.inProcess(ledger, "AcmeMSP");

        var e = catchThrowableOfType(EndorseException.class, () -> acme.commits(function));

        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(e.getDetails().getFirst().getMessage())
                .isEqualTo("error in simulation: transaction returned with failure: " + reason);
    }
}
