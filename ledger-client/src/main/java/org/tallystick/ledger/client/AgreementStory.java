package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.state.NoticeRecord;
import org.tallystick.ledger.LedgerException;

/// What became of an agreement so far, in order, and what is open.
///
/// @param entries in the order of the ledger
/// @param motions in the order in which they were moved
/// @param notices in the order in which they were given
/// @param now ledger time at which it is looked at
public record AgreementStory(
        AgreementView view,
        List<StoryEntry> entries,
        List<Agreements.Adopted> versions,
        List<MotionView> motions,
        List<Notice> notices,
        LedgerTime now) {

    public AgreementStory {
        entries = List.copyOf(entries);
        versions = List.copyOf(versions);
        motions = List.copyOf(motions);
        notices = List.copyOf(notices);
    }

    /// @param hash of the instruction that gave it
    public record Notice(Hash hash, NoticeRecord record) {

        Json.Obj encode() {
            return Json.object()
                    .withText("against", record.against())
                    .with("at", record.at().text())
                    .with("by", record.by())
                    .withText("ended", record.ended().map(LedgerTime::text))
                    .with("kind", record.kind())
                    .with("notice", hash.hex())
                    .build();
        }
    }

    public static AgreementStory read(Courier courier, AgreementView view, LedgerTime now) throws LedgerException {
        return of(courier, courier.story(view.id()), view, now);
    }

    /// The same, but of what was decided already no motion.
    public static AgreementStory readOpen(Courier courier, AgreementView view, LedgerTime now) throws LedgerException {
        List<StoryEntry> entries = courier.story(view.id());
        List<Hash> decided = named(entries, "decided", "motion");
        return of(
                courier,
                entries.stream()
                        .filter(entry -> entry.effect("motion")
                                .filter(moved -> decided.contains(new Hash(moved.text("motion"))))
                                .isEmpty())
                        .toList(),
                view,
                now);
    }

    /// @param entries all of them
    public static AgreementStory of(StateReader state, List<StoryEntry> entries, AgreementView view, LedgerTime now)
            throws LedgerException {
        Agreements agreements = new Agreements(state);
        List<MotionView> motions = new ArrayList<>();
        for (Hash motion : named(entries, "motion", "motion")) {
            agreements.motion(view, motion, now).ifPresent(motions::add);
        }
        List<Notice> notices = new ArrayList<>();
        for (Hash notice : named(entries, "notice", "notice")) {
            agreements.notice(view.id(), notice).ifPresent(found -> notices.add(new Notice(notice, found)));
        }
        return new AgreementStory(view, entries, agreements.adopted(view), motions, notices, now);
    }

    /// What effects of a kind name in a member, each once, in order.
    private static List<Hash> named(List<StoryEntry> entries, String kind, String member) {
        return entries.stream()
                .flatMap(entry -> entry.effect(kind).stream())
                .map(effect -> new Hash(effect.text(member)))
                .distinct()
                .toList();
    }

    public List<MotionView> open() {
        return motions.stream().filter(MotionView::isOpen).toList();
    }

    /// The breaches of which notice was given and that are not cured.
    public List<Notice> uncured() {
        return notices.stream()
                .filter(notice -> notice.record().kind().equals("breach")
                        && notice.record().ended().isEmpty())
                .toList();
    }

    /// Where an adopted agreement is in its life.
    public Optional<Life> life() {
        return view.life(now.day());
    }

    /// The motion of an entry: that it moves, or acts on.
    public Optional<MotionView> motion(StoryEntry entry) {
        Optional<Hash> named = entry.effect("motion")
                .map(effect -> new Hash(effect.text("motion")))
                .or(() -> entry.instruction().flatMap(signed -> signed.named("motion")))
                .or(() -> entry.effect("vote").map(effect -> new Hash(effect.text("motion"))))
                .or(() -> entry.effect("decided").map(effect -> new Hash(effect.text("motion"))));
        return named.flatMap(hash ->
                motions.stream().filter(motion -> motion.hash().equals(hash)).findFirst());
    }

    /// All versions that were ever offered or moved, in the order in which they came.
    public List<Hash> offered() {
        return entries.stream()
                .filter(entry -> entry.act().equals("offer")
                        || entry.act().equals("counter")
                        || entry.act().equals("amend"))
                .flatMap(entry -> entry.instruction().stream())
                .map(StoryEntry.Instruction::version)
                .distinct()
                .toList();
    }
}
