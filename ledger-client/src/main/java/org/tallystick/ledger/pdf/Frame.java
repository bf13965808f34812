package org.tallystick.ledger.pdf;

import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Phrase;
import org.openpdf.text.Rectangle;
import org.openpdf.text.pdf.ColumnText;
import org.openpdf.text.pdf.PdfContentByte;
import org.openpdf.text.pdf.PdfPageEventHelper;
import org.openpdf.text.pdf.PdfTemplate;
import org.openpdf.text.pdf.PdfWriter;

/// What every page says of itself: whose statement it is and for when, whether it is provisional, and which page of how
/// many.
final class Frame extends PdfPageEventHelper {

    private static final float MARK = 11;
    private static final float NUMBER_WIDTH = 40;
    private static final float NUMBER_HEIGHT = 12;
    private static final float BELOW = 22;
    private static final float ABOVE = 16;

    private final Fonts fonts;
    private final String head;
    private final String mark;
    private final String foot;
    private final PdfTemplate pages;

    /// @param mark what a reader must not overlook; nothing if there is nothing
    Frame(Fonts fonts, PdfWriter writer, String head, String mark, String foot) {
        this.fonts = fonts;
        this.head = head;
        this.mark = mark;
        this.foot = foot;
        this.pages = writer.getDirectContent().createTemplate(NUMBER_WIDTH, NUMBER_HEIGHT);
    }

    @Override
    public void onEndPage(PdfWriter writer, Document document) {
        PdfContentByte canvas = writer.getDirectContent();
        Rectangle page = document.getPageSize();
        float top = page.getTop() - document.topMargin() + ABOVE;
        float bottom = page.getBottom() + BELOW;
        text(canvas, Element.ALIGN_LEFT, fonts.plain(head, Fonts.SMALL, Fonts.GRAY), document.left(), top);
        if (!mark.isEmpty()) {
            text(canvas, Element.ALIGN_RIGHT, fonts.bold(mark, MARK, Fonts.ALERT), document.right(), top);
        }
        text(canvas, Element.ALIGN_LEFT, fonts.plain(foot, Fonts.SMALL, Fonts.GRAY), document.left(), bottom);
        Phrase number = fonts.plain("page " + writer.getPageNumber() + " of", Fonts.SMALL, Fonts.GRAY);
        float right = document.right() - NUMBER_WIDTH / 2;
        text(canvas, Element.ALIGN_RIGHT, number, right, bottom);
        canvas.addTemplate(pages, right, bottom);
    }

    @Override
    public void onCloseDocument(PdfWriter writer, Document document) {
        // The page that would come next has its number already. The space stands here: at the end of a text aligned to
        // the right it is left out, and who copies the line has none.
        String all = " " + (writer.getPageNumber() - 1);
        text(pages, Element.ALIGN_LEFT, fonts.plain(all, Fonts.SMALL, Fonts.GRAY), 0, 0);
    }

    private static void text(PdfContentByte on, int alignment, Phrase text, float x, float y) {
        ColumnText.showTextAligned(on, alignment, text, x, y, 0);
    }
}
