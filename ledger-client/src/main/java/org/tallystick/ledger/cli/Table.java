package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows in columns that are as wide as they need; columns whose name begins with `>` are set to the right.
public final class Table {

    private static final String GAP = "  ";
    private static final String RIGHT = ">";

    private final List<Boolean> right;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... columns) {
        this.right = List.of(columns).stream()
                .map(column -> column.startsWith(RIGHT))
                .toList();
        rows.add(List.of(columns).stream()
                .map(column -> column.startsWith(RIGHT) ? column.substring(1) : column)
                .toList());
    }

    public void add(String... cells) {
        if (cells.length != right.size()) {
            throw new IllegalArgumentException(cells.length + " cells in " + right.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    public void print(PrintWriter out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String space = " ".repeat(width(i) - row.get(i).length());
                line.append(i == 0 ? "" : GAP);
                line.append(right.get(i) ? space + row.get(i) : row.get(i) + space);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
