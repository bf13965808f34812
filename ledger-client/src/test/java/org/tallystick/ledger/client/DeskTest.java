package org.tallystick.ledger.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Net;

/// Ids and windows follow the ledger's clock.
class DeskTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00.123Z");
    private static final MemberId NORTH = new MemberId("north");

    private final Snapshot ledger = new Snapshot();
    private final Desk desk = new Desk(ledger, InstantSource.fixed(NOW), Duration.ofDays(1), Duration.ofSeconds(1));

    @Test
    void the_clock_of_a_trial_moves_ids_and_windows() throws Exception {
        ledger.net = Snapshot.NET.withOffset(Duration.ofDays(30), Net.RULES);

        Payload payload = payload();

        assertThat(payload.id().millis())
                .isEqualTo(NOW.toEpochMilli() + Duration.ofDays(30).toMillis());
        assertThat(payload.from().text()).isEqualTo("2026-03-30T23:55:00Z");
        assertThat(payload.until().text()).isEqualTo("2026-03-31T23:55:00Z");
        assertThat(payload.windowFault()).isEmpty();
        assertThat(desk.time().text()).isEqualTo("2026-03-31T00:00:00Z");
    }

    @Test
    void a_trial_is_asked_again_each_time() throws Exception {
        Payload before = payload();
        ledger.net = Snapshot.NET.withOffset(Duration.ofDays(1), Net.RULES);

        assertThat(payload().id().day()).isEqualTo(before.id().day().plusDays(1));
    }

    @Test
    void two_instructions_of_one_moment_have_two_ids() throws Exception {
        assertThat(payload().id()).isNotEqualTo(payload().id());
    }

    private Payload payload() throws Exception {
        return desk.payload(
                NORTH,
                ActKind.TRIAL_CLOCK,
                Optional.empty(),
                Json.object().with("offset", 1).build());
    }
}
