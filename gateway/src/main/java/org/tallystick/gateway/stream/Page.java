package org.tallystick.gateway.stream;

import java.util.List;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;

/// All that the ledger brought after `from`, up to `to`.
record Page(Position from, Position to, List<Line> lines) {

    Page {
        lines = List.copyOf(lines);
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /// What of it a reader wants that is at `position`.
    List<Line> wanted(Position position, NewsFilter filter) {
        return lines.stream()
                .filter(line -> line.at().isAfter(position) && filter.wants(line.news()))
                .toList();
    }
}
