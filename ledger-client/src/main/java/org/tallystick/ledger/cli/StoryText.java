package org.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementStory;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Difference;
import org.tallystick.ledger.client.MotionView;
import org.tallystick.ledger.client.RuleWords;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.client.StateReader;
import org.tallystick.ledger.client.StoryEntry;
import org.tallystick.ledger.client.StoryJson;

/// An agreement on a terminal: where it stands, its versions, and its story.
final class StoryText {

    /// Of the versions before, those that are compared with the one before them.
    private static final int MOST_COMPARED = 10;

    private final AgreementStory story;
    private final AgreementView view;
    private final Agreements agreements;
    private final PrintWriter out;

    StoryText(AgreementStory story, StateReader state, PrintWriter out) {
        this.story = story;
        this.view = story.view();
        this.agreements = new Agreements(state);
        this.out = out;
    }

    void print() throws LedgerException {
        heading();
        view.inEffect().ifPresent(this::standing);
        open();
        versions();
        entries();
    }

    private void heading() {
        Document document = view.shown().orElseThrow().document();
        out.println("agreement " + view.id() + ": " + view.state(story.now()) + ", "
                + document.terms().title());
        out.println("version   " + view.shown().orElseThrow().hash()
                + view.inEffect().map(newest -> ", number " + newest.number()).orElse(", on offer"));
        out.println("period    " + view.head().unsettled().text() + " is the first not settled"
                + view.head()
                        .closing()
                        .map(period -> "; " + period.text() + " is being closed")
                        .orElse(""));
        document.parties().forEach((name, party) -> out.println(side(name, party)));
        out.println("decides   " + RuleWords.of(document.governance().rule())
                + document.governance().overrides().entrySet().stream()
                        .map(rule -> "; " + rule.getKey().text() + ": " + RuleWords.of(rule.getValue()))
                        .collect(Collectors.joining()));
        document.governance()
                .successors()
                .forEach((party, successor) -> out.println("successor " + successor.party() + " may take the place of "
                        + party + ", unless " + party + " objects within " + successor.days() + " days"));
        document.arbiter().ifPresent(arbiter -> out.println("arbiter   " + arbiter));
        for (Document.Engagement auditor : document.auditors()) {
            out.println("auditor   " + auditor.party() + " may read " + (auditor.events() ? "events" : "statements")
                    + " of " + auditor.first().text() + " to "
                    + auditor.last().map(Period::text).orElse("the end") + ", from " + auditor.from() + " to "
                    + auditor.until().minusDays(1)
                    + (auditor.until().isAfter(story.now().day()) ? "" : ", which is over"));
        }
    }

    private String side(String name, PartyId party) {
        boolean missing = view.head().stage() == AgreementHead.Stage.OFFERED
                && view.offer()
                        .filter(offer -> offer.record().accepted().containsKey(party.text()))
                        .isEmpty();
        return "party     " + name + " is " + party + (missing ? ", who has not accepted" : "");
    }

    /// How long it lasts, as far as is known.
    private void standing(Document document) {
        LocalDate day = story.now().day();
        Life life = view.life(day).orElseThrow();
        String first = "term      from " + document.term().from();
        out.println(first
                + life.lastDay()
                        .map(last -> (life.isInRunOff() ? ", ended with " : ", last day ")
                                + last
                                + view.head()
                                        .ends()
                                        .map(_ -> ", as was decided or given notice of")
                                        .orElse(""))
                        .orElse(", without an end"));
        view.head().paused().filter(_ -> life.isPaused()).ifPresent(since -> out.println("paused    since " + since));
        document.term().renewal().filter(_ -> view.head().ends().isEmpty()).ifPresent(renewal -> {
            String by = StoryJson.noRenewalBy(view, document, day)
                    .map(last -> "; notice of no renewal by " + last)
                    .orElse("; too late to stop the next renewal, or none is left");
            out.println("renewal   by " + Words.counted(renewal.months(), "month") + by);
        });
        document.term()
                .leaveDays()
                .filter(_ -> !life.isInRunOff())
                .ifPresent(days -> out.println("leaving   any side may leave with " + days + " days' notice"));
    }

    private void open() throws LedgerException {
        if (view.offer().isPresent() && view.head().stage() == AgreementHead.Stage.OFFERED) {
            offered(view.offer().get());
        }
        List<MotionView> motions = story.open();
        if (!motions.isEmpty()) {
            out.println();
            out.println("open motions");
        }
        for (MotionView motion : motions) {
            new MotionText(motion).print("  ", out);
            if (motion.version().isPresent()) {
                out.println("    what it changes:");
                Difference difference = Difference.of(
                        view.newest().orElseThrow(), motion.version().get());
                DifferenceText.print(difference, "      ", out);
            }
        }
        for (AgreementStory.Notice notice : story.uncured()) {
            out.println();
            out.println("breach    by " + notice.record().against().orElse("") + ", says "
                    + notice.record().by()
                    + " (notice " + HashName.shown(notice.hash()) + "); to be cured by "
                    + cured(notice).text());
        }
    }

    private void offered(AgreementView.OfferView offer) throws LedgerException {
        out.println("offered   by " + offer.record().by() + ", to be accepted before "
                + offer.record().expires().text());
        if (offer.record().to().isPresent()) {
            Hash answered = offer.record().to().get();
            out.println();
            out.println("what it changes of version " + HashName.shown(answered) + ", which it answers:");
            DifferenceText.print(Difference.of(agreements.version(view.id(), answered), offer.version()), "  ", out);
        }
    }

    private LedgerTime cured(AgreementStory.Notice notice) {
        int days = view.inEffect().map(document -> document.term().cureDays()).orElse(0);
        return notice.record().at().plus(Duration.ofDays(days));
    }

    private void versions() throws LedgerException {
        List<Agreements.Adopted> versions = story.versions();
        if (versions.isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table(">NO", "VERSION", "ADOPTED", "STARTS", "CHANGES");
        Optional<AgreementView.VersionView> before = Optional.empty();
        for (int i = 0; i < versions.size(); i++) {
            Agreements.Adopted adopted = versions.get(i);
            String changes = "";
            // The one before the first that is compared is read, too.
            if (i >= versions.size() - MOST_COMPARED - 1) {
                AgreementView.VersionView version =
                        agreements.version(view.id(), adopted.version().hash());
                changes = before.map(old -> DifferenceText.brief(Difference.of(old, version))
                                + succession(old.document(), version.document()))
                        .orElse("");
                before = Optional.of(version);
            }
            table.add(
                    Long.toString(adopted.number()),
                    HashName.shown(adopted.version().hash()),
                    adopted.version().at().day().toString(),
                    adopted.version().starts().text(),
                    changes);
        }
        table.print(out);
    }

    /// Whose place somebody took.
    private static String succession(Document before, Document after) {
        List<String> succeeded = new ArrayList<>();
        before.parties().forEach((name, party) -> {
            PartyId now = after.parties().get(name);
            if (now != null && !now.equals(party)) {
                succeeded.add("; " + name + " is " + now + " in place of " + party);
            }
        });
        return String.join("", succeeded);
    }

    private void entries() {
        if (story.entries().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("TIME", "POSITION", "SIGNED BY", "WHAT");
        for (StoryEntry entry : story.entries()) {
            table.add(entry.time().text(), entry.at().toString(), signers(entry), what(entry) + outcome(entry));
        }
        table.print(out);
    }

    private static String signers(StoryEntry entry) {
        return entry.instruction()
                .map(signed -> signed.signers().stream()
                        .map(Kid::owner)
                        .map(owner -> owner.text())
                        .distinct()
                        .collect(Collectors.joining(" and ")))
                .orElse("nobody");
    }

    private String what(StoryEntry entry) {
        if (entry.instruction().isEmpty()) {
            return "the last step of a close";
        }
        StoryEntry.Instruction signed = entry.instruction().get();
        Json.Obj body = signed.body();
        String version = "version " + HashName.shown(signed.version());
        return switch (entry.act()) {
            case "offer" -> "offers " + version + ", until " + body.text("expires");
            case "counter" ->
                "offers " + version + " instead of " + HashName.shown(new Hash(body.text("to"))) + ", until "
                        + body.text("expires");
            case "accept" -> "accepts " + version;
            case "decline" -> "declines " + version + reason(body);
            case "withdraw" ->
                signed.named("motion")
                        .map(motion -> "withdraws motion " + HashName.shown(motion))
                        .orElse(
                                entry.has("state")
                                        ? "withdraws " + version
                                        : "takes its acceptance of " + version + " back");
            case "amend" -> "moves " + version + " (" + body.text("class") + ")" + motion(entry);
            case "motion" -> "moves to " + MotionText.decision(body.object("decision")) + motion(entry);
            case "vote" -> vote(entry, body);
            case "execute" -> "executes motion " + HashName.shown(new Hash(body.text("motion")));
            case "notice" -> notice(entry, body);
            case "close" -> "closes " + body.text("period");
            case "adjust" -> adjust(body);
            default -> entry.act();
        };
    }

    private static String reason(Json.Obj body) {
        return body.findText("reason").map(text -> ": " + text).orElse("");
    }

    private static String motion(StoryEntry entry) {
        return entry.effect("motion")
                .map(effect -> ", motion " + HashName.shown(new Hash(effect.text("motion"))))
                .orElse("");
    }

    private static String vote(StoryEntry entry, Json.Obj body) {
        String motion = HashName.shown(new Hash(body.text("motion")));
        String seats = entry.effect("vote")
                .map(effect -> effect.items("seats").stream()
                        .map(seat -> ((Json.Text) seat).value())
                        .collect(Collectors.joining(", ", " for ", "")))
                .orElse("");
        return body.text("choice").equals("none")
                ? "takes its vote on motion " + motion + " back"
                : "votes " + body.text("choice") + " on motion " + motion + seats;
    }

    private static String notice(StoryEntry entry, Json.Obj body) {
        String named = entry.effect("notice")
                .map(effect -> HashName.shown(new Hash(effect.text("notice"))))
                .orElse("");
        String says = switch (body.text("kind")) {
            case "leave" -> "gives notice to leave";
            case "no-renewal" -> "gives notice that it is not renewed";
            case "breach" -> "gives notice " + named + " of a breach by " + body.text("against");
            default -> "says that the breach of notice " + named + " is cured";
        };
        return says + reason(body);
    }

    private String adjust(Json.Obj body) {
        String currency = view.shown().orElseThrow().document().terms().currency();
        BigInteger amount = Amounts.decode(body.get("amount"));
        return "agree that " + body.text("payer") + " pays " + body.text("payee") + " "
                + MoneyText.of(amount, currency) + " " + currency + " for " + body.text("period") + " ("
                + body.text("reason") + "): " + body.text("text");
    }

    /// What came of it beyond what was asked for.
    private static String outcome(StoryEntry entry) {
        List<String> outcome = new ArrayList<>();
        for (Json.Obj effect : entry.effects()) {
            switch (effect.text("kind")) {
                case "decided" -> outcome.add(decided(effect));
                case "version" ->
                    outcome.add(
                            "adopted as number " + effect.whole("number") + ", starts with " + effect.text("starts"));
                case "state" ->
                    outcome.add("the agreement is " + effect.text("state")
                            + effect.findText("last")
                                    .map(day -> ", last day " + day)
                                    .orElse(""));
                case "settlement" ->
                    outcome.add(
                            effect.text("period") + " is settled: " + HashName.shown(new Hash(effect.text("hash"))));
                case "closing" -> outcome.add("in several steps");
                case "made", "adjusted" -> outcome.add(Sentences.ofEffect(effect));
                default -> {
                    // Said already.
                }
            }
        }
        return outcome.isEmpty() ? "" : "; " + String.join("; ", outcome);
    }

    private static String decided(Json.Obj effect) {
        return effect.bool("carried")
                ? "carried"
                : effect.findText("code")
                        .map(code -> "carried, and not possible: " + Sentences.of(code, effect.object("values")))
                        .orElse("not carried");
    }
}
