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
            Report report = Verifier.verify(new ByteArrayInputStream(pack), trust);
            KeptPacks.keep(pack, trust, report);
            return report;
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

    /// A history in which both parties move between two periods: one by itself, one by its recovery parties.
    private static TestStory moving() {
        TestStory story = TestStory.small(5);
        story.enrolls("west/fund", "north/notary", "east/friend");
        story.applied(story.recovery("east/shop", 2, "east/friend", "north/notary", "west/fund"));
        story.applied(story.rehosting("north/vendor", "east", "north/vendor", "east"));
        story.applied(story.rehosting("east/shop", "north", "north/notary", "west/fund", "north"));
        story.goesTo("2026-03-01T09:00:00Z");
        story.reports(3, TestStory.sale("2026-02-10", 4000));
        story.declares("2026-02", 3, 1, 4000);
        story.applied(story.signed("north/vendor", new Act.Close("2026-02")));
        return story;
    }

    @Test
    void a_history_holds_across_the_moves_of_its_parties_and_says_who_moved_where() {
        Report report = verify(moving());

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("moved")))
                .isEqualTo(Report.Outcome.HOLDS);
        assertThat(report.findings())
                .filteredOn(finding -> finding.check() == Check.ATTENTION_KEYS)
                .extracting(Finding::text)
                .contains(
                        "the party north/vendor moved from north to east",
                        "the party east/shop moved from east to north");
    }

    @Test
    void a_quorum_that_is_too_small_or_a_stranger_in_it_leaves_a_history_that_holds_and_a_party_that_stays() {
        TestStory story = TestStory.small(6);
        story.enrolls("west/fund", "north/notary", "west/stranger");
        story.applied(story.recovery("east/shop", 2, "north/notary", "west/fund"));

        story.sends(story.rehosting("east/shop", "north", "north/notary", "north"));
        story.sends(story.rehosting("east/shop", "north", "north/notary", "west/stranger", "north"));
        Report report = verify(story);

        assertThat(report.outcome())
                .as(String.join("\n", report.lines("stayed")))
                .isEqualTo(Report.Outcome.HOLDS);
        assertThat(report.findings()).noneMatch(finding -> finding.text().contains("moved from"));
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
