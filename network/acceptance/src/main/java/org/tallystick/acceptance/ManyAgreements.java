package org.tallystick.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.AgreementView;
import org.tallystick.ledger.client.Agreements;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.Desk;
import org.tallystick.ledger.client.Party;
import org.tallystick.ledger.client.Sent;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.monthend.Closed;
import org.tallystick.ledger.monthend.Closes;
import org.tallystick.ledger.monthend.Together;

/// Many agreements of the same four parties, made and declared through a gateway, several at once.
public final class ManyAgreements {

    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
    private static final Duration OPEN = Duration.ofDays(10);

    private final Stand stand;
    private final Courier courier;
    private final List<ExampleAgreement> agreements = new ArrayList<>();

    /// @param examples the folder of the examples, one of which they all have the terms of
    public ManyAgreements(Stand stand, Courier courier, Path examples, int count) throws IOException {
        this.stand = stand;
        this.courier = courier;
        for (int i = 0; i < count; i++) {
            agreements.add(ExampleAgreement.creators(examples).labeled("month-%03d".formatted(i)));
        }
    }

    public List<AgreementId> ids() {
        return agreements.stream().map(one -> new AgreementId(one.id())).toList();
    }

    /// Who keeps the books of all of them.
    public PartyId hub() {
        return new PartyId(agreements.getFirst().hub());
    }

    /// The first period, which is reported and declared.
    public Period period() {
        return Period.ofText(agreements.getFirst().periods().getFirst());
    }

    /// Has all of them adopted, and their first period reported and declared.
    public void declare() throws LedgerException {
        agreements.getFirst().signers().forEach(party -> stand.partner(party).enrolls());
        List<Boolean> _ = Together.each(agreements, this::declare);
    }

    private boolean declare(ExampleAgreement agreement) throws LedgerException {
        AgreementId id = new AgreementId(agreement.id());
        Party hub = party(agreement.hub());
        applied(hub.offer(id, agreement.document(), OPEN));
        AgreementView.VersionView offered =
                new Agreements(courier).find(id).orElseThrow().shown().orElseThrow();
        for (String signer : agreement.signers()) {
            if (!signer.equals(agreement.hub())) {
                applied(party(signer).accept(id, offered));
            }
        }
        for (ExampleAgreement.Source source : agreement.sources()) {
            courier.send(List.of(report(agreement, source)), LONGEST_ANSWER).forEach(ManyAgreements::applied);
            Document document = offered.document();
            applied(hub.declare(id, document, new SourceId(source.id()), period()));
        }
        return true;
    }

    /// The sales of the first period.
    private Signed report(ExampleAgreement agreement, ExampleAgreement.Source source) throws LedgerException {
        List<Json> sales = agreement.events(source.id(), period().text()).stream()
                .filter(event -> ((Json.Obj) event).text("type").equals("sale"))
                .toList();
        Handmade handmade = new Handmade(stand, agreement, courier.net());
        Act.Report report = handmade.report(source, 1, sales);
        try {
            return handmade.signed(handmade.payload(agreement.hub(), report));
        } catch (IOException | KeyFolderException e) {
            throw new IllegalStateException("no key of " + agreement.hub(), e);
        }
    }

    private Party party(String id) {
        PartyId party = new PartyId(id);
        try {
            return new Party(
                    party,
                    new KeyFolder(stand.home(id)).hand(party),
                    Desk.at(courier).waiting(LONGEST_ANSWER));
        } catch (IOException | KeyFolderException e) {
            throw new IllegalStateException("no key of " + id, e);
        }
    }

    private static void applied(Sent sent) {
        if (!sent.applied()) {
            throw new IllegalStateException(
                    "not applied: " + sent.encode().canonical().utf8().orElseThrow());
        }
    }

    /// Closes what is ready, as `tally close --ready` does.
    public List<Closed> close() throws LedgerException {
        Closes closes =
                new Closes(party(hub().text()), courier, Desk.at(courier).time());
        return closes.ready(period(), _ -> {});
    }
}
