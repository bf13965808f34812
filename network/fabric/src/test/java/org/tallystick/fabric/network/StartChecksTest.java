package org.tallystick.fabric.network;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.pki.Expiry;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;

final class StartChecksTest {

    private static final Instant MADE = Instant.parse("2026-11-26T12:00:00Z");
    private static final long MIB = 1L << 20;

    private final Topology raft = TrialNetwork.profile("raft");
    private final Member north = raft.members().getFirst();

    @TempDir
    Path folder;

    private MemberKeys keysAt(Instant time) {
        return new MemberKeys(north, new MemberFolder(folder.resolve("north")), time);
    }

    private List<Expiry> made() throws IOException {
        keysAt(MADE).complete();
        return keysAt(MADE).expiries();
    }

    @Test
    void a_clock_within_the_time_of_all_certificates_will_do() throws Exception {
        List<Expiry> expiries = made();

        assertThatCode(() -> StartChecks.clock(expiries, MADE)).doesNotThrowAnyException();
        assertThatCode(() -> StartChecks.clock(expiries, MADE.plus(Duration.ofDays(700))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_clock_that_is_a_day_late_is_named_with_the_certificate_that_begins_later() throws Exception {
        List<Expiry> expiries = made();
        Instant yesterday = MADE.minus(Duration.ofDays(1));

        assertThatThrownBy(() -> StartChecks.clock(expiries, yesterday))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("the clock of this machine says 2026-11-25T12:00:00Z")
                .hasMessageContaining(" of north begins at 2026-11-2");
    }

    @Test
    void a_node_whose_certificate_has_ended_is_named_until_it_has_a_new_one() throws Exception {
        Instant later = MADE.plus(Duration.ofDays(6 * 366));
        keysAt(MADE).complete();
        List<Expiry> orderer = keysAt(MADE).expiries().stream()
                .filter(expiry -> expiry.what().startsWith("orderer0.north"))
                .toList();

        assertThatThrownBy(() -> StartChecks.clock(orderer, later))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("the certificate of orderer0.north")
                .hasMessageContaining(" of north ended at 2031-")
                .hasMessageContaining("2032");

        keysAt(later).renew(north.orderers().getFirst());
        List<Expiry> renewed = keysAt(later).expiries().stream()
                .filter(expiry -> expiry.what().startsWith("orderer0.north"))
                .toList();
        assertThatCode(() -> StartChecks.clock(renewed, later)).doesNotThrowAnyException();
    }

    @Test
    void a_ledger_without_room_is_named_with_its_node() {
        var peer = north.peers().getFirst();

        assertThatCode(() -> StartChecks.room(peer, folder, 4 * MIB)).doesNotThrowAnyException();

        assertThatThrownBy(() -> StartChecks.room(peer, folder, 4 * MIB - 1))
                .isInstanceOf(NodeException.class)
                .hasMessage("3 MiB are free where the ledger of peer0.north is (" + folder + "), less than 4");
    }

    @Test
    void a_new_network_without_room_says_how_much_it_needs() {
        assertThatCode(() -> StartChecks.room(raft.consensus(), raft.nodes(), folder, 600 * MIB))
                .doesNotThrowAnyException();

        assertThatThrownBy(() -> StartChecks.room(raft.consensus(), raft.nodes(), folder, 599 * MIB))
                .isInstanceOf(NodeException.class)
                .hasMessage("599 MiB are free where " + folder + " is; its nodes need 600 MiB to begin with");
    }
}
