package org.tallystick.agreement.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Codec;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;

/// The head of an agreement: the key from which its other keys are found.
///
/// @param at ledger time of the last act that wrote it
/// @param versions those adopted, oldest first
/// @param offer the open offer; before anything was adopted, the last one
/// @param unsettled the first period not settled
/// @param closing that period, while its close is under way
/// @param settled the last period settled
public record AgreementHead(
        LedgerTime at,
        Stage stage,
        Optional<Hash> offer,
        List<Version> versions,
        Period unsettled,
        Optional<Period> closing,
        Optional<Period> settled) {
    public static final Codec<AgreementHead> CODEC = new Codec<>(AgreementHead::decode, AgreementHead::encode);

    public AgreementHead {
        versions = List.copyOf(versions);
    }

    /// What is stored; lapsed and run-off follow from the clock.
    public enum Stage {
        OFFERED("offered"),
        ACTIVE("active"),
        CLOSED("closed");

        private final String text;

        Stage(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        static Stage ofText(String text) {
            for (Stage stage : values()) {
                if (stage.text.equals(text)) {
                    return stage;
                }
            }
            throw new IllegalStateException("no stage " + text);
        }
    }

    /// An adopted version.
    ///
    /// @param at when it was adopted
    public record Version(Hash hash, LedgerTime at, Period starts) {}

    public static AgreementHead offered(Hash version, Period opening, LedgerTime at) {
        return new AgreementHead(
                at, Stage.OFFERED, Optional.of(version), List.of(), opening, Optional.empty(), Optional.empty());
    }

    /// The newest adopted version, if one was adopted.
    public Optional<Version> newest() {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    public AgreementHead adopted(Version version) {
        List<Version> all = new ArrayList<>(versions);
        all.add(version);
        return new AgreementHead(version.at(), Stage.ACTIVE, Optional.empty(), all, unsettled, closing, settled);
    }

    public AgreementHead touched(LedgerTime at) {
        return new AgreementHead(at, stage, offer, versions, unsettled, closing, settled);
    }

    public AgreementHead settled(Period period, Stage after, LedgerTime at) {
        return new AgreementHead(at, after, offer, versions, period.next(), Optional.empty(), Optional.of(period));
    }

    /// With the first step of a close behind it, and others to come.
    public AgreementHead closing(Period period, LedgerTime at) {
        return new AgreementHead(at, stage, offer, versions, unsettled, Optional.of(period), settled);
    }

    /// As before the close under way.
    public AgreementHead undone(LedgerTime at) {
        return new AgreementHead(at, stage, offer, versions, unsettled, Optional.empty(), settled);
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
                        .map(Json.Obj.class::cast)
                        .map(version -> new Version(
                                new Hash(version.text("hash")),
                                LedgerTime.of(version.text("at")),
                                Periods.stored(version.text("starts"))))
                        .toList(),
                Periods.stored(json.text("unsettled")),
                json.findText("closing").map(Periods::stored),
                json.findText("settled").map(Periods::stored));
    }

    public Json.Obj encode() {
        return Json.object()
                .with("at", at.text())
                .withText("closing", closing.map(Period::text))
                .with("made", 0)
                .with("motions", 0)
                .withText("newest", newest().map(version -> version.hash().hex()))
                .with("number", newest().map(_ -> Json.whole(versions.size())))
                .withText("offer", offer.map(Hash::hex))
                .withText("settled", settled.map(Period::text))
                .with("state", stage.text())
                .with("unsettled", unsettled.text())
                .with(
                        "versions",
                        Json.array(versions.stream()
                                .map(version -> Json.object()
                                        .with("at", version.at().text())
                                        .with("hash", version.hash().hex())
                                        .with("starts", version.starts().text())
                                        .build())
                                .toList()))
                .build();
    }
}
