package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.GatewayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client whose clock is not the peer's.
class ClockTest {
    private static final String ACME = "AcmeMSP";

    private static EmbeddedLedger start(Path folder, Duration ahead) throws Exception {
        return EmbeddedLedger.start(
                EmbeddedLedger.Settings.of(folder, List.of(ACME), List.of(NotebookChaincode.definition()))
                        .withClock(InstantSource.offset(InstantSource.system(), ahead)));
    }

    @ParameterizedTest(name = "a peer that is {0} s ahead takes it")
    @ValueSource(longs = {-110, 0, 110})
    void within_two_minutes_a_proposal_is_taken(long seconds, @TempDir Path folder) throws Exception {
        try (var ledger = start(folder, Duration.ofSeconds(seconds))) {
            assertThat(Client.inProcess(ledger, ACME).submit("put", "k", "v")).isEqualTo("v");
        }
    }

    @ParameterizedTest(name = "a peer that is {0} s ahead turns it away")
    @ValueSource(longs = {-125, 125})
    void more_than_two_minutes_away_a_proposal_is_turned_away(long seconds, @TempDir Path folder) throws Exception {
        try (var ledger = start(folder, Duration.ofSeconds(seconds))) {
            var acme = Client.inProcess(ledger, ACME);

            var evaluated = catchThrowableOfType(GatewayException.class, () -> acme.evaluate("get", "k"));
            var endorsed = catchThrowableOfType(EndorseException.class, () -> acme.commits("put", "k", "v"));

            assertThat(evaluated.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(evaluated.getStatus().getDescription())
                    .isEqualTo("failed to evaluate transaction, see attached details for more info");
            assertThat(endorsed.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(endorsed.getDetails().getFirst().getMessage())
                    .startsWith("request unauthorized due to incorrect timestamp 20")
                    .endsWith("Z, peer.authentication.timewindow 2m0s");
        }
    }

    @Test
    void after_its_last_day_an_identity_is_refused() {
        Credential credential = new CertificateAuthority(ACME, Instant.EPOCH).issue("gateway", NodeRole.CLIENT);
        var identity = new Membership.Identity(ACME, credential.certificate(), Optional.empty(), Optional.empty());

        assertThat(identity.expiredAt(Instant.EPOCH.plus(Duration.ofDays(3648))))
                .isFalse();
        assertThat(identity.expiredAt(Instant.EPOCH.plus(Duration.ofDays(3651))))
                .isTrue();
        assertThat(identity.expiredAt(Instant.EPOCH.minus(Duration.ofDays(2)))).isTrue();
    }
}
