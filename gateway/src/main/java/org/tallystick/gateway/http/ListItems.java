package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;
import org.tallystick.gateway.store.Facets;
import org.tallystick.gateway.store.ListChange.Listed;
import org.tallystick.gateway.store.ListStore.Page;
import org.tallystick.gateway.store.ListStore.Question;
import org.tallystick.gateway.store.Listing;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;

/// `GET /v1/instructions`, `/v1/reports` and the other lists: what the blocks hold, in the order of the
/// ledger, a page at a time.
///
/// A page may be short, or empty, and still have a `next`: only so many items are looked at for one answer.
final class ListItems implements Responder {

    /// The last block that is in the list.
    static final String BLOCK = "ledger-block";

    private final Listing listing;
    private final Store store;
    private final Executor threads;

    ListItems(Listing listing, Store store, Executor threads) {
        this.listing = listing;
        this.store = store;
        this.threads = threads;
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Waiting.on(threads, () -> {
            Question question = Parameters.question(request, listing);
            try {
                Page page =
                        store.lists().page(question).orElseThrow(() -> new Refusal(Problem.of(Trouble.LISTS_NOT_MADE)));
                return Answer.tagged(Json.object()
                                .with(
                                        listing.text(),
                                        Json.array(page.items().stream()
                                                .map(ListItems::item)
                                                .toList()))
                                .withText("next", page.next().map(place -> Cursor.of(listing.text(), question, place))))
                        .with(BLOCK, Optional.of(String.valueOf(page.block())));
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    private static Json.Obj item(Listed listed) {
        Facets facets = listed.facets();
        Json.Builder item = Json.object()
                .withText("act", said(facets.act()))
                .withText("agreement", said(facets.agreement()).filter(home -> !home.equals(Keys.REGISTRY)))
                .withText("party", said(facets.party()))
                .with("position", listed.place().position().toJson())
                .withText("source", said(facets.source()))
                .withText("state", said(facets.state()));
        for (Map.Entry<String, Json> told : listed.told().members().entrySet()) {
            Json.Builder _ = item.with(told.getKey(), told.getValue());
        }
        return item.build();
    }

    private static Optional<String> said(String facet) {
        return facet.isEmpty() ? Optional.empty() : Optional.of(facet);
    }
}
