package org.tallystick.gateway.courier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.gateway.Partners;

/// Which instructions travel together.
final class BatchesTest {

    private final Partners partners = new Partners(1);
    private final List<Pending> due = new ArrayList<>();

    private Pending comes(PartyId party) {
        Pending pending = new Pending(due.size() + 1, Partners.read(partners.enroll(party)), 0);
        due.add(pending);
        return pending;
    }

    @Test
    void who_sends_much_does_not_make_others_wait() {
        for (int n = 0; n < Transactions.MAX_ENVELOPES; n++) {
            Pending _ = comes(Partners.HUB);
        }
        Pending last = comes(Partners.ANA);

        List<Pending> batch = Batches.next(due);

        assertThat(batch.subList(0, 2)).containsExactly(due.getFirst(), last);
    }

    @Test
    void what_one_party_sends_keeps_its_order() {
        List<Pending> hub = new ArrayList<>();
        List<Pending> ana = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            hub.add(comes(Partners.HUB));
            hub.add(comes(Partners.HUB));
            ana.add(comes(Partners.ANA));
        }

        List<Pending> batch = Batches.next(due);

        assertThat(batch).containsAll(due);
        assertThat(batch).filteredOn(hub::contains).containsExactlyElementsOf(hub);
        assertThat(batch).filteredOn(ana::contains).containsExactlyElementsOf(ana);
    }
}
