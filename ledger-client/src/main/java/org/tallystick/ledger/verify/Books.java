package org.tallystick.ledger.verify;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Verified;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.pack.TransactionEnvelope;
import org.tallystick.ledger.verify.SourceBook.Booked;
import org.tallystick.ledger.verify.SourceBook.Declared;

/// The books of the agreement as they follow from its signed instructions alone: who accepted what, each source's
/// events with the period each is booked in, declarations, claims, settlements.
///
/// Nothing here looks at what the ledger stored; it is compared with that. Each kind of act has a book of its own;
/// closing brings them together.
final class Books {

    private static final String CLOSING = "closing";

    private final Findings findings;
    private final SettlementCheck settlements;
    private final AgreementBook agreement;
    private final SourceBooks sources;
    private final MatchBook matches;
    private final EventBook events;
    private final DeclarationBook declarations;
    private final ClaimBook claims;
    private final MotionBook motions;
    private final Map<Period, List<AgreedLine>> agreed = new HashMap<>();
    private Optional<Steps> steps = Optional.empty();

    /// A close under way, and what its steps wrote.
    private record Steps(SettlementCheck.Close close, Map<String, Json.Obj> writes) {}

    /// @param octets where events are kept
    Books(Findings findings, SettlementCheck settlements, OctetStore octets) {
        this.findings = findings;
        this.settlements = settlements;
        this.agreement = new AgreementBook(findings);
        this.sources = new SourceBooks(findings, agreement, octets);
        this.matches = new MatchBook(findings);
        this.events = new EventBook(findings, agreement, sources, matches);
        this.declarations = new DeclarationBook(findings, agreement, sources);
        this.claims = new ClaimBook(findings, agreement, sources);
        this.motions = new MotionBook(findings, agreement);
    }

    AgreementBook agreement() {
        return agreement;
    }

    EventBook events() {
        return events;
    }

    DeclarationBook declarations() {
        return declarations;
    }

    ClaimBook claims() {
        return claims;
    }

    MotionBook motions() {
        return motions;
    }

    /// A sum that payer and payee signed: a line of the next settlement beside those computed.
    void adjust(Verified verified, Act.Adjust act, LedgerTime time, Place place) {
        Payload payload = verified.payload();
        Optional<Document> document = agreement.inForce(payload, time, place);
        Optional<Period> period = document.flatMap(version -> agreement.period(version, act.period(), place));
        if (period.isEmpty()) {
            return;
        }
        agreement.reads(time, place);
        Set<String> signed = new TreeSet<>();
        verified.signers().forEach(signer -> signed.add(signer.kid().owner().text()));
        Set<String> both = new TreeSet<>(Set.of(
                document.get().ledgerParty(act.payer()).text(),
                document.get().ledgerParty(act.payee()).text()));
        findings.same(
                Check.AUTHORIZATION_ROLES,
                place,
                Json.texts(List.copyOf(signed)),
                Json.texts(List.copyOf(both)),
                "payer and payee must both sign");
        String hub = document.get().terms().hub();
        if (act.payer().equals(act.payee())
                || !(act.payer().equals(hub) || act.payee().equals(hub))) {
            findings.fail(Check.AUTHORIZATION_ROLES, place, "one of the two must be the hub");
        }
        agreed.computeIfAbsent(agreement.unsettled(), _ -> new ArrayList<>())
                .add(new AgreedLine(
                        act.amount(), act.payer(), act.payee(), period.get(), act.reason(), verified.instruction()));
        findings.attention(
                Check.ATTENTION_ADJUSTED,
                place,
                act.payer() + " and " + act.payee() + " agreed on " + act.amount() + " for " + act.period() + ": "
                        + act.reason());
    }

    /// A new transaction begins.
    void begin() {
        sources.all().forEach(SourceBook::endRun);
    }

    /// After the last transaction: what still waits.
    void end(Place place) {
        sources.held()
                .forEach((id, held) -> findings.attention(
                        Check.ATTENTION_HELD, place, held + " events of source " + id + " are still held"));
        if (claims.open() > 0) {
            findings.attention(Check.ATTENTION_CLAIMS, place, claims.open() + " claims are not answered");
        }
        matches.end(place);
    }

    void close(
            Payload payload,
            Act.Close act,
            Json.Obj stated,
            TransactionEnvelope transaction,
            LedgerTime time,
            Place place) {
        Optional<Document> document = agreement.inForce(payload, time, place);
        Optional<Period> asked = document.flatMap(version -> agreement.period(version, act.period(), place));
        if (document.isEmpty() || asked.isEmpty()) {
            return;
        }
        agreement.writes(time, place);
        Period period = asked.get();
        if (steps.isPresent()) {
            findings.fail(Check.COMPLETENESS_PERIODS, place, "closed while a close was under way");
        }
        findings.same(
                Check.COMPLETENESS_PERIODS,
                place.at("/body/period"),
                period.text(),
                agreement.unsettled().text(),
                "periods are not settled in order");
        mayClose(document.get(), payload, period, time, place);
        TreeMap<String, Declared> declared = new TreeMap<>();
        List<SourceBook> inputs = new ArrayList<>();
        Document inEffect = agreement.inEffect(period).orElse(document.get());
        for (Document.Source source : inEffect.sources()) {
            if (source.covers(period)) {
                Optional<SourceBook> book = sources.of(source.id());
                book.flatMap(found -> found.declared(period))
                        .ifPresentOrElse(
                                found -> declared.put(source.id(), found),
                                () -> findings.fail(
                                        Check.COMPLETENESS_DECLARED,
                                        place,
                                        "source " + source.id() + " did not declare " + period.text()));
                book.ifPresent(inputs::add);
            }
        }
        List<Booked> facts = Stream.concat(
                        sources.all().stream().flatMap(book -> book.in(period, true)), motions.madeFor(period).stream())
                .sorted(Comparator.<Booked, LocalDate>comparing(
                                event -> event.event().date())
                        .thenComparing(Booked::id))
                .toList();
        SettlementCheck.Close close = new SettlementCheck.Close(
                inEffect,
                period,
                declared,
                () -> sources.inputs(inEffect, period, inputs, facts),
                facts,
                agreed.getOrDefault(period, List.of()),
                time);
        agreement.settled(period);
        Map<String, Json.Obj> writes = writes(transaction);
        if (Items.effect(stated, CLOSING).isPresent()) {
            steps = Optional.of(new Steps(close, writes));
        } else {
            settlements.check(close, Items.effect(stated, "settlement"), writes, place);
        }
    }

    /// The next part of a close that needs several.
    void step(TransactionEnvelope transaction, LedgerTime time, Place place) {
        if (steps.isEmpty()) {
            findings.fail(Check.COMPLETENESS_PERIODS, place, "a step of a close that nobody asked for");
            return;
        }
        agreement.writes(time, place);
        Steps under = steps.get();
        under.writes().putAll(writes(transaction));
        Json.Obj stated = Items.only(transaction);
        if (Items.effect(stated, CLOSING).isPresent()) {
            return;
        }
        steps = Optional.empty();
        Optional<Json.Obj> undone = Items.effect(stated, "close_undone");
        if (undone.isPresent()) {
            agreement.reopened(under.close().period());
            findings.attention(
                    Check.ATTENTION_UNDONE,
                    place,
                    "the close of " + under.close().period().text() + ", begun by rules "
                            + number(undone.get(), "began") + ", was undone by rules "
                            + number(undone.get(), "rules"));
        } else {
            settlements.check(under.close().at(time), Items.effect(stated, "settlement"), under.writes(), place);
        }
    }

    private static String number(Json.Obj effect, String name) {
        return effect.find(name).flatMap(version -> version.canonical().utf8()).orElse("unknown");
    }

    private static Map<String, Json.Obj> writes(TransactionEnvelope transaction) {
        Map<String, Json.Obj> writes = new HashMap<>();
        for (TransactionEnvelope.Write write : transaction.writes()) {
            if (write.value().isPresent()
                    && JsonReader.readCanonical(write.value().get()) instanceof JsonReader.Value(Json.Obj object)) {
                writes.put(write.key(), object);
            }
        }
        return writes;
    }

    private void mayClose(Document document, Payload payload, Period period, LedgerTime time, Place place) {
        if (time.day().isBefore(period.end())) {
            findings.fail(
                    Check.CUTOFF_WINDOWS, place.at("/body/period"), "closed on " + time.day() + ", before it was over");
        }
        boolean closer = document.closers().contains(payload.party());
        boolean side = document.isSide((PartyId) payload.party());
        LedgerTime anybody =
                LedgerTime.startOf(period.end().plusDays(document.days().close()));
        if (!closer && !(side && !time.isBefore(anybody))) {
            findings.fail(
                    Check.AUTHORIZATION_ROLES,
                    place.at("/party"),
                    payload.party().text() + " may not close yet");
        }
    }
}
