package org.tallystick.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Period;
import org.tallystick.gateway.courier.Bell;
import org.tallystick.gateway.store.Standing;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.CloseProgress;

/// `GET /v1/instructions/{member}/{name}/{id}`: how an instruction stands; waits for its final answer if asked to. Of a
/// close that needs several steps also how far it is.
final class GetInstruction implements Responder {

    private static final Logger LOG = Logger.getLogger(GetInstruction.class.getName());

    private final Vertx vertx;
    private final Store store;
    private final Bell bell;
    private final LedgerReading ledger;
    private final Executor threads;
    private final int mostWaiting;
    private final AtomicInteger waiting = new AtomicInteger();

    GetInstruction(Vertx vertx, Store store, Bell bell, LedgerReading ledger, Executor threads, int mostWaiting) {
        this.vertx = vertx;
        this.store = store;
        this.bell = bell;
        this.ledger = ledger;
        this.threads = threads;
        this.mostWaiting = mostWaiting;
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
        Question question;
        Duration wait;
        try {
            question = new Question(
                    Parameters.owner(request).text(),
                    Parameters.id(request).text(),
                    Parameters.query(request, "agreement"),
                    Parameters.instruction(request));
            wait = Parameters.wait(request);
        } catch (Refusal e) {
            return Future.failedFuture(e);
        }
        return wait.isZero() || waiting.get() >= mostWaiting
                ? ask(question).compose(this::answer)
                : patiently(question, System.nanoTime() + wait.toNanos());
    }

    private Future<List<Standing>> ask(Question question) {
        return Waiting.on(threads, () -> {
            try {
                List<Standing> found = question.instruction().isPresent()
                        ? store.find(question.instruction().get()).stream().toList()
                        : store.find(question.party(), question.id());
                return found.stream().filter(question::isAbout).toList();
            } catch (StoreException _) {
                throw new Refusal(Problem.of(Trouble.STORE_UNAVAILABLE));
            }
        });
    }

    /// Asks, and asks again whenever the bell rings, until the answer is final or the time is over.
    private Future<Answer> patiently(Question question, long end) {
        int _ = waiting.incrementAndGet();
        return again(question, end).compose(this::answer).onComplete(_ -> waiting.decrementAndGet());
    }

    private Future<List<Standing>> again(Question question, long end) {
        Promise<Boolean> rung = Promise.promise();
        Runnable ringing = () -> rung.tryComplete(true);
        bell.listen(question.party(), question.id(), ringing);
        long millis = Math.max(1, (end - System.nanoTime()) / 1_000_000);
        long timer = vertx.setTimer(millis, _ -> rung.tryComplete(false));
        return ask(question)
                .compose(standings -> isFinal(standings)
                        ? Future.succeededFuture(standings)
                        : rung.future()
                                .compose(
                                        news -> news && System.nanoTime() < end ? again(question, end) : ask(question)))
                .onComplete(_ -> {
                    bell.silence(question.party(), question.id(), ringing);
                    boolean _ = vertx.cancelTimer(timer);
                });
    }

    /// Nothing better is to be expected: all are answered, or there is none.
    private static boolean isFinal(List<Standing> standings) {
        return standings.stream().allMatch(standing -> standing.state().isFinal());
    }

    private Future<Answer> answer(List<Standing> standings) {
        return standings.size() == 1 ? one(standings.getFirst()) : Future.succeededFuture(noneOrSeveral(standings));
    }

    private Future<Answer> one(Standing standing) {
        Json.Builder json = Standings.of(standing);
        Optional<Period> closing = standing.answer().flatMap(CloseProgress::begun);
        return closing.isEmpty()
                ? Future.succeededFuture(Answer.of(200, json))
                : progress(new AgreementId(standing.home()), closing.get())
                        .map(close -> Answer.of(200, json.with("close", close.map(CloseProgress::encode))));
    }

    /// Nothing if the ledger cannot be asked: the verdict is known all the same.
    private Future<Optional<CloseProgress>> progress(AgreementId agreement, Period period) {
        return Waiting.on(threads, () -> {
            try {
                return Optional.of(CloseProgress.of(ledger, agreement, period));
            } catch (LedgerException e) {
                LOG.info(agreement + " " + period + ": how far its close is cannot be told: " + e.getMessage());
                return Optional.empty();
            }
        });
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
