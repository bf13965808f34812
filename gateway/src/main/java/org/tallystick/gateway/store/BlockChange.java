package org.tallystick.gateway.store;

import java.util.List;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.StoryEntry;

/// What one block adds to what the gateway knows. It is stored whole, together with the block's number.
///
/// @param settled ids of the transactions whose outcome is known with this block
public record BlockChange(
        long block,
        List<Verdict> verdicts,
        List<Run> runs,
        List<Told> story,
        List<String> settled,
        List<ListChange> lists,
        LogChange log) {

    public BlockChange {
        verdicts = List.copyOf(verdicts);
        runs = List.copyOf(runs);
        story = List.copyOf(story);
        settled = List.copyOf(settled);
        lists = List.copyOf(lists);
    }

    public BlockChange with(LogChange leaves) {
        return new BlockChange(block, verdicts, runs, story, settled, lists, leaves);
    }

    public record Verdict(Hash instruction, String home, String party, String id, Json.Obj answer, Position position) {}

    /// A line in the story of an agreement.
    public record Told(String agreement, StoryEntry entry) {}

    /// A report that does not begin its run.
    public record Run(String agreement, String source, long reportFirst, long runFirst) {}
}
