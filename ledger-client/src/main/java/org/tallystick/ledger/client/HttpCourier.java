package org.tallystick.ledger.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.log.ReceiptFile;

/// Carries instructions to a gateway over HTTP. The gateway keeps them, so nobody has to stay until the verdict.
public final class HttpCourier implements Courier {

    /// As long as a gateway lets anybody wait in one call, with some time for the way.
    private static final Duration LONGEST_POLL = Duration.ofSeconds(25);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final GatewayClient gateway;
    private Consumer<ReceiptFile> receipts = _ -> {};

    /// @param gateway its base address, such as `http://127.0.0.1:8080`
    public HttpCourier(URI gateway) {
        this.gateway = new GatewayClient(gateway);
    }

    /// Who is given the receipts of what is sent from now on, one for each request.
    public void receipts(Consumer<ReceiptFile> kept) {
        receipts = kept;
    }

    @Override
    public Net net() throws LedgerException {
        return gateway.getNet();
    }

    @Override
    public SortedMap<String, Json.Obj> get(List<String> keys) throws LedgerException {
        return gateway.getState(keys);
    }

    @Override
    public List<Sent> send(List<Signed> instructions, Duration longest) throws LedgerException {
        Instant end = Instant.now().plus(longest);
        List<Answer> first = new ArrayList<>();
        for (List<Signed> part : parts(instructions)) {
            TakenIn taken = gateway.postInstructions(part, Duration.ZERO);
            taken.receipt().ifPresent(receipts);
            first.addAll(taken.answers());
        }
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < instructions.size(); i++) {
            Signed signed = instructions.get(i);
            sent.add(new Sent(
                    signed.payload(), first.get(i).isFinal() ? first.get(i) : await(signed, first.get(i), end)));
        }
        return List.copyOf(sent);
    }

    /// As many at once as a gateway takes.
    private static List<List<Signed>> parts(List<Signed> instructions) {
        List<List<Signed>> parts = new ArrayList<>();
        int size = 0;
        for (Signed instruction : instructions) {
            int line = instruction.envelope().size() + 1;
            size += line;
            if (parts.isEmpty() || parts.getLast().size() == GatewayClient.MOST || size > GatewayClient.LARGEST_BODY) {
                parts.add(new ArrayList<>());
                size = line;
            }
            parts.getLast().add(instruction);
        }
        return parts;
    }

    private Answer await(Signed signed, Answer first, Instant end) throws LedgerException {
        Payload payload = signed.payload();
        String home = payload.scope().map(scope -> scope.agreement().text()).orElse(Keys.REGISTRY);
        Answer answer = first;
        while (!answer.isFinal()) {
            Duration left = Duration.between(Instant.now(), end);
            if (left.compareTo(AGAIN) < 0) {
                return answer;
            }
            Optional<Answer> next =
                    poll(payload.party(), Optional.of(home), payload.id(), Optional.of(signed.instruction()), left);
            if (next.isEmpty()) {
                throw GatewayClient.strange("no trace of an instruction it took");
            }
            answer = next.get();
            if (answer instanceof Answer.Waiting) {
                Pause.of(AGAIN, "the gateway was asked");
            }
        }
        return answer;
    }

    /// @param home the agreement or the registry, where it is known: an id may have been used under several
    /// @param instruction its hash, where it is known: an id may have been used more than once even there
    private Optional<Answer> poll(
            Owner party, Optional<String> home, Ulid id, Optional<Hash> instruction, Duration left)
            throws LedgerException {
        return gateway.getInstruction(
                party, id, home, instruction, left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL);
    }

    @Override
    public Optional<Answer> status(Owner party, Optional<AgreementId> agreement, Ulid id, Duration longest)
            throws LedgerException {
        Instant end = Instant.now().plus(longest);
        while (true) {
            Duration left = Duration.between(Instant.now(), end);
            Optional<Answer> answer = poll(
                    party,
                    agreement.map(AgreementId::text),
                    id,
                    Optional.empty(),
                    left.isNegative() ? Duration.ZERO : left);
            if (answer.isEmpty() || answer.get().isFinal() || left.compareTo(AGAIN) < 0) {
                return answer;
            }
            Pause.of(AGAIN, "the gateway was asked");
        }
    }

    /// The gateway knows it from the blocks that it has followed.
    @Override
    public Optional<Position> settledAt(AgreementId agreement, Period period) throws LedgerException {
        return gateway.getSettlement(agreement, period).flatMap(GatewayClient.SettlementTold::position);
    }

    @Override
    public List<Hash> claims(AgreementId agreement) throws LedgerException {
        return gateway.listClaims(agreement);
    }

    @Override
    public List<Kid> keys(PartyId party) throws LedgerException {
        return gateway.listKeys(party);
    }

    @Override
    public List<StoryEntry> story(AgreementId agreement) throws LedgerException {
        List<StoryEntry> story = new ArrayList<>();
        List<StoryEntry> page;
        do {
            page = gateway.getStory(
                    agreement,
                    story.isEmpty()
                            ? Optional.empty()
                            : Optional.of(story.getLast().at()));
            story.addAll(page);
        } while (!page.isEmpty());
        return List.copyOf(story);
    }

    @Override
    public List<AgreementId> agreements() throws LedgerException {
        List<AgreementId> agreements = new ArrayList<>();
        List<AgreementId> page;
        do {
            page = gateway.listAgreements(
                            AgreementFilter.ALL,
                            agreements.isEmpty() ? Optional.empty() : Optional.of(agreements.getLast()))
                    .agreements();
            agreements.addAll(page);
        } while (!page.isEmpty());
        return List.copyOf(agreements);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
