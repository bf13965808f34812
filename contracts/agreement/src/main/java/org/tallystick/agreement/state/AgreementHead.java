package org.tallystick.agreement.state;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// The head of an agreement: the key from which its other keys are found.
///
/// Whatever only one party does again and again does not write it: else that party could hold up the acts of all
/// others.
///
/// @param at ledger time of the last act that wrote it
/// @param versions those adopted last, oldest first; older ones lie in pages of their own
/// @param number how many were adopted
/// @param offer the open offer; before anything was adopted, the last one
/// @param unsettled the first period not settled
/// @param closing that period, while its close is under way
/// @param settled the last period settled
/// @param ends the last day, once it was decided that the agreement ends
/// @param paused the day on which it was paused, while it is
/// @param made how many events decisions made
public record AgreementHead(
        LedgerTime at,
        Stage stage,
        Optional<Hash> offer,
        List<Version> versions,
        long number,
        Period unsettled,
        Optional<Period> closing,
        Optional<Period> settled,
        Optional<LocalDate> ends,
        Optional<LocalDate> paused,
        long made) {
    public static final Codec<AgreementHead> CODEC = new Codec<>(AgreementHead::decode, AgreementHead::encode);

    /// So many versions stand in the head, and in each page of older ones.
    public static final int MAX_VERSIONS = 50;

    public AgreementHead {
        versions = List.copyOf(versions);
    }

    /// What is stored; that it is in run-off, or that an offer lapsed by its date, follows from the clock.
    public enum Stage {
        OFFERED,
        ACTIVE,
        PAUSED,
        CLOSED,
        LAPSED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Stage ofText(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /// An adopted version.
    ///
    /// @param at when it was adopted
    public record Version(Hash hash, LedgerTime at, Period starts) {

        public static Version decode(Json.Obj json) {
            return new Version(
                    new Hash(json.text("hash")), LedgerTime.of(json.text("at")), Periods.stored(json.text("starts")));
        }

        public Json.Obj encode() {
            return Json.object()
                    .with("at", at.text())
                    .with("hash", hash.hex())
                    .with("starts", starts.text())
                    .build();
        }
    }

    public static AgreementHead offered(Hash version, Period opening, LedgerTime at) {
        return new AgreementHead(
                at,
                Stage.OFFERED,
                Optional.of(version),
                List.of(),
                0,
                opening,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    /// The newest adopted version, if one was adopted.
    public Optional<Version> newest() {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    /// The version under which a period not settled yet will be.
    public Version inEffect(Period period) {
        return versions.reversed().stream()
                .filter(version -> version.starts().compareTo(period) <= 0)
                .findFirst()
                .orElseThrow();
    }

    /// The oldest version here, if the next one adopted will put it into a page.
    public Optional<Version> leaving() {
        return versions.size() == MAX_VERSIONS ? Optional.of(versions.getFirst()) : Optional.empty();
    }

    /// Which page takes the version that leaves: 1, 2, ...
    public int page() {
        return (int) ((number - MAX_VERSIONS) / MAX_VERSIONS) + 1;
    }

    public AgreementHead adopted(Version version) {
        List<Version> all = new ArrayList<>(leaving().isPresent() ? versions.subList(1, versions.size()) : versions);
        all.add(version);
        Stage after = stage == Stage.OFFERED ? Stage.ACTIVE : stage;
        return new AgreementHead(
                version.at(),
                after,
                Optional.empty(),
                all,
                number + 1,
                unsettled,
                closing,
                settled,
                ends,
                paused,
                made);
    }

    public AgreementHead touched(LedgerTime when) {
        return at(when, stage, offer);
    }

    /// With an offer that ended unadopted.
    public AgreementHead lapsed(LedgerTime when) {
        return at(when, Stage.LAPSED, offer);
    }

    private AgreementHead at(LedgerTime when, Stage after, Optional<Hash> open) {
        return new AgreementHead(when, after, open, versions, number, unsettled, closing, settled, ends, paused, made);
    }

    public AgreementHead settled(Period period, Stage after, LedgerTime when) {
        return new AgreementHead(
                when,
                after,
                offer,
                versions,
                number,
                period.next(),
                Optional.empty(),
                Optional.of(period),
                ends,
                paused,
                made);
    }

    /// With the first step of a close behind it, and others to come.
    public AgreementHead closing(Period period, LedgerTime when) {
        return closing(Optional.of(period), when);
    }

    /// As before the close under way.
    public AgreementHead undone(LedgerTime when) {
        return closing(Optional.empty(), when);
    }

    private AgreementHead closing(Optional<Period> period, LedgerTime when) {
        return new AgreementHead(when, stage, offer, versions, number, unsettled, period, settled, ends, paused, made);
    }

    public AgreementHead paused(LocalDate day, LedgerTime when) {
        return life(Stage.PAUSED, ends, Optional.of(day), made, when);
    }

    public AgreementHead continued(LedgerTime when) {
        return life(Stage.ACTIVE, ends, Optional.empty(), made, when);
    }

    /// With another last day, or none but that of the document.
    public AgreementHead ending(Optional<LocalDate> last, LedgerTime when) {
        return life(stage, last, paused, made, when);
    }

    /// After a decision made an event.
    public AgreementHead made(LedgerTime when) {
        return life(stage, ends, paused, made + 1, when);
    }

    private AgreementHead life(
            Stage after, Optional<LocalDate> last, Optional<LocalDate> since, long events, LedgerTime when) {
        return new AgreementHead(
                when, after, offer, versions, number, unsettled, closing, settled, last, since, events);
    }

    /// The first period that is neither settled nor being closed.
    public Period untouched() {
        return closing.map(Period::next).orElse(unsettled);
    }

    public static AgreementHead decode(Json.Obj json) {
        return new AgreementHead(
                LedgerTime.of(json.text("at")),
                Stage.ofText(json.text("state")),
                json.findText("offer").map(Hash::new),
                json.items("versions").stream()
                        .map(version -> Version.decode((Json.Obj) version))
                        .toList(),
                json.findWhole("number").orElse(0L),
                Periods.stored(json.text("unsettled")),
                json.findText("closing").map(Periods::stored),
                json.findText("settled").map(Periods::stored),
                json.findText("ends").map(LocalDate::parse),
                json.findText("paused").map(LocalDate::parse),
                json.whole("made"));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("at", at.text())
                .withText("closing", closing.map(Period::text))
                .withText("ends", ends.map(LocalDate::toString))
                .with("made", made)
                .withText("newest", newest().map(version -> version.hash().hex()))
                .with("number", newest().map(_ -> Json.whole(number)))
                .withText("offer", offer.map(Hash::hex))
                .withText("paused", paused.map(LocalDate::toString))
                .withText("settled", settled.map(Period::text))
                .with("state", stage.text())
                .with("unsettled", unsettled.text())
                .with(
                        "versions",
                        Json.array(versions.stream().map(Version::encode).toList()))
                .build();
    }
}
