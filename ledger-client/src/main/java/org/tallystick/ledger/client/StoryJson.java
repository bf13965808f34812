package org.tallystick.ledger.client;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Life;

/// What became of an agreement, for programs: the command line and a gateway answer the same.
public final class StoryJson {

    private StoryJson() {}

    /// Where it stands: `agreement`, `head`, `offer`, `state`, and of an adopted one `lastDay` and `noRenewalBy`.
    public static Json.Builder standing(AgreementView view, LedgerTime now) {
        return Json.object()
                .with("agreement", view.id().text())
                .with("head", view.head().encode())
                .withText("lastDay", view.life(now.day()).flatMap(Life::lastDay).map(LocalDate::toString))
                .withText(
                        "noRenewalBy",
                        view.inEffect()
                                .flatMap(document -> noRenewalBy(view, document, now.day()))
                                .map(LocalDate::toString))
                .with("offer", view.offer().map(offer -> offer.record().encode()))
                .with("state", view.state(now));
    }

    /// The last day on which a notice can stop the next renewal; nothing if none comes, or it is too late for it.
    public static Optional<LocalDate> noRenewalBy(AgreementView view, Document document, LocalDate day) {
        if (view.head().ends().isPresent() || document.term().renewal().isEmpty()) {
            return Optional.empty();
        }
        Document.Renewal renewal = document.term().renewal().get();
        LocalDate until = document.term().until().orElseThrow();
        LocalDate end = renewal.end(until, day);
        return renewal.next(until, end)
                .map(_ -> end.minusDays(renewal.noticeDays()))
                .filter(last -> !last.isBefore(day));
    }

    public static Json versions(List<Agreements.Adopted> versions) {
        return Json.array(versions.stream()
                .map(adopted -> Json.object()
                        .with("at", adopted.version().at().text())
                        .with("number", adopted.number())
                        .with("starts", adopted.version().starts().text())
                        .with("version", adopted.version().hash().hex())
                        .build())
                .toList());
    }

    public static Json motions(AgreementStory story) {
        return Json.array(story.motions().stream().map(MotionView::encode).toList());
    }

    public static Json notices(AgreementStory story) {
        return Json.array(
                story.notices().stream().map(AgreementStory.Notice::encode).toList());
    }

    public static Json entries(List<StoryEntry> entries) {
        return Json.array(entries.stream().map(StoryEntry::encode).toList());
    }
}
