package org.tallystick.ledger.pdf;

import java.awt.Color;
import java.util.List;
import org.openpdf.text.Element;
import org.openpdf.text.Phrase;
import org.openpdf.text.Rectangle;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;

/// A table: a head that comes again on each page, thin lines between rows, columns of figures set to the right.
final class Sheet {

    private static final Color RULE = new Color(0xd0, 0xd0, 0xd0);
    private static final Color HEAD = new Color(0xf0, 0xf0, 0xf0);
    private static final String RIGHT = ">";
    private static final float PADDING = 3;
    private static final float THIN = 0.4f;

    private final Fonts fonts;
    private final List<Boolean> right;
    private final PdfPTable table;

    /// @param columns titles; those of figures begin with `>`
    Sheet(Fonts fonts, float[] widths, String... columns) {
        this.fonts = fonts;
        this.right = List.of(columns).stream()
                .map(column -> column.startsWith(RIGHT))
                .toList();
        this.table = new PdfPTable(widths);
        table.setWidthPercentage(100);
        table.setSpacingBefore(4);
        table.setSpacingAfter(6);
        table.setSplitLate(true);
        for (int i = 0; i < columns.length; i++) {
            String title = right.get(i) ? columns[i].substring(1) : columns[i];
            PdfPCell cell = cell(fonts.bold(title, Fonts.SMALL, Fonts.INK), right.get(i));
            cell.setBackgroundColor(HEAD);
            table.addCell(cell);
        }
        table.setHeaderRows(1);
    }

    PdfPTable table() {
        return table;
    }

    void row(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            table.addCell(cell(fonts.plain(cells[i], Fonts.BODY, Fonts.INK), right.get(i)));
        }
    }

    /// A row that is set off from those above.
    void total(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            table.addCell(cell(fonts.bold(cells[i], Fonts.BODY, Fonts.INK), right.get(i)));
        }
    }

    /// A remark below a row, over all columns.
    void remark(String text) {
        PdfPCell cell = cell(fonts.plain(text, Fonts.SMALL, Fonts.GRAY), false);
        cell.setColspan(right.size());
        table.addCell(cell);
    }

    private static PdfPCell cell(Phrase text, boolean right) {
        PdfPCell cell = new PdfPCell(text);
        cell.setPadding(PADDING);
        cell.setBorder(Rectangle.BOTTOM);
        cell.setBorderWidth(THIN);
        cell.setBorderColor(RULE);
        cell.setVerticalAlignment(Element.ALIGN_TOP);
        cell.setHorizontalAlignment(right ? Element.ALIGN_RIGHT : Element.ALIGN_LEFT);
        cell.setNoWrap(right);
        return cell;
    }
}
