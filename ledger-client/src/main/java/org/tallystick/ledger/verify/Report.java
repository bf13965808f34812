package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.pack.Cover;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;

/// All that the verifier found, and what it comes to.
///
/// @param cover what the pack says it is, if that could be read
/// @param findings by check, then place
public record Report(Form form, Optional<Cover> cover, Optional<TrustFile> trust, List<Finding> findings) {

    /// What was looked at.
    public enum Form {
        /// The bytes begin neither as a pack nor as a proof does.
        NOTHING("none"),
        FIRST("first"),
        FINAL("final"),
        POSTING("posting");

        private final String text;

        Form(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

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
        if (form == Form.NOTHING) {
            return Outcome.COULD_NOT_CHECK;
        }
        if (findings.stream().anyMatch(finding -> finding.result() == Result.FAIL)) {
            return Outcome.DOES_NOT_HOLD;
        }
        boolean missing = findings.stream()
                .anyMatch(finding -> finding.result() == Result.NOT_CHECKED && isRequired(finding.check()));
        return missing ? Outcome.COULD_NOT_CHECK : Outcome.HOLDS;
    }

    /// Who trusts a policy asks for a log, whatever form the pack has. That the log goes on from an older one must be
    /// shown where either says that there was one.
    private boolean isRequired(Check check) {
        boolean log = form == Form.FIRST && trust.flatMap(TrustFile::policy).isPresent();
        boolean older = cover.flatMap(Cover::older)
                .or(() -> trust.flatMap(TrustFile::older))
                .isPresent();
        return check.isRequired(log ? Form.FINAL : form)
                || (check == Check.COMPLETENESS_CONSISTENT && form == Form.FINAL && older);
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
        List<String> lines = new ArrayList<>(head(name));
        String group = "";
        for (Finding finding : findings) {
            if (!finding.check().group().equals(group)) {
                group = finding.check().group();
                lines.add("");
                lines.add(finding.check().title());
            }
            add(finding, lines);
        }
        lines.add("");
        lines.add("what remains to be trusted: " + remaining());
        return List.copyOf(lines);
    }

    /// What was checked, against what, and what came of it: each a name, a colon and the rest.
    List<String> head(String name) {
        List<String> lines = new ArrayList<>();
        String trial = isTrial() ? " (a trial)" : "";
        lines.add("pack: " + name + trial
                + switch (form) {
                    case NOTHING -> "; this is not a pack";
                    case FIRST -> "; " + NOT_SHOWN;
                    case FINAL -> "; final form";
                    case POSTING -> "; the proof of one posting";
                });
        cover.ifPresent(sheet -> {
            lines.add("agreement: " + sheet.agreement() + ", "
                    + sheet.period().map(period -> "up to " + period).orElse("whole history") + ", to block "
                    + sheet.height());
            lines.add("ledger: " + sheet.ledger());
            lines.add("form: " + form.text());
            lines.add("trial: " + (sheet.trial() ? "yes" : "no"));
        });
        lines.add("trust root: "
                + (trust.isPresent()
                        ? need() + " of " + members().size() + " members: " + String.join(", ", members())
                        : "NOT CHECKED"));
        trust.flatMap(TrustFile::note).ifPresent(note -> lines.add("note: " + note.replace('\n', ' ')));
        lines.add("result: " + outcome().text() + trial);
        return lines;
    }

    private static void add(Finding finding, List<String> lines) {
        String place = finding.place().map(where -> where + ": ").orElse("");
        lines.add(finding.result().text() + " " + finding.check().text() + " " + place + finding.text());
        finding.stated().ifPresent(value -> lines.add("    stated   " + shortened(value)));
        finding.computed().ifPresent(value -> lines.add("    computed " + shortened(value)));
    }

    static String shortened(Json value) {
        String text = value instanceof Json.Inexact(var spelling)
                ? spelling
                : value.canonical().utf8().orElse("");
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    /// What no pack can show.
    String remaining() {
        return switch (form) {
            case FINAL ->
                "that "
                        + trust.flatMap(TrustFile::heads)
                                .map(heads -> heads.need() + " of the "
                                        + heads.keys().stream()
                                                .map(VerifierKey::name)
                                                .distinct()
                                                .count()
                                        + " members that state where the chains end")
                                .orElse("enough members")
                        + " are honest, and those whose witnesses cosigned the log; that what the parties reported happened,"
                        + " nobody shows";
            case POSTING ->
                "that the members who cosigned the log are honest, and that the settlement is right: the proof shows only that the"
                        + " posting is in it";
            case NOTHING, FIRST ->
                "that the endorsing members were honest about validity, and that the giver of the pack left nothing out";
        };
    }

    /// The same for a program.
    public Json.Obj json() {
        return Json.object()
                .with(
                        "checks",
                        Json.array(findings.stream().map(Finding::encode).toList()))
                .with("exit", outcome().exit())
                .with("form", form.text())
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
