package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.ledger.pack.TrustFile;

/// Packs of ledgers whose history holds.
final class VerifierTest {

    static Report verify(byte[] pack, Optional<TrustFile> trust) {
        try {
            return Verifier.verify(new ByteArrayInputStream(pack), trust);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Report verify(TestStory story) {
        return verify(story.pack(), Optional.of(story.ledger.network.trust(story.ledger.id())));
    }

    @Test
    void a_small_history_holds() {
        TestStory story = TestStory.small(1);

        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("small")))
                .isEqualTo(Report.Outcome.HOLDS);
    }

    @ParameterizedTest(name = "a trial: {0}")
    @ValueSource(booleans = {false, true})
    void a_long_history_holds(boolean trial) {
        TestStory story = TestStory.long_(2, trial);

        Report report = verify(story);

        assertThat(report.outcome()).as(String.join("\n", report.lines("long"))).isEqualTo(Report.Outcome.HOLDS);
    }

    /// Other parties' registry acts are carried along in a batch, and what rests on them is taken as stated.
    @Test
    void registry_acts_of_others_are_not_judged() {
        TestStory story = new TestStory(3, false);
        story.enrolls("west/third");
        story.sends(story.enrollment("north/vendor", "west/third"));
        story.losesKey("north/vendor");
        story.enrollsTogether("west/fourth", "north/vendor", "east/other");
        story.enrolls("east/shop");
        story.offers(TestStory.document());
        story.applied(story.signed("east/shop", new Act.Accept(Optional.empty())));

        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("batch")))
                .isEqualTo(Report.Outcome.HOLDS);
        assertThat(report.findings())
                .filteredOn(finding -> finding.check() == Check.ATTENTION_TAKEN)
                .extracting(Finding::text)
                .containsExactly("refused with key_known, taken as stated");
    }

    /// A stranger's instruction beside a party's: it leaves nothing, and what it was answered is not compared.
    @Test
    void what_left_nothing_is_not_compared() {
        TestStory story = new TestStory(4, false);
        story.enrolls("north/vendor", "east/shop", "west/third");
        story.offers(TestStory.document());
        Bytes stranger = story.signed("west/third", new Act.Accept(Optional.empty()));
        Bytes shop = story.signed("east/shop", new Act.Accept(Optional.empty()));
        var _ = story.sendsTogether(stranger, shop);

        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("batch")))
                .isEqualTo(Report.Outcome.HOLDS);
    }

    @Test
    void the_first_lines_say_what_was_not_shown() {
        TestStory story = TestStory.long_(2, true);

        List<String> lines = verify(story).lines("p.tallypack");

        assertThat(lines.subList(0, 7))
                .containsExactly(
                        "pack: p.tallypack (a trial); " + Report.NOT_SHOWN,
                        "agreement: north/vendor/channel, whole history, to block 22",
                        "ledger: " + story.ledger.id(),
                        "form: first",
                        "trial: yes",
                        "trust root: 2 of 3 members: east, north, west",
                        "result: holds (a trial)");
    }
}
