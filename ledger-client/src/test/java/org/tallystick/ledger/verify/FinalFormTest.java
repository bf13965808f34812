package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.log.Checkpoint;
import org.tallystick.ledger.pack.ChainLeaves;
import org.tallystick.ledger.pack.PackBuilder;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// Packs with the log in them.
final class FinalFormTest {

    private static final String[] ALL = {"east", "north", "west"};
    private static final TestStory STORY = TestStory.long_(11, false);
    private static final TestLog LOG = log(STORY);
    private static final TrustFile FIRST = STORY.ledger.network.trust(STORY.ledger.id());
    private static final TrustFile TRUST = LOG.trust(FIRST, 2, Optional.empty());
    private static final TestPack PACK = pack(Optional.empty(), Optional.empty());

    private static TestLog log(TestStory story) {
        try {
            return new TestLog(story.ledger, story.ledger.height(), 5, ALL);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestPack pack(Optional<String> period, Optional<PackBuilder.Older> older) {
        return TestPack.of(STORY.pack(period, Optional.of(LOG.published(LOG.blocks(), older, ALL))));
    }

    private static Report verify(TestPack pack, TrustFile trust) {
        return VerifierTest.verify(pack.bytes(), Optional.of(trust));
    }

    private static SortedSet<Check> failed(Report report) {
        return report.findings().stream()
                .filter(finding -> finding.result() == Result.FAIL)
                .map(Finding::check)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Result result(Report report, Check check) {
        return report.findings().stream()
                .filter(finding -> finding.check() == check)
                .map(Finding::result)
                .max(java.util.Comparator.naturalOrder())
                .orElseThrow();
    }

    private static String text(Bytes bytes) {
        return bytes.utf8().orElseThrow();
    }

    private static List<String> leaves(TestPack pack) {
        return text(pack.get("log/leaves")).lines().toList();
    }

    private static Bytes lines(List<String> lines) {
        return Bytes.ofUtf8(lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    @Test
    void a_whole_history_holds_and_shows_that_nothing_was_left_out() {
        Report report = verify(PACK, TRUST);

        assertThat(failed(report)).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.HOLDS);
        assertThat(Stream.of(
                                Check.OCCURRENCE_VALID,
                                Check.OCCURRENCE_INCLUDED,
                                Check.COMPLETENESS_CHAINS,
                                Check.COMPLETENESS_HEADS)
                        .map(check -> result(report, check)))
                .containsOnly(Result.PASS);
    }

    @Test
    void a_pack_of_a_period_has_the_leaves_behind_it_and_no_transaction_of_them() {
        TestPack period = pack(Optional.of("2026-01"), Optional.empty());

        Report report = verify(period, TRUST);

        assertThat(failed(report)).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.HOLDS);
        assertThat(report.lines("period")).anyMatch(line -> line.contains("but those behind 2026-01, which have"));
        assertThat(leaves(period)).isEqualTo(leaves(PACK));
        assertThat(period.names).hasSizeLessThan(PACK.names.size());
    }

    @Test
    void an_earlier_checkpoint_gives_a_pack_of_what_was_there_then() {
        for (int blocks = LOG.blocks() - 1; blocks > LOG.blocks() / 2; blocks--) {
            TestPack earlier = TestPack.of(
                    STORY.pack(Optional.empty(), Optional.of(LOG.published(blocks, Optional.empty(), ALL))));

            assertThat(verify(earlier, TRUST).outcome()).as("%s blocks", blocks).isEqualTo(Outcome.HOLDS);
        }
    }

    @Test
    void the_same_ledger_and_size_give_the_same_bytes() {
        assertThat(pack(Optional.empty(), Optional.empty()).bytes()).isEqualTo(PACK.bytes());
    }

    @Test
    void a_log_that_goes_on_from_an_older_pack_shows_it() {
        PackBuilder.Older older = LOG.older(LOG.blocks() / 2);
        TestPack later = pack(Optional.empty(), Optional.of(older));

        Report good = verify(later, LOG.trust(FIRST, 2, Optional.of(older)));
        Report other = verify(later, LOG.trust(FIRST, 2, Optional.of(LOG.older(LOG.blocks() / 2 + 1))));
        Report without = verify(PACK, LOG.trust(FIRST, 2, Optional.of(older)));

        assertThat(good.outcome()).isEqualTo(Outcome.HOLDS);
        assertThat(result(good, Check.COMPLETENESS_CONSISTENT)).isEqualTo(Result.PASS);
        assertThat(failed(other)).containsExactly(Check.COMPLETENESS_CONSISTENT);
        assertThat(failed(without)).containsExactly(Check.COMPLETENESS_CONSISTENT);
    }

    @Test
    void a_trust_file_without_the_log_s_keys_cannot_say_that_it_holds() {
        Report report = verify(PACK, FIRST);

        assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
        assertThat(result(report, Check.OCCURRENCE_INCLUDED)).isEqualTo(Result.NOT_CHECKED);
        assertThat(result(report, Check.COMPLETENESS_HEADS)).isEqualTo(Result.NOT_CHECKED);
    }

    @Test
    void each_transaction_that_is_left_out_is_found_at_its_leaf() {
        List<String> transactions =
                PACK.names.stream().filter(name -> name.startsWith("tx/")).toList();
        for (int i = 1; i < transactions.size(); i += 6) {
            String transaction = transactions.get(i);
            Report report = verify(PACK.without(transaction), TRUST);

            assertThat(failed(report)).as(transaction).contains(Check.COMPLETENESS_CHAINS);
            assertThat(report.findings().stream()
                            .filter(finding -> finding.check() == Check.COMPLETENESS_CHAINS)
                            .flatMap(finding -> finding.place().stream())
                            .map(Place::toString))
                    .as(transaction)
                    .anyMatch(place -> place.startsWith("log/leaves"));
        }
    }

    @Test
    void two_of_three_members_state_where_a_chain_ends_and_strangers_spoil_nothing() {
        Checkpoint checkpoint = LOG.checkpoint(LOG.blocks());
        String own = "agr/" + TestStory.AGREEMENT;
        ChainLeaves.End end = LOG.end(LOG.blocks(), own);
        String west = text(LOG.head("west", checkpoint, own, end).octets()) + "=\n";
        String strange = text(strangers()
                        .head("west", checkpoint, own, new ChainLeaves.End(end.count() + 1, end.last()))
                        .octets())
                + "=\n";
        String heads = text(PACK.get("log/heads"));

        assertThat(heads).contains(west);
        for (String good : List.of(heads.replace(west, ""), heads.replace(west, strange), heads + strange)) {
            assertThat(verify(PACK.with("log/heads", Bytes.ofUtf8(good)), TRUST).outcome())
                    .isEqualTo(Outcome.HOLDS);
        }
    }

    private static TestLog strangers() {
        try {
            return new TestLog(STORY.ledger, 1, 6, ALL);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whoever has no older root cannot be shown that the log goes on, though the pack has a proof from one.
    @Test
    void an_older_root_that_only_the_pack_names_is_not_believed() {
        TestPack later = pack(Optional.empty(), Optional.of(LOG.older(LOG.blocks() / 2)));

        Report report = verify(later, TRUST);

        assertThat(failed(report)).isEmpty();
        assertThat(result(report, Check.COMPLETENESS_CONSISTENT)).isEqualTo(Result.NOT_CHECKED);
        assertThat(report.outcome()).isEqualTo(Outcome.COULD_NOT_CHECK);
    }

    /// What could not be gone through is not said to be complete.
    @Test
    void nothing_is_shown_of_chains_whose_leaves_cannot_be_read() {
        for (TestPack changed : List.of(
                PACK.without("log/leaves"),
                PACK.with("log/leaves", Bytes.ofUtf8("hello\n")),
                PACK.without("log/checkpoint"))) {
            Report report = verify(changed, TRUST);

            assertThat(failed(report)).contains(Check.OCCURRENCE_INCLUDED);
            assertThat(Stream.of(Check.OCCURRENCE_VALID, Check.COMPLETENESS_HEADS)
                            .map(check -> result(report, check)))
                    .doesNotContain(Result.PASS);
        }
        assertThat(result(verify(PACK.without("log/leaves"), TRUST), Check.COMPLETENESS_CHAINS))
                .isEqualTo(Result.NOT_CHECKED);
    }

    /// The leaves behind a period are those of the members, but a reader of them believes no other form.
    @Test
    void a_leaf_behind_the_period_that_does_not_follow_is_found() {
        TestPack period = pack(Optional.of("2026-01"), Optional.empty());
        List<String> leaves = leaves(period);
        String last = leaves.getLast();
        for (String other : List.of(
                last.replace("\"kind\":\"verdict\"", "\"kind\":\"verdicts\""),
                last.replace("\"leaf\":\"1\"", "\"leaf\":\"2\""),
                last.replaceFirst("\"at\":\\[[0-9]+,", "\"at\":[1,"),
                last.replaceFirst("\"seq\":", "\"seq\":1"),
                last.replace("\"t\":\"2", "\"t\":\"x"),
                last.replaceFirst("\"chain\":\"[^\"]*", "\"chain\":\"pty/north/other"),
                last.replaceFirst("\\{", "{\"a\":\"" + "x".repeat(1_000) + "\","))) {
            List<String> changed = new ArrayList<>(leaves);
            assertThat(other).isNotEqualTo(last);
            changed.set(leaves.size() - 1, other);

            assertThat(failed(verify(period.with("log/leaves", lines(changed)), TRUST)))
                    .as(other)
                    .contains(Check.COMPLETENESS_CHAINS);
        }
    }

    @Test
    void lines_that_are_none_of_leaves_are_named() {
        List<String> leaves = leaves(PACK);
        for (String line : List.of(
                "",
                "0",
                " x",
                "00 {}",
                "-1 {}",
                "99999999999999999999 {}",
                "1e1 {}",
                leaves.get(3).replace(" ", "  "),
                leaves.get(3) + "\r",
                "3 " + "x".repeat(2_000))) {
            List<String> changed = new ArrayList<>(leaves);
            changed.set(3, line);
            Report report = verify(PACK.with("log/leaves", lines(changed)), TRUST);

            assertThat(failed(report)).as(line).contains(Check.OCCURRENCE_INCLUDED);
        }
        Bytes all = PACK.get("log/leaves");
        assertThat(failed(verify(PACK.with("log/leaves", all.slice(0, all.size() - 1)), TRUST)))
                .contains(Check.OCCURRENCE_INCLUDED);
    }

    @Test
    void a_first_form_with_entries_of_the_final_one_is_none() {
        TestPack first = TestPack.of(STORY.pack());
        first.names.add("log/checkpoint");
        first.contents.add(PACK.get("log/checkpoint"));

        assertThat(failed(verify(first, TRUST))).contains(Check.PACK_CONTAINER);
    }
}
