package org.tallystick.embedded.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.state.Net;
import org.tallystick.embedded.EmbeddedLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Beginning;
import org.tallystick.ledger.fabric.FabricLedger;
import org.tallystick.ledger.fabric.MemberIdentity;

/// How an embedded ledger begins.
final class TallyLedgerTest {

    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Ledger admin(EmbeddedLedger ledger) throws Exception {
        return FabricLedger.over(
                ledger.channel("north"),
                MemberIdentity.read("north", folder.resolve("members/north"), "admin"),
                FabricLedger.Settings.USUAL_CHANNEL,
                FabricLedger.Settings.USUAL_CHAINCODE);
    }

    private EmbeddedLedger started(boolean trial) throws Exception {
        return EmbeddedLedger.start(EmbeddedLedger.Settings.of(
                folder, List.of("north", "east", "west"), List.of(TallyLedger.chaincode(trial))));
    }

    private static Ledger.Call init(Hash ledger, boolean trial) {
        return new Ledger.Call("init", List.of(Bytes.ofUtf8(ledger.hex()), Bytes.ofUtf8(String.valueOf(trial))));
    }

    private static void refused(Ledger admin, Ledger.Call init) {
        assertThatThrownBy(() -> admin.endorse(init))
                .isInstanceOfSatisfying(
                        LedgerException.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("charter_differs"));
    }

    @ParameterizedTest(name = "trial: {0}")
    @ValueSource(booleans = {true, false})
    void an_admin_begins_the_ledger_as_it_was_started_and_not_otherwise(boolean trial) throws Exception {
        try (EmbeddedLedger embedded = started(trial);
                Ledger admin = admin(embedded)) {
            refused(admin, init(admin.id(), !trial));
            refused(admin, init(Hash.of(Bytes.ofUtf8("another genesis block")), trial));

            Net begun = Beginning.of(admin, trial, LONGEST);

            assertThat(begun.trial()).isEqualTo(trial);
            assertThat(begun.ledger()).isEqualTo(admin.id());
        }
    }

    @Test
    void a_ledger_that_has_begun_goes_on_whatever_it_is_started_as() throws Exception {
        try (EmbeddedLedger embedded = started(true);
                Ledger admin = admin(embedded)) {
            Net _ = Beginning.of(admin, true, LONGEST);
        }

        try (EmbeddedLedger embedded = started(false);
                Ledger admin = admin(embedded)) {
            assertThat(Beginning.of(admin, false, LONGEST).trial()).isTrue();
        }
    }
}
