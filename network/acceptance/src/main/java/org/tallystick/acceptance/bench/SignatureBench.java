package org.tallystick.acceptance.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Answered;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.KeyRecord;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.signing.SignedTogether;
import org.tallystick.agreement.signing.SigningKey;
import org.tallystick.agreement.signing.Verified;

/// What it costs to check the ES256 signature of an instruction, alone and among others of its transaction.
///
/// CPU of one thread for instructions that were read before: steps 4 and 5 of the checks, and nothing else.
final class SignatureBench {

    private static final int MOST = 1_000;
    private static final List<Integer> TOGETHER = List.of(8, 16, 64, 440, MOST);
    private static final int ROUNDS = 30;
    private static final double NANOS_IN_A_MICRO = 1_000;

    private static final PartyId PARTY = new PartyId("north/studio");
    private static final LedgerTime FROM = LedgerTime.of("2026-03-01T12:00:00Z");

    private final SigningKey key = SigningKey.generate(Algorithm.ES256, new Random(1));
    private final Optional<KeyRecord> record = Optional.of(KeyRecord.of(key.key(), FROM, Purpose.ALL));
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /// The best of some rounds, in each of which all sizes have their turn.
    List<Measurement> run() {
        List<Signed> all = new ArrayList<>();
        for (int number = 1; number <= MOST; number++) {
            all.add(report(number));
        }
        TreeMap<Integer, Double> best = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            best.merge(1, micros(all, 1), Math::min);
            for (int together : TOGETHER) {
                best.merge(together, micros(all, together), Math::min);
            }
        }
        double alone = best.getOrDefault(1, Double.NaN);
        List<Measurement> measured = new ArrayList<>();
        best.forEach((together, micros) ->
                measured.add(Measurement.of("signatures.of" + together, micros, "us CPU/signature")));
        best.tailMap(1, false)
                .forEach((together, micros) ->
                        measured.add(Measurement.of("signatures.of" + together + ".gain", alone / micros, "x faster")));
        return List.copyOf(measured);
    }

    /// CPU microseconds for each of so many, so many in a transaction.
    private double micros(List<Signed> all, int together) {
        long begin = threads.getCurrentThreadCpuTime();
        int checked = 0;
        for (int from = 0; from + together <= all.size(); from += together) {
            List<Signed> items = all.subList(from, from + together);
            SignedTogether transaction = new SignedTogether(List.<Read>copyOf(items));
            for (Signed signed : items) {
                if (!(signed.verify(FROM, _ -> record, _ -> List.of(), transaction) instanceof Verified)) {
                    throw new IllegalStateException("our own signature does not verify");
                }
                checked++;
            }
        }
        return (threads.getCurrentThreadCpuTime() - begin) / NANOS_IN_A_MICRO / checked;
    }

    private Signed report(int number) {
        Json.Obj sale = Json.object()
                .with("amount", 100 + number)
                .with("currency", "JPY")
                .with("date", "2026-01-15")
                .with("type", "sale")
                .build();
        Payload payload = Payload.of(
                Hash.ZERO,
                PARTY,
                Ulid.of(FROM.seconds() * 1_000, Bytes.ofHex(String.format("%020x", number))),
                FROM,
                FROM.plus(Duration.ofDays(1)),
                Optional.of(Payload.Scope.of(new AgreementId("north/studio/creators"), Hash.ZERO)),
                new Act.Report(new SourceId("sales"), number, List.of(sale), List.of()));
        return switch (Signed.read(Envelope.sign(payload, new Envelope.Hand(PARTY, key)))) {
            case Signed signed -> signed;
            case Answered(var no) -> throw new IllegalStateException("our own instruction is not read: " + no);
        };
    }
}
