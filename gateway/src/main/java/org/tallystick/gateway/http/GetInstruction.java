package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.gateway.store.Standing;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.CloseProgress;

/// `GET /v1/instructions/{member}/{name}/{id}`: how an instruction stands; waits for its final answer if asked to. Of a
/// close that needs several steps also how far it is.
final class GetInstruction implements Responder {

    private static final Logger LOG = Logger.getLogger(GetInstruction.class.getName());

    private final Store store;
    private final LedgerReading ledger;
    private final Executor threads;
    private final Patience patience;

    GetInstruction(Store store, LedgerReading ledger, Executor threads, Patience patience) {
        this.store = store;
        this.ledger = ledger;
        this.threads = threads;
        this.patience = patience;
    }

    /// @param home the agreement, or `reg`, if the caller says which
    /// @param instruction its hash, if the caller means one of several with this id
    private record Question(String party, String id, Optional<String> home, Optional<Hash> instruction) {
        boolean isAbout(Standing standing) {
            return standing.party().equals(party)
                    && standing.id().equals(id)
                    && home.map(standing.home()::equals).orElse(true);
        }
    }

    @Override
    public Future<Answer> to(RoutingContext request) {
        return Waiting.on(threads, () -> {
            Question question = new Question(
                    Parameters.owner(request).text(),
                    Parameters.id(request).text(),
                    Parameters.query(request, "agreement"),
                    Parameters.instruction(request));
            Patience.Wish wish = Patience.Wish.preferred(request);
            Optional<Patience.Place> place = patience.place(wish);
            if (place.isEmpty()) {
                return answer(ask(question));
            }
            try (Patience.Place _ = place.get()) {
                return wish.told(answer(patience.until(
                        question.party(), question.id(), wish.end(), () -> ask(question), GetInstruction::isFinal)));
            }
        });
    }

    private List<Standing> ask(Question question) throws Refusal, InterruptedException {
        try {
            List<Standing> found = question.instruction().isPresent()
                    ? store.find(question.instruction().get()).stream().toList()
                    : store.find(question.party(), question.id());
            return found.stream().filter(question::isAbout).toList();
        } catch (StoreException _) {
            throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
        }
    }

    /// Nothing better is to be expected: all are answered, or there is none.
    private static boolean isFinal(List<Standing> standings) {
        return standings.stream().allMatch(standing -> standing.state().isFinal());
    }

    private Answer answer(List<Standing> standings) {
        return standings.size() == 1 ? one(standings.getFirst()) : noneOrSeveral(standings);
    }

    private Answer one(Standing standing) {
        Json.Builder json = Standings.of(standing);
        return Answer.of(
                200,
                standing.answer()
                        .flatMap(CloseProgress::begun)
                        .map(period -> json.with(
                                "close",
                                progress(new AgreementId(standing.home()), period)
                                        .map(CloseProgress::encode)))
                        .orElse(json));
    }

    /// Nothing if the ledger cannot be asked: the verdict is known all the same.
    private Optional<CloseProgress> progress(AgreementId agreement, Period period) {
        try {
            return Optional.of(CloseProgress.of(ledger, agreement, period));
        } catch (LedgerException e) {
            LOG.info(agreement + " " + period + ": how far its close is cannot be told: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Answer noneOrSeveral(List<Standing> standings) {
        return switch (standings.size()) {
            case 0 -> Problem.of(Trouble.INSTRUCTION_NOT_FOUND).toAnswer();
            default ->
                Problem.of(
                                Trouble.SEVERAL_INSTRUCTIONS,
                                Json.object()
                                        .with(
                                                "agreements",
                                                Json.texts(standings.stream()
                                                        .map(Standing::home)
                                                        .toList()))
                                        .build())
                        .toAnswer();
        };
    }
}
