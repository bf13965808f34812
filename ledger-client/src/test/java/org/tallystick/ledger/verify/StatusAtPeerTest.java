package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.client.Answer;
import org.tallystick.ledger.client.CloseProgress;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.client.Position;

/// What is known of an instruction to somebody who has a peer and no gateway.
final class StatusAtPeerTest {

    private static final AgreementId AGREEMENT = new AgreementId(TestStory.AGREEMENT);

    private static Payload payload(Bytes envelope) {
        if (Signed.read(envelope) instanceof Signed signed) {
            return signed.payload();
        }
        throw new AssertionError("not an envelope");
    }

    private static Answer.Applied status(TestStory story, Payload payload) throws Exception {
        try (LedgerCourier courier = new LedgerCourier(story.ledger)) {
            return (Answer.Applied) courier.status(payload.party(), Optional.of(AGREEMENT), payload.id(), Duration.ZERO)
                    .orElseThrow();
        }
    }

    /// A marker says so of everything else, but of an applied report there is none.
    @Test
    void of_a_report_it_is_told_what_it_booked_and_what_it_released() throws Exception {
        TestStory story = MatchedSalesTest.reported();
        List<Json.Obj> notices = List.of(MatchedSalesTest.sale("R-1", 100), MatchedSalesTest.sale("R-2", 200));
        Bytes report =
                story.signed(MatchedSalesTest.SHOP, new Act.Report(MatchedSalesTest.NOTICES, 2, notices, List.of()));
        story.applied(report);
        long block = story.ledger.height() - 1;
        story.applied(story.signed(
                MatchedSalesTest.SHOP,
                new Act.Report(MatchedSalesTest.NOTICES, 4, List.of(MatchedSalesTest.sale("R-3", 1)), List.of())));

        Answer.Applied answer = status(story, payload(report));

        assertThat(answer.position()).contains(new Position(block, 0, 0));
        assertThat(answer.effects())
                .containsExactly(
                        TestStory.object("{\"booked\":{},\"first\":2,\"held\":0,\"kind\":\"report\",\"last\":3}"),
                        TestStory.object(
                                "{\"events\":[\"sales/0000000001\",\"sales/0000000002\"]," + "\"kind\":\"released\"}"));
    }

    @Test
    void nothing_is_known_of_a_report_that_never_came() throws Exception {
        TestStory story = MatchedSalesTest.reported();
        Payload never = payload(story.signed(
                MatchedSalesTest.SHOP,
                new Act.Report(MatchedSalesTest.NOTICES, 2, List.of(MatchedSalesTest.sale("R-1", 1)), List.of())));

        try (LedgerCourier courier = new LedgerCourier(story.ledger)) {
            assertThat(courier.status(never.party(), Optional.of(AGREEMENT), never.id(), Duration.ZERO))
                    .isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void of_a_close_in_several_steps_it_is_told_how_far_it_is() throws Exception {
        TestStory story = LyingStepsTest.closing();
        Payload close;
        try (BlockStream blocks = story.ledger.blocks(story.ledger.height() - 1)) {
            close = payload(blocks.next().transactions().getFirst().arguments().getFirst());
        }

        Answer.Applied begun = status(story, close);
        assertThat(LyingStepsTest.step(story)).isEqualTo("closing");
        Answer.Applied underWay = status(story, close);
        LyingStepsTest.ends(story);
        Answer.Applied done = status(story, close);

        assertThat(begun.close()).contains(new CloseProgress.UnderWay(0, 3));
        assertThat(underWay.close()).contains(new CloseProgress.UnderWay(1, 3));
        assertThat(done.close()).get().isInstanceOf(CloseProgress.Settled.class);
    }
}
