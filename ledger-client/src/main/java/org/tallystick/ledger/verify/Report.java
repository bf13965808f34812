package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.pack.Cover;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;

/// All that the verifier found, and what it comes to.
///
/// @param isPack whether the bytes begin as a pack does
/// @param cover what the pack says it is, if that could be read
/// @param findings by check, then place
public record Report(boolean isPack, Optional<Cover> cover, Optional<TrustFile> trust, List<Finding> findings) {

    static final String NOT_SHOWN =
            "first form: that no transaction was left out, and that each was valid, is NOT CHECKED";

    public Report {
        findings = List.copyOf(findings);
    }

    /// What it comes to, with the exit code of a program that says so.
    public enum Outcome {
        HOLDS("holds", 0),
        DOES_NOT_HOLD("does not hold", 1),
        COULD_NOT_CHECK("could not check", 2);

        private final String text;
        private final int exit;

        Outcome(String text, int exit) {
            this.text = text;
            this.exit = exit;
        }

        public String text() {
            return text;
        }

        public int exit() {
            return exit;
        }
    }

    public Outcome outcome() {
        if (!isPack) {
            return Outcome.COULD_NOT_CHECK;
        }
        if (findings.stream().anyMatch(finding -> finding.result() == Result.FAIL)) {
            return Outcome.DOES_NOT_HOLD;
        }
        boolean missing = findings.stream()
                .anyMatch(finding -> finding.result() == Result.NOT_CHECKED
                        && finding.check().isRequired(isFinal()));
        return missing ? Outcome.COULD_NOT_CHECK : Outcome.HOLDS;
    }

    private boolean isFinal() {
        return cover.map(Cover::finalForm).orElse(false);
    }

    private boolean isTrial() {
        return cover.map(Cover::trial).orElse(false);
    }

    /// The members that are trusted, at the pack's last block.
    private List<String> members() {
        return trust.map(file -> file.membersAt(cover.map(Cover::height).orElse(0L)))
                .orElse(List.of());
    }

    private long need() {
        return trust.map(file -> file.needAt(cover.map(Cover::height).orElse(0L)))
                .orElse(0L);
    }

    /// The lines a person reads.
    ///
    /// @param name of the pack
    public List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        String trial = isTrial() ? " (a trial)" : "";
        lines.add("pack: " + name + trial
                + (isPack ? isFinal() ? "; final form" : "; " + NOT_SHOWN : "; this is not a pack"));
        cover.ifPresent(sheet -> {
            lines.add("agreement: " + sheet.agreement() + ", "
                    + sheet.period().map(period -> "up to " + period).orElse("whole history") + ", to block "
                    + sheet.height());
            lines.add("ledger: " + sheet.ledger());
            lines.add("form: " + (sheet.finalForm() ? "final" : "first"));
            lines.add("trial: " + (sheet.trial() ? "yes" : "no"));
        });
        lines.add("trust root: "
                + (trust.isPresent()
                        ? need() + " of " + members().size() + " members: " + String.join(", ", members())
                        : "NOT CHECKED"));
        trust.flatMap(TrustFile::note).ifPresent(note -> lines.add("note: " + note.replace('\n', ' ')));
        lines.add("result: " + outcome().text() + trial);
        findings.forEach(finding -> add(finding, lines));
        lines.add("what remains to be trusted: " + remaining());
        return List.copyOf(lines);
    }

    private static void add(Finding finding, List<String> lines) {
        String place = finding.place().map(where -> where + ": ").orElse("");
        lines.add(finding.result().text() + " " + finding.check().text() + " " + place + finding.text());
        finding.stated().ifPresent(value -> lines.add("    stated   " + shortened(value)));
        finding.computed().ifPresent(value -> lines.add("    computed " + shortened(value)));
    }

    private static String shortened(Json value) {
        String text = value instanceof Json.Inexact(var spelling)
                ? spelling
                : value.canonical().utf8().orElse("");
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    private String remaining() {
        return isFinal()
                ? "that enough of the members named saw this tree and these ends of the chains"
                : "that the endorsing members were honest about validity, and that the giver of the pack left nothing out";
    }

    /// The same for a program.
    public Json.Obj json() {
        return Json.object()
                .with(
                        "checks",
                        Json.array(findings.stream().map(Finding::encode).toList()))
                .with("exit", outcome().exit())
                .with("form", isFinal() ? "final" : "first")
                .with("result", outcome().text())
                .with("trial", isTrial())
                .with(
                        "trust",
                        Json.object()
                                .with("members", Json.texts(members()))
                                .with("need", need())
                                .build())
                .with("verify", "1")
                .build();
    }
}
