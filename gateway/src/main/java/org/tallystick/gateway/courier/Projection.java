package org.tallystick.gateway.courier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.gateway.courier.Outcomes.Outcome;
import org.tallystick.gateway.store.BlockChange;
import org.tallystick.gateway.store.BlockChange.Verdict;
import org.tallystick.gateway.store.LogChange;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.client.StoryEntry;
import org.tallystick.ledger.pack.Leaf;

/// What a block says: a function of the block alone.
///
/// @param touched homes in which something was written
/// @param offset of the trial clock, if the block sets it
/// @param hosts of the parties that the block enrolls or moves
/// @param closings by agreement the period whose close has more steps before it; nothing once that is over
/// @param busy whether something was written since the last epoch began, if the block says anything about that
/// @param leaves that verdicts have in the log, by the place of their transaction in the block
record Projection(
        BlockChange change,
        List<Outcome> outcomes,
        SortedSet<String> touched,
        Optional<Duration> offset,
        Map<String, String> hosts,
        Map<String, Optional<String>> closings,
        Optional<Boolean> busy,
        Map<Integer, List<Leaf>> leaves) {

    private static final String DUPLICATE = "DUPLICATE_TXID";
    private static final String SUBMIT = "submit";
    private static final String STEP = "step";

    static Projection of(LedgerBlock block) {
        Reading reading = new Reading(block.number());
        for (LedgerBlock.Transaction transaction : block.transactions()) {
            // Who was sent twice is in the chain twice. The first decides, and it was before this one.
            if (!transaction.code().equals(DUPLICATE)) {
                reading.read(transaction);
            }
        }
        return new Projection(
                new BlockChange(
                        block.number(),
                        reading.verdicts,
                        reading.runs,
                        reading.story,
                        reading.settled,
                        reading.lists.changes(),
                        LogChange.NONE),
                List.copyOf(reading.outcomes),
                reading.touched,
                reading.offset,
                Map.copyOf(reading.hosts),
                Map.copyOf(reading.closings),
                reading.busy,
                Map.copyOf(reading.leaves));
    }

    private static final class Reading {
        private final long block;
        private final List<Verdict> verdicts = new ArrayList<>();
        private final List<BlockChange.Run> runs = new ArrayList<>();
        private final List<BlockChange.Told> story = new ArrayList<>();
        private final List<String> settled = new ArrayList<>();
        private final BlockLists lists = new BlockLists();
        private final List<Outcome> outcomes = new ArrayList<>();
        private final TreeSet<String> touched = new TreeSet<>();
        private final Map<String, String> hosts = new HashMap<>();
        private final Map<String, Optional<String>> closings = new HashMap<>();
        private final Map<Integer, List<Leaf>> leaves = new HashMap<>();
        private Optional<Duration> offset = Optional.empty();
        private Optional<Boolean> busy = Optional.empty();

        Reading(long block) {
            this.block = block;
        }

        void read(LedgerBlock.Transaction transaction) {
            settled.add(transaction.id());
            if (transaction.valid()) {
                busy = Optional.of(!Epochs.begins(transaction.function()));
            }
            boolean instructions = transaction.valid() && transaction.function().equals(SUBMIT);
            List<Json.Obj> items = instructions ? transaction.answers() : List.of();
            outcomes.add(new Outcome(transaction.id(), transaction.code(), items));
            if (transaction.valid() && transaction.function().equals(STEP)) {
                String agreement = transaction.arguments().getFirst().utf8().orElseThrow();
                transaction.answers().forEach(item -> {
                    closing(agreement, item);
                    lists.step(agreement, item, new Position(block, transaction.index(), 0));
                    tell(agreement, StoryEntry.ofStep(item, at(transaction, 0)));
                });
            }
            Map<String, Run> open = new HashMap<>();
            for (int n = 0; n < items.size(); n++) {
                Json.Obj item = items.get(n);
                if (isVerdict(item) && Signed.read(transaction.arguments().get(n)) instanceof Signed signed) {
                    Position at = new Position(block, transaction.index(), n);
                    verdict(signed, item, at);
                    lists.verdict(signed, item, at);
                    leaves.computeIfAbsent(transaction.index(), _ -> new ArrayList<>())
                            .add(Leaf.of(n, signed, item));
                    tell(Store.home(signed.payload()), StoryEntry.of(signed, item, at(transaction, n)));
                    if (item.text("result").equals("applied")) {
                        applied(signed.payload(), item, open);
                    }
                }
            }
        }

        private org.tallystick.ledger.client.Position at(LedgerBlock.Transaction transaction, long item) {
            return new org.tallystick.ledger.client.Position(block, transaction.index(), item);
        }

        private void tell(String agreement, Optional<StoryEntry> entry) {
            entry.ifPresent(told -> story.add(new BlockChange.Told(agreement, told)));
        }

        private void verdict(Signed signed, Json.Obj item, Position position) {
            Payload payload = signed.payload();
            String home = Store.home(payload);
            touched.add(home);
            verdicts.add(new Verdict(
                    signed.instruction(),
                    home,
                    payload.party().text(),
                    payload.id().text(),
                    item,
                    position));
        }

        private void applied(Payload payload, Json.Obj item, Map<String, Run> open) {
            switch (payload.act()) {
                case Act.Report report -> {
                    String source = report.source().text();
                    Run before = open.get(source);
                    if (before == null || before.reports == org.tallystick.agreement.state.Run.MAX_REPORTS) {
                        open.put(source, new Run(report.first(), 1));
                    } else {
                        runs.add(new BlockChange.Run(Store.home(payload), source, report.first(), before.first));
                        open.put(source, new Run(before.first, before.reports + 1));
                    }
                }
                case Act.Enroll _, Act.Rehost _ ->
                    item.items("effects").stream()
                            .map(Json.Obj.class::cast)
                            .filter(effect -> effect.has("host"))
                            .forEach(effect -> hosts.put(effect.text("party"), effect.text("host")));
                case Act.TrialClock _ ->
                    item.items("effects").stream()
                            .map(Json.Obj.class::cast)
                            .filter(effect -> effect.has("offset"))
                            .forEach(effect -> offset = Optional.of(Duration.ofSeconds(effect.whole("offset"))));
                case Act.Close _ -> closing(Store.home(payload), item);
                // Any other act of a source ends its run.
                default ->
                    payload.body()
                            .find("source")
                            .filter(Json.Text.class::isInstance)
                            .ifPresent(source -> open.remove(((Json.Text) source).value()));
            }
        }

        private void closing(String agreement, Json.Obj item) {
            item.items("effects").stream().map(Json.Obj.class::cast).forEach(effect -> {
                switch (effect.text("kind")) {
                    case "closing" -> closings.put(agreement, Optional.of(effect.text("period")));
                    case "settlement", "close_undone" -> closings.put(agreement, Optional.empty());
                    default -> {}
                }
            });
        }

        /// @param first number with which the run begins
        private record Run(long first, int reports) {}
    }

    /// Whether this answer is a new verdict: it writes, and has a leaf.
    static boolean isVerdict(Json.Obj item) {
        return item.has("verdict") && !item.has("repeat");
    }
}
