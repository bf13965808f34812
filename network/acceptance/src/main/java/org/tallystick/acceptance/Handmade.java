package org.tallystick.acceptance;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.state.Net;
import org.tallystick.ledger.client.EventDraft;
import org.tallystick.ledger.keys.KeyFolder;
import org.tallystick.ledger.keys.KeyFolderException;

/// Instructions under one agreement that are written by hand: to be sent in another order, twice, or with a lie.
public final class Handmade {

    private static final Duration BEFORE = Duration.ofMinutes(1);
    private static final Duration WINDOW = Duration.ofDays(1);
    private static final int ENTROPY = 10;

    private final Stand stand;
    private final ExampleAgreement agreement;
    private final Net net;
    private final Hash version;
    private final SecureRandom random = new SecureRandom();

    /// @param net the ledger's, for its id and its time
    public Handmade(Stand stand, ExampleAgreement agreement, Net net) {
        this.stand = stand;
        this.agreement = agreement;
        this.net = net;
        this.version = Hash.of(agreement.document().canonical());
    }

    /// Under a new id, with a window of a day from now.
    public Payload payload(String party, Act act) {
        byte[] entropy = new byte[ENTROPY];
        random.nextBytes(entropy);
        LedgerTime now = net.time(new LedgerTime(Instant.now().getEpochSecond()));
        return payload(party, act, Ulid.of(now.seconds() * 1000, Bytes.copyOf(entropy)));
    }

    /// @param id one that may have been used
    public Payload payload(String party, Act act, Ulid id) {
        LedgerTime now = net.time(new LedgerTime(Instant.now().getEpochSecond()));
        return Payload.of(
                net.ledger(),
                new PartyId(party),
                id,
                now.plus(BEFORE.negated()),
                now.plus(WINDOW),
                Optional.of(Payload.Scope.of(new AgreementId(agreement.id()), version)),
                act);
    }

    /// A report of events that name no other, beginning with this number.
    public Act.Report report(ExampleAgreement.Source source, long first, List<Json> events) {
        List<Json.Obj> drafts = events.stream()
                .map(event -> EventDraft.of((Json.Obj) event).json())
                .toList();
        return new Act.Report(new SourceId(source.id()), first, drafts, List.of());
    }

    /// Signed with the key that lies in the party's home.
    public Signed signed(Payload payload) throws IOException, KeyFolderException {
        return signed(payload, hand(payload.party()));
    }

    /// The key that lies in a party's home; for who signs much, since reading it costs as much as signing with it.
    public Envelope.Hand hand(Owner party) throws IOException, KeyFolderException {
        return new KeyFolder(stand.home(party.text())).hand(party);
    }

    /// Signed with a key that was read before.
    public static Signed signed(Payload payload, Envelope.Hand hand) {
        return read(Envelope.sign(payload, hand));
    }

    /// Signed in the party's name with a key that nobody knows.
    public Signed forged(Payload payload) {
        SigningKey unknown = SigningKey.generate(Algorithm.ES256, random);
        return signed(payload, new Envelope.Hand(payload.party(), unknown));
    }

    /// Another payload under signatures that were made for an honest one.
    public Signed exchanged(Signed honest, Payload other) {
        if (JsonReader.readCanonical(honest.envelope()) instanceof JsonReader.Value(Json.Obj envelope)) {
            TreeMap<String, Json> members = new TreeMap<>(envelope.members());
            members.put("payload", Json.text(Base64Url.encode(other.bytes())));
            return read(new Json.Obj(members).canonical());
        }
        throw new IllegalStateException("our own envelope is not canonical");
    }

    private static Signed read(Bytes envelope) {
        return switch (Signed.read(envelope)) {
            case Signed signed -> signed;
            case Answered(var no) -> throw new IllegalStateException("our own envelope is misformed: " + no);
        };
    }
}
