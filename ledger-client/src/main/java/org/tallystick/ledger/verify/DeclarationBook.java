package org.tallystick.ledger.verify;

import java.util.Optional;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Totals;
import org.tallystick.agreement.terms.Period;

/// The sources' words that a period is complete: given, taken back, or given by a side in the owner's place.
final class DeclarationBook {

    private final Findings findings;
    private final AgreementBook agreement;
    private final SourceBooks sources;

    DeclarationBook(Findings findings, AgreementBook agreement, SourceBooks sources) {
        this.findings = findings;
        this.agreement = agreement;
        this.sources = sources;
    }

    void declare(Payload payload, Act.Declare act, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> sources.owned(version, payload, id, time, place));
        Optional<Period> period = document.flatMap(version -> agreement.period(version, act.period(), place));
        if (found.isEmpty() || period.isEmpty()) {
            return;
        }
        SourceBook book = found.get();
        book.endRun();
        findings.same(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/period"),
                act.period(),
                book.open(agreement.unsettled()).text(),
                "source " + id + " does not declare its periods in order");
        if (time.day().isBefore(period.get().end())) {
            findings.fail(
                    Check.CUTOFF_WINDOWS,
                    place.at("/body/period"),
                    "declared on " + time.day() + ", before it was over");
        }
        SourceBook.Sum booked = book.sum(period.get());
        declared(payload, "last", Json.whole(book.last()), place);
        declared(payload, "count", Json.whole(booked.count()), place);
        declared(payload, "held", Json.whole(book.held()), place);
        if (!Totals.decode(payload.body().items("totals")).equals(booked.totals())) {
            declared(payload, "totals", booked.totals().encode(), place);
        }
        book.declare(period.get(), false);
    }

    private void declared(Payload payload, String member, Json computed, Place place) {
        findings.sameValue(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/" + member),
                payload.body().get(member),
                computed,
                "the declaration does not say what the source reported");
    }

    void takeBack(Payload payload, Act.TakeBack act, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        String id = act.source().text();
        Optional<SourceBook> found = document.flatMap(version -> sources.owned(version, payload, id, time, place));
        Optional<Period> period = document.flatMap(version -> agreement.period(version, act.period(), place));
        if (found.isEmpty() || period.isEmpty()) {
            return;
        }
        SourceBook book = found.get();
        book.endRun();
        if (!book.canTakeBack(period.get()) || period.get().compareTo(agreement.unsettled()) < 0) {
            findings.fail(
                    Check.COMPLETENESS_DECLARED,
                    place.at("/body/period"),
                    "this is not the newest declaration of source " + id);
        }
        if (!time.isBefore(graceEnds(document.get(), period.get()))) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/period"), "the grace was over");
        }
        book.takeBack(period.get());
    }

    void seal(Payload payload, Act.Seal act, LedgerTime time, Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        String id = act.source().text();
        Optional<Document.Source> source = document.flatMap(version -> version.source(id));
        Optional<Period> period = document.flatMap(version -> agreement.period(version, act.period(), place));
        if (document.isPresent() && source.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "the agreement names no source " + id);
        }
        if (source.isEmpty() || period.isEmpty()) {
            return;
        }
        agreement.side(document.get(), payload, place);
        SourceBook book = sources.acts(source.get(), time, place);
        book.endRun();
        findings.same(
                Check.COMPLETENESS_DECLARED,
                place.at("/body/period"),
                act.period(),
                book.open(agreement.unsettled()).text(),
                "source " + id + " is not sealed in order");
        if (time.isBefore(graceEnds(document.get(), period.get()))) {
            findings.fail(Check.CUTOFF_WINDOWS, place.at("/body/period"), "sealed before the grace was over");
        }
        book.declare(period.get(), true);
        findings.attention(
                Check.ATTENTION_SEALED,
                place,
                "source " + id + " was sealed for " + act.period() + " by "
                        + payload.party().text());
    }

    private static LedgerTime graceEnds(Document document, Period period) {
        return LedgerTime.startOf(period.end().plusDays(document.days().grace()));
    }
}
