package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.settlement.Event;
import org.tallystick.agreement.settlement.Inputs;
import org.tallystick.agreement.settlement.KnownEvent;
import org.tallystick.agreement.terms.Period;

/// The books of the sources that have said something.
final class SourceBooks {

    private final Findings findings;
    private final AgreementBook agreement;
    private final OctetStore octets;
    private final TreeMap<String, SourceBook> books = new TreeMap<>();

    SourceBooks(Findings findings, AgreementBook agreement, OctetStore octets) {
        this.findings = findings;
        this.agreement = agreement;
        this.octets = octets;
    }

    Collection<SourceBook> all() {
        return books.values();
    }

    /// How many events are held, of each source that has some.
    SortedMap<String, Long> held() {
        TreeMap<String, Long> held = new TreeMap<>();
        books.forEach((id, book) -> held.put(id, book.held()));
        held.values().removeIf(count -> count == 0);
        return held;
    }

    Optional<SourceBook> of(String id) {
        return Optional.ofNullable(books.get(id));
    }

    Optional<SourceBook> of(EventId id) {
        return of(id.source().text());
    }

    /// An event that was taken in.
    Optional<SourceBook.Booked> find(EventId id) {
        return of(id).flatMap(book -> book.find(id.number()));
    }

    /// A booked event with the one that it names.
    KnownEvent known(SourceBook.Booked booked) {
        Optional<Event> origin = booked.event()
                .refOf()
                .flatMap(EventId::parse)
                .flatMap(this::find)
                .map(SourceBook.Booked::event);
        return new KnownEvent(booked.id(), booked.event(), booked.period().orElseThrow(), origin);
    }

    /// What the events booked in a period come to under a version.
    ///
    /// @param books of the sources that declared it
    List<Inputs> inputs(Document document, Period period, List<SourceBook> books, List<SourceBook.Booked> facts) {
        List<Inputs> all = new ArrayList<>();
        for (SourceBook book : books) {
            all.add(book.inputs(document, period).orElseGet(() -> sum(document, book.in(period, false))));
        }
        all.add(sum(document, facts.stream()));
        return all;
    }

    private Inputs sum(Document document, Stream<SourceBook.Booked> events) {
        Inputs inputs = new Inputs(document.terms(), document.opening());
        events.map(this::known).forEach(inputs::add);
        return inputs;
    }

    /// The event that a proof carries, which must be the one that was reported under its id.
    Optional<SourceBook.Booked> proven(Act.EventProof proof, Place place) {
        Optional<SourceBook.Booked> found = find(proof.id());
        if (found.isEmpty()) {
            findings.fail(Check.CUTOFF_BOOKING, place.at("/id"), "the event " + proof.id() + " is not in the pack");
            return found;
        }
        findings.sameValue(
                Check.CUTOFF_BOOKING,
                place.at("/event"),
                proof.event(),
                found.get().json(),
                "the proof carries another event than was reported as " + proof.id());
        return found;
    }

    /// The book of a source of the version in force, if the party owns it.
    Optional<SourceBook> owned(Document document, Payload payload, String id, LedgerTime time, Place place) {
        Optional<Document.Source> source = document.source(id);
        if (source.isEmpty()) {
            findings.fail(Check.AUTHORIZATION_ROLES, place.at("/body/source"), "the agreement names no source " + id);
            return Optional.empty();
        }
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place.at("/party"),
                payload.party().text(),
                document.ledgerParty(source.get().owner()).text(),
                "the source " + id + " is owned by another");
        return Optional.of(acts(source.get(), time, place));
    }

    /// The book of a source that an act writes.
    SourceBook acts(Document.Source source, LedgerTime time, Place place) {
        SourceBook book = books.computeIfAbsent(source.id(), _ -> new SourceBook(source.id(), octets, source.first()));
        agreement.notBack(book.at(), time, place);
        book.at(time);
        return book;
    }
}
