package org.tallystick.gateway.courier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.gateway.store.Facets;
import org.tallystick.gateway.store.ListChange;
import org.tallystick.gateway.store.ListChange.Adopted;
import org.tallystick.gateway.store.ListChange.Listed;
import org.tallystick.gateway.store.ListChange.Offered;
import org.tallystick.gateway.store.ListChange.Settled;
import org.tallystick.gateway.store.ListChange.Source;
import org.tallystick.gateway.store.ListChange.SourceMoved;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.Place;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;

/// What a block adds to the lists, in the order of its verdicts.
///
/// Who changes what is listed here, or how it is told, raises [org.tallystick.gateway.store.ListStore#RULES]: then each
/// gateway makes its lists again.
final class BlockLists {

    private final List<ListChange> changes = new ArrayList<>();

    /// Where effects come from.
    ///
    /// @param body of the instruction; empty of a step, which nobody signs
    private record Origin(Position at, Facets facets, Optional<Hash> instruction, Json.Obj body, String time) {
        String agreement() {
            return facets.agreement();
        }

        String party() {
            return facets.party();
        }

        Json.Builder told() {
            return Json.object()
                    .withText("instruction", instruction.map(Hash::hex))
                    .with("t", time);
        }
    }

    List<ListChange> changes() {
        return List.copyOf(changes);
    }

    /// A new verdict.
    void verdict(Signed signed, Json.Obj answer, Position at) {
        Payload payload = signed.payload();
        Facets facets = Facets.of(Store.home(payload)).withParty(payload.party().text());
        String result = answer.text("result");
        Origin origin = new Origin(at, facets, Optional.of(signed.instruction()), payload.body(), answer.text("t"));
        listed(
                Listing.INSTRUCTIONS,
                origin,
                facets.withAct(payload.kind().text()).withState(result),
                origin.told()
                        .withText("code", answer.findText("code"))
                        .with("id", payload.id().text()));
        if (result.equals("applied") && payload.scope().isPresent()) {
            offered(origin.agreement(), payload.act());
            effects(origin, answer);
        }
    }

    /// A step of a close.
    void step(String agreement, Json.Obj answer, Position at) {
        effects(new Origin(at, Facets.of(agreement), Optional.empty(), Json.Obj.EMPTY, answer.text("t")), answer);
    }

    private void listed(Listing listing, Origin origin, Facets facets, Json.Builder told) {
        changes.add(new Listed(listing, Place.of(origin.at(), 0), facets, told.build()));
    }

    private void offered(String agreement, Act act) {
        switch (act) {
            case Act.Offer offer -> changes.add(offered(agreement, offer.document()));
            case Act.Counter counter -> changes.add(offered(agreement, counter.document()));
            case Act.Amend amend -> changes.add(offered(agreement, amend.document()));
            default -> {}
        }
    }

    /// Of a document that the ledger took: it has what it must have.
    private static Offered offered(String agreement, Json.Obj document) {
        TreeMap<String, String> sides = new TreeMap<>();
        for (Map.Entry<String, Json> side : document.object("parties").members().entrySet()) {
            sides.put(side.getKey(), ((Json.Text) side.getValue()).value());
        }
        List<Source> sources = document.object("roles").items("sources").stream()
                .map(Json.Obj.class::cast)
                .map(source -> new Source(
                        source.text("id"),
                        sides.getOrDefault(source.text("owner"), ""),
                        Json.object()
                                .with("from", source.text("first"))
                                .withText("to", source.findText("last"))
                                .build()))
                .toList();
        return new Offered(agreement, Document.versionOf(document.canonical()), sides, sources);
    }

    private void effects(Origin origin, Json.Obj answer) {
        for (Json item : answer.items("effects")) {
            Json.Obj effect = (Json.Obj) item;
            switch (effect.text("kind")) {
                case "version" -> adopted(origin, effect);
                case "report" -> reported(origin, effect);
                case "declared" -> declared(origin, effect);
                case "opened" -> opened(origin, effect);
                case "settlement" -> settled(origin, effect);
                default -> {}
            }
        }
    }

    private void adopted(Origin origin, Json.Obj effect) {
        listed(
                Listing.ADOPTIONS,
                origin,
                Facets.of(origin.agreement()).withPeriods(List.of(effect.text("starts"))),
                Json.object()
                        .with("number", effect.whole("number"))
                        .with("starts", effect.text("starts"))
                        .with("t", origin.time())
                        .with("version", effect.text("version")));
        changes.add(new Adopted(origin.at(), origin.agreement(), new Hash(effect.text("version"))));
    }

    private void reported(Origin origin, Json.Obj effect) {
        String source = origin.body().text("source");
        Json.Obj booked = effect.object("booked");
        listed(
                Listing.REPORTS,
                origin,
                origin.facets()
                        .withSource(source)
                        .withPeriods(List.copyOf(booked.members().keySet())),
                origin.told()
                        .with("booked", booked)
                        .with("first", effect.whole("first"))
                        .with("held", effect.whole("held"))
                        .with("last", effect.whole("last")));
        moved(origin, source, Json.object().with("last", effect.whole("last")).with("reported", origin.time()));
    }

    /// A seal declares too, and states no totals.
    private void declared(Origin origin, Json.Obj effect) {
        Period period = Period.ofText(effect.text("period"));
        listed(
                Listing.DECLARATIONS,
                origin,
                origin.facets()
                        .withSource(effect.text("source"))
                        .withState(effect.bool("sealed") ? "sealed" : "declared")
                        .withPeriods(List.of(period.text())),
                origin.told()
                        .with("count", origin.body().find("count"))
                        .with("held", origin.body().find("held"))
                        .with("last", effect.whole("last"))
                        .with("period", period.text())
                        .with("totals", origin.body().find("totals")));
        moved(
                origin,
                effect.text("source"),
                Json.object().with("open", period.next().text()));
    }

    private void opened(Origin origin, Json.Obj effect) {
        String period = effect.text("period");
        listed(
                Listing.DECLARATIONS,
                origin,
                origin.facets()
                        .withSource(effect.text("source"))
                        .withState("opened")
                        .withPeriods(List.of(period)),
                origin.told().with("period", period));
        moved(origin, effect.text("source"), Json.object().with("open", period));
    }

    private void moved(Origin origin, String source, Json.Builder told) {
        changes.add(new SourceMoved(origin.at(), origin.agreement(), source, origin.party(), told.build()));
    }

    private void settled(Origin origin, Json.Obj effect) {
        Period period = Period.ofText(effect.text("period"));
        listed(
                Listing.SETTLEMENTS,
                origin,
                Facets.of(origin.agreement()).withPeriods(List.of(period.text())),
                Json.object()
                        .with("count", effect.whole("count"))
                        .with("hash", effect.text("hash"))
                        .with("period", period.text())
                        .with("postings", effect.text("postings"))
                        .with("t", origin.time()));
        changes.add(new Settled(origin.at(), origin.agreement(), period, new Hash(effect.text("hash")), origin.time()));
    }
}
