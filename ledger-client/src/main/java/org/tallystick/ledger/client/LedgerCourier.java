package org.tallystick.ledger.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Markers;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.state.Run;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;

/// Carries instructions straight to a member's peer, each in a transaction of its own.
///
/// Nothing is kept: whoever wants an instruction carried through crashes and waits uses a gateway.
public final class LedgerCourier implements Courier {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final BlockIndex index;

    public LedgerCourier(Ledger ledger) {
        this.ledger = ledger;
        this.index = new BlockIndex(ledger);
    }

    @Override
    public Net net() throws LedgerException {
        return ledger.net();
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
        return ledger.get(keys);
    }

    @Override
    public List<Sent> send(List<Signed> instructions, Duration longest) throws LedgerException {
        Instant end = Instant.now().plus(longest);
        List<Sent> sent = new ArrayList<>();
        for (Signed instruction : instructions) {
            sent.add(new Sent(instruction.payload(), send(instruction, end)));
        }
        return List.copyOf(sent);
    }

    /// What is waiting is offered again, as a gateway would.
    private Answer send(Signed instruction, Instant end) throws LedgerException {
        while (true) {
            Answer answer = once(instruction, end);
            if (answer.isFinal() || !Instant.now().plus(AGAIN).isBefore(end)) {
                return answer;
            }
            Pause.of(AGAIN, "an instruction was waiting");
        }
    }

    private Answer once(Signed instruction, Instant end) throws LedgerException {
        Ledger.Call call = new Ledger.Call(
                "submit",
                List.of(instruction.envelope(), hints(instruction)),
                new Hosts().of(ledger, List.of(instruction)));
        Ledger.Endorsed endorsed = ledger.endorse(call);
        Json.Obj item = endorsed.answers(call.arguments()).getFirst();
        boolean verdict = item.has("verdict") && !item.has("repeat");
        if (!verdict) {
            return Answer.of(item, Optional.empty());
        }
        Duration left = Duration.between(Instant.now(), end);
        Committed committed = Committed.of(ledger, endorsed, call, left.compareTo(AGAIN) > 0 ? left : AGAIN);
        return Answer.of(
                committed.transaction().answers().getFirst(),
                Optional.of(
                        new Position(committed.block(), committed.transaction().index(), 0)));
    }

    @Override
    public CloseProgress finish(AgreementId agreement, Period period, Consumer<CloseProgress.UnderWay> told)
            throws LedgerException {
        Ledger.Call call =
                new Ledger.Call("step", List.of(Bytes.ofUtf8(agreement.text()), Bytes.ofUtf8(period.text())));
        CloseProgress progress = CloseProgress.of(this, agreement, period);
        while (progress instanceof CloseProgress.UnderWay step) {
            told.accept(step);
            Optional<LedgerException.Failed> failed = Optional.empty();
            try {
                Committed _ = Committed.of(ledger, call, CloseProgress.STANDSTILL);
            } catch (LedgerException.Failed e) {
                // A gateway may have taken the last step meanwhile.
                failed = Optional.of(e);
            }
            progress = CloseProgress.of(this, agreement, period);
            if (failed.isPresent() && progress.equals(step)) {
                throw failed.get();
            }
        }
        return progress;
    }

    private Bytes hints(Signed instruction) throws LedgerException {
        return new RunHints(this).of(List.of(instruction));
    }

    /// A marker has the verdict of everything but an applied report; of that one, the run says that it is applied, and
    /// the block what it booked and released.
    @Override
    public Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest)
            throws LedgerException {
        String home = agreement.map(AgreementId::text).orElse(Keys.REGISTRY);
        Optional<Markers.Marker> marker = Markers.Place.of(key -> get(key).map(Markers::decode), home, party.text(), id)
                .marker();
        if (marker.isPresent()) {
            Json.Obj verdict = marker.get().verdict();
            Answer answer = Answer.of(verdict, Optional.empty());
            Optional<Period> closing = CloseProgress.begun(verdict);
            return Optional.of(
                    closing.isPresent()
                            ? answer.with(Optional.of(CloseProgress.of(this, agreement.orElseThrow(), closing.get())))
                            : answer);
        }
        return agreement.isEmpty() ? Optional.empty() : reported(agreement.get(), party, id);
    }

    private Optional<Answer> reported(AgreementId agreement, Owner party, Ulid id) throws LedgerException {
        Optional<Document> document = new Agreements(this).find(agreement).flatMap(AgreementView::inEffect);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        for (Document.Source source : document.get().sources()) {
            if (document.get().ledgerParty(source.owner()).equals(party)) {
                SourceHistory history = new SourceHistory(this, agreement, new SourceId(source.id()));
                for (Run run : history.runs()) {
                    if (run.reports().stream().anyMatch(report -> report.id().equals(id.text()))) {
                        return index.verdict(agreement, party, id);
                    }
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Position> settledAt(AgreementId agreement, Period period) throws LedgerException {
        return index.settledAt(agreement, period);
    }

    @Override
    public List<Hash> claims(AgreementId agreement) throws LedgerException {
        return index.claims(agreement);
    }

    @Override
    public List<Kid> keys(PartyId party) throws LedgerException {
        return index.keys(party);
    }

    @Override
    public List<StoryEntry> story(AgreementId agreement) throws LedgerException {
        return index.story(agreement);
    }

    @Override
    public List<AgreementId> agreements() throws LedgerException {
        return index.agreements();
    }

    @Override
    public void close() {
        ledger.close();
    }
}
