package org.tallystick.ledger.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Limits;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.PartlySigned;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.LedgerException;

/// Where instructions are written, signed and sent: their ids and windows follow the ledger's time.
public final class Desk {

    /// How far the courier's clock may be behind this one.
    private static final Duration BEFORE = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofDays(1);
    private static final Duration USUAL_WAIT = Duration.ofSeconds(30);
    private static final int ENTROPY = 10;

    private final Courier courier;
    private final InstantSource clock;
    private final Duration window;
    private final Duration longest;
    private final Optional<Consumer<PartlySigned>> unsent;
    private final SecureRandom random = new SecureRandom();
    private @Nullable Net lasting;

    /// @param window how long the instructions may still be applied, at most a week
    /// @param longest how long to wait for the answers
    public Desk(Courier courier, InstantSource clock, Duration window, Duration longest) {
        this(courier, clock, window, longest, Optional.empty());
    }

    private Desk(
            Courier courier,
            InstantSource clock,
            Duration window,
            Duration longest,
            Optional<Consumer<PartlySigned>> unsent) {
        this.courier = courier;
        this.clock = clock;
        this.window = window;
        this.longest = longest;
        this.unsent = unsent;
    }

    /// With this machine's clock; instructions are good for a day, and answers are waited for half a minute.
    public static Desk at(Courier courier) {
        return new Desk(courier, InstantSource.system(), WINDOW, USUAL_WAIT);
    }

    public Desk waiting(Duration other) {
        return new Desk(courier, clock, window, other, unsent);
    }

    /// Writes instructions that are good for less or more time, at most a week.
    Desk within(Duration other) {
        return new Desk(courier, clock, other, longest, unsent);
    }

    /// Sends nothing: hands over each instruction with the signatures that it has here, for others to sign within a
    /// week.
    public Desk unsent(Consumer<PartlySigned> kept) {
        return new Desk(courier, clock, Limits.WINDOW, longest, Optional.of(kept));
    }

    public Courier courier() {
        return courier;
    }

    /// Only the clock of a trial is ever moved, so only a trial is asked each time.
    private synchronized Net net() throws LedgerException {
        Net known = lasting;
        if (known != null) {
            return known;
        }
        Net net = courier.net();
        if (!net.trial()) {
            lasting = net;
        }
        return net;
    }

    /// Ledger time now.
    public LedgerTime time() throws LedgerException {
        return net().time(new LedgerTime(clock.instant().getEpochSecond()));
    }

    Payload payload(Owner party, ActKind kind, Optional<Payload.Scope> scope, Json.Obj body) throws LedgerException {
        Net net = net();
        long millis = clock.millis() + net.offset().toMillis();
        LedgerTime from = new LedgerTime(Math.max(0, millis / 1000 - BEFORE.toSeconds()));
        byte[] entropy = new byte[ENTROPY];
        random.nextBytes(entropy);
        Ulid id = Ulid.of(millis, Bytes.copyOf(entropy));
        return new Payload(net.ledger(), kind, party, id, from, from.plus(window), scope, body);
    }

    /// Signs a payload that was just made.
    Signed sign(Payload payload, Envelope.Hand hand) {
        return switch (Signed.read(Envelope.sign(payload, hand))) {
            case Signed signed -> signed;
            case Answered(var no) -> throw new IllegalStateException("nobody would read this report: " + no);
        };
    }

    /// Hands over what was signed before, and waits.
    List<Sent> carry(List<Signed> signed) throws LedgerException {
        return courier.send(signed, longest);
    }

    /// Signs payloads, has them carried and waits. What nobody would read is answered here and not sent, nor is what
    /// comes after it.
    List<Sent> carry(List<Payload> payloads, List<Envelope.Hand> hands) throws LedgerException {
        if (unsent.isPresent()) {
            return payloads.stream()
                    .map(payload -> new Sent(payload, kept(payload, hands, unsent.get())))
                    .toList();
        }
        List<Signed> good = new ArrayList<>();
        Optional<Sent> misformed = Optional.empty();
        for (Payload payload : payloads) {
            switch (Signed.read(Envelope.sign(payload, hands))) {
                case Signed signed -> good.add(signed);
                case Answered(var no) -> misformed = Optional.of(new Sent(payload, Answer.of(no)));
            }
            if (misformed.isPresent()) {
                break;
            }
        }
        List<Sent> sent = new ArrayList<>(good.isEmpty() ? List.of() : courier.send(good, longest));
        misformed.ifPresent(sent::add);
        return List.copyOf(sent);
    }

    Sent carry(Payload payload, List<Envelope.Hand> hands) throws LedgerException {
        return carry(List.of(payload), hands).getFirst();
    }

    /// What nobody would read is not kept for others either.
    private static Answer kept(Payload payload, List<Envelope.Hand> hands, Consumer<PartlySigned> unsent) {
        PartlySigned signed = PartlySigned.of(payload);
        if (PartlySigned.read(signed.envelope()) instanceof Answered(var no)) {
            return Answer.of(no);
        }
        for (Envelope.Hand hand : hands) {
            signed = signed.signedBy(hand);
        }
        unsent.accept(signed);
        return new Answer.Unsent();
    }
}
