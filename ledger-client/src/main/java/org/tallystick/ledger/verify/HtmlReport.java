package org.tallystick.ledger.verify;

import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.verify.Finding.Result;

/// The report as a page of its own, for working papers: no script, nothing from elsewhere, and it prints well.
final class HtmlReport {

    private static final String STYLE = """
            body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff;
                   max-width: 52rem; margin: 2rem auto; padding: 0 1.5rem; }
            h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
            dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
            table { border-collapse: collapse; width: 100%; font-size: .92rem; }
            td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid #ddd; }
            td.result { width: 6.5rem; } td.check { width: 14.5rem; }
            td.check { font-family: ui-monospace, Consolas, monospace; font-size: .82rem; white-space: nowrap; }
            td.result { white-space: nowrap; font-weight: bold; }
            .pass { color: #14532d; } .fail { color: #9f1239; } .not { color: #854d0e; }
            .verdict { border: 2px solid currentColor; padding: .5rem .9rem; font-weight: bold; display: inline-block; }
            .values { font-family: ui-monospace, Consolas, monospace; font-size: .8rem; color: #444;
                      overflow-wrap: anywhere; }
            .sign { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 2rem; margin-top: 3rem; }
            .sign div { border-top: 1px solid #555; padding-top: .3rem; color: #555; font-size: .85rem; }
            @media print { body { margin: 0; max-width: none; padding: 0; font-size: 9.5pt; }
                           h2 { break-after: avoid; } tr { break-inside: avoid; } @page { margin: 18mm; } }
            """;

    private HtmlReport() {}

    /// @param name of the file that was checked
    /// @param hash of its bytes, in hexadecimal: what the working papers are about
    static String of(Report report, String name, String hash) {
        StringBuilder page = new StringBuilder(
                        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
                .append(escaped(name))
                .append(": ")
                .append(escaped(report.outcome().text()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Verification of an audit pack</h1>\n");
        String kind = switch (report.outcome()) {
            case HOLDS -> "pass";
            case DOES_NOT_HOLD -> "fail";
            case COULD_NOT_CHECK -> "not";
        };
        page.append("<p class=\"verdict ")
                .append(kind)
                .append("\">")
                .append(escaped(report.outcome().text()))
                .append("</p>\n<dl>\n");
        for (String line : report.head(name)) {
            int colon = line.indexOf(": ");
            row(page, line.substring(0, colon), line.substring(colon + 2));
        }
        row(page, "SHA-256 of the file", hash);
        page.append("</dl>\n");
        groups(page, report);
        page.append("<h2>What remains to be trusted</h2>\n<p>")
                .append(escaped(report.remaining()))
                .append(".</p>\n<div class=\"sign\"><div>checked by</div><div>date</div><div>reference</div></div>\n")
                .append("</body>\n</html>\n");
        return page.toString();
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<dt>")
                .append(escaped(name))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>\n");
    }

    private static void groups(StringBuilder page, Report report) {
        String group = "";
        for (Finding finding : report.findings()) {
            if (!finding.check().group().equals(group)) {
                page.append(group.isEmpty() ? "" : "</table>\n");
                group = finding.check().group();
                page.append("<h2>").append(escaped(finding.check().title())).append("</h2>\n<table>\n");
            }
            finding(page, finding);
        }
        page.append(group.isEmpty() ? "" : "</table>\n");
    }

    private static void finding(StringBuilder page, Finding finding) {
        String kind = switch (finding.result()) {
            case PASS -> "pass";
            case FAIL -> "fail";
            case NOT_CHECKED -> "not";
        };
        boolean asked = finding.check().isAttention() && finding.result() == Result.PASS;
        page.append("<tr><td class=\"result ")
                .append(asked ? "" : kind)
                .append("\">")
                .append(asked ? "" : finding.result().text())
                .append("</td><td class=\"check\">")
                .append(escaped(finding.check().text()))
                .append("</td><td>");
        finding.place()
                .ifPresent(place -> page.append(escaped(place.toString())).append(": "));
        page.append(escaped(finding.text()));
        finding.stated().ifPresent(value -> value(page, "stated", value));
        finding.computed().ifPresent(value -> value(page, "computed", value));
        page.append("</td></tr>\n");
    }

    private static void value(StringBuilder page, String name, Json value) {
        page.append("<div class=\"values\">")
                .append(name)
                .append(' ')
                .append(escaped(Report.shortened(value)))
                .append("</div>");
    }

    /// A pack's texts are anybody's.
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
