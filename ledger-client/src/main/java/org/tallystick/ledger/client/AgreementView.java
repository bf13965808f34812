package org.tallystick.ledger.client;

import java.time.LocalDate;
import java.util.Optional;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Life;
import org.tallystick.agreement.state.AgreementHead;
import org.tallystick.agreement.state.OfferRecord;

/// An agreement as the ledger has it: its head, the newest adopted version, and the offer if one was made.
public record AgreementView(
        AgreementId id, AgreementHead head, Optional<VersionView> newest, Optional<OfferView> offer) {

    /// A version whose bytes have the hash by which it was asked for.
    ///
    /// @param document what the rules see in it
    public record VersionView(Hash hash, Json.Obj json, Document document) {
        /// The terms in English, as everybody who accepts has read them.
        public String rendered() {
            return document.terms().rendered();
        }
    }

    /// @param version what was offered
    /// @param record who accepted it so far
    public record OfferView(VersionView version, OfferRecord record) {}

    /// The newest adopted version.
    public Optional<Document> inEffect() {
        return newest.map(VersionView::document);
    }

    /// Where an adopted agreement is in its life on a day.
    public Optional<Life> life(LocalDate day) {
        return inEffect().map(document -> new Life(head, document, day));
    }

    /// In a word: `offered`, `lapsed`, `active`, `paused`, `run_off` or `closed`; an offer lapses by the clock, too.
    public String state(LedgerTime now) {
        boolean expired = head.stage() == AgreementHead.Stage.OFFERED
                && offer.filter(open -> !now.isBefore(open.record().expires())).isPresent();
        return expired
                ? AgreementHead.Stage.LAPSED.text()
                : life(now.day()).map(Life::text).orElse(head.stage().text());
    }

    /// What there is to read: the newest adopted version, else the one offered.
    public Optional<VersionView> shown() {
        return newest.or(() -> offer.map(OfferView::version));
    }
}
