package org.tallystick.agreement.signing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.Ulid;

/// Instructions, keys and key records that the tests of this package share.
final class Instructions {

    static final Hash LEDGER = Hash.of(Bytes.ofUtf8("a ledger"));
    static final MemberId NORTH = new MemberId("north");
    static final PartyId ANA = new PartyId("north/ana");
    static final AgreementId AGREEMENT = new AgreementId("north/ana/creators");
    static final LedgerTime FROM = LedgerTime.of("2026-03-01T12:00:00Z");
    static final LedgerTime UNTIL = LedgerTime.of("2026-03-03T12:00:00Z");
    static final LedgerTime NOW = LedgerTime.of("2026-03-02T00:00:00Z");

    private Instructions() {}

    static SigningKey key(Algorithm algorithm, long seed) {
        return SigningKey.generate(algorithm, new Random(seed));
    }

    static Payload accept() {
        return of(new Act.Accept(Optional.of(Hash.ZERO)));
    }

    /// An act of Ana's under the agreement.
    static Payload of(Act act) {
        Payload.Scope scope = Payload.Scope.of(AGREEMENT, Hash.of(Bytes.ofUtf8("a version")));
        return Payload.of(LEDGER, ANA, id(1), FROM, UNTIL, Optional.of(scope), act);
    }

    static Payload enroll(Signer key) {
        Act act = new Act.Enroll(
                key.key(), Purpose.ALL, Optional.empty(), Optional.empty(), Optional.of("Ana"), Optional.empty());
        return Payload.of(LEDGER, ANA, id(2), FROM, UNTIL, Optional.empty(), act);
    }

    static Ulid id(int number) {
        return Ulid.of(FROM.seconds() * 1000, Bytes.ofHex(String.format("%020x", number)));
    }

    /// The ledger's records of these keys, each asked for once.
    static Function<Kid, Optional<KeyRecord>> records(Envelope.Hand... hands) {
        Map<Kid, KeyRecord> records = List.of(hands).stream()
                .collect(Collectors.toMap(
                        hand -> hand.key().kid(hand.owner()),
                        hand -> KeyRecord.of(
                                hand.key().key(), FROM, hand.owner() instanceof PartyId ? Purpose.ALL : List.of())));
        return kid -> Optional.ofNullable(records.get(kid));
    }

    static List<Recovery> noRecovery(PartyId party) {
        return List.of();
    }

    /// One signature alone.
    static Signature signature(Envelope.Hand hand, Payload payload) {
        Key key = hand.key().key();
        Bytes bytes = payload.bytes();
        Bytes text = Bytes.ofUtf8(Base64Url.encode(bytes));
        SigningInput input = new SigningInput(payload, bytes, text, key.kid(hand.owner()), key.algorithm());
        return input.with(hand.key().sign(input));
    }

    static Signed signed(Bytes envelope) {
        return switch (Signed.read(envelope)) {
            case Signed signed -> signed;
            case Answered(var no) -> throw new AssertionError(no.toString());
        };
    }

    /// The code of the answer, or `verified`.
    static String answer(Bytes envelope, Function<Kid, Optional<KeyRecord>> records) {
        return switch (Signed.read(envelope)) {
            case Answered(var no) -> no.code().text();
            case Signed signed ->
                switch (signed.verify(NOW, records, Instructions::noRecovery)) {
                    case Answered(var no) -> no.code().text();
                    case Verified _ -> "verified";
                };
        };
    }
}
