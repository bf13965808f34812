package org.tallystick.ledger.log;

import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.VerifierKey;
import org.tallystick.ledger.log.Spelling.Stop;

/// What a gateway promises of the instructions that it took, before it is signed and after: `docs/spec/receipt-1.md`.
///
/// @param signed when it was signed
/// @param latest the latest promise in it
/// @param count of its leaves
/// @param root over them
public record Receipt(Hash ledger, MemberId member, LedgerTime signed, LedgerTime latest, int count, Hash root) {

    /// Instructions in one receipt.
    public static final int MOST = 5_000;

    private static final String FIRST_LINE = "tallystick/receipt/1";
    private static final int LINES = 7;

    public Receipt {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("a receipt for " + count + " instructions");
        }
    }

    /// What comes of opening one.
    public sealed interface Opened {

        record Given(Receipt receipt) implements Opened {}

        record Refused(String why) implements Opened {}
    }

    /// @param signer of the member's key `log`
    public Note sign(LogSigner signer) {
        return signer.sign(text());
    }

    public String text() {
        return String.join(
                        "\n",
                        FIRST_LINE,
                        ledger.hex(),
                        member.text(),
                        signed.text(),
                        latest.text(),
                        String.valueOf(count),
                        root.hex())
                + "\n";
    }

    /// Reads one that this key must have signed.
    public static Opened open(Bytes note, VerifierKey key) {
        return switch (Note.parse(note)) {
            case Reading.Fault<Note>(String why) -> new Opened.Refused(why);
            case Reading.Value<Note>(Note read) ->
                key.type().isCosignature()
                        ? new Opened.Refused("this is no key of a log")
                        : switch (new KnownKeys(List.of(key)).open(read)) {
                            case KnownKeys.Opened.Refused(String why) -> new Opened.Refused(why);
                            case KnownKeys.Opened.Signed _ -> opened(read.text());
                        };
        };
    }

    private static Opened opened(String text) {
        return switch (Spelling.reading(() -> read(text))) {
            case Reading.Fault<Receipt>(String why) -> new Opened.Refused(why);
            case Reading.Value<Receipt>(Receipt receipt) -> new Opened.Given(receipt);
        };
    }

    private static Receipt read(String text) throws Stop {
        List<String> lines = Spelling.lines(text);
        Spelling.need(lines.size() == LINES && lines.getFirst().equals(FIRST_LINE), "no " + FIRST_LINE);
        long count = Spelling.number(lines.get(5));
        Spelling.need(count >= 1 && count <= MOST, "a receipt for " + count + " instructions");
        return new Receipt(
                hash(lines.get(1)),
                value(MemberId.parse(lines.get(2)), "no member"),
                value(LedgerTime.parse(lines.get(3)), "no time"),
                value(LedgerTime.parse(lines.get(4)), "no time"),
                (int) count,
                hash(lines.get(6)));
    }

    private static Hash hash(String text) throws Stop {
        Spelling.need(Hash.isHash(text), "no hash");
        return new Hash(text);
    }

    private static <T> T value(Optional<T> read, String otherwise) throws Stop {
        Spelling.need(read.isPresent(), otherwise);
        return read.orElseThrow();
    }
}
