package org.tallystick.acceptance.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.document.Document;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Documents;
import org.tallystick.agreement.rules.SentArguments;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.agreement.state.Net;

/// A ledger's state, kept in this process by deciding all that the ledger decides, as its chaincode does.
///
/// So the CPU of one thread tells what the rules cost, apart from all else that the ledger's process does.
final class CopiedLedger {

    private static final int ROUNDS = 7;
    private static final double NANOS_IN_A_MILLI = 1e6;
    private static final Bytes SUBMIT = Bytes.ofUtf8("submit");
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");

    private final String member;
    private final Map<String, Bytes> values = new HashMap<>();
    private final Map<Hash, Document> parsed = new HashMap<>();
    private final Transactions transactions = new Transactions(
            (version, bytes) -> parsed.computeIfAbsent(version, _ -> Documents.PARSED.parse(version, bytes)));
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /// @param member whose admin carries everything
    /// @param net of a ledger on which nothing was done yet
    CopiedLedger(String member, Net net) {
        this.member = member;
        values.put(Keys.NET, net.encode().canonical());
    }

    private record Admin(String member) implements Carrier {
        @Override
        public boolean admin() {
            return true;
        }
    }

    /// Takes over what instructions do that the ledger has applied.
    void applies(List<Signed> instructions) {
        applies(member, instructions);
    }

    /// @param by the member whose admin carried them
    void applies(String by, List<Signed> instructions) {
        for (Signed instruction : instructions) {
            decided(by, sent(instruction)).writes().forEach((key, value) -> {
                if (value.isPresent()) {
                    values.put(key, value.get());
                } else {
                    values.remove(key);
                }
            });
        }
    }

    /// CPU milliseconds that deciding one of these takes, each on the state as it is: the middle of some rounds over
    /// all. Documents that were parsed before are remembered, as the chaincode remembers them.
    double millis(List<Signed> instructions) {
        List<List<Bytes>> sent = instructions.stream().map(CopiedLedger::sent).toList();
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begin = threads.getCurrentThreadCpuTime();
            for (List<Bytes> one : sent) {
                Transactions.Done _ = decided(member, one);
            }
            rounds[round] = (threads.getCurrentThreadCpuTime() - begin) / NANOS_IN_A_MILLI / sent.size();
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static List<Bytes> sent(Signed instruction) {
        return SentArguments.of(List.of(SUBMIT, instruction.envelope(), NO_HINTS));
    }

    private Transactions.Done decided(String by, List<Bytes> sent) {
        List<Bytes> call = SentArguments.read(sent).orElseThrow();
        LedgerTime now = new LedgerTime(System.currentTimeMillis() / 1_000);
        Transactions.Outcome outcome = transactions.submit(
                key -> Optional.ofNullable(values.get(key)),
                new Transactions.Sent(now, new Admin(by)),
                call.subList(1, call.size()));
        if (outcome instanceof Transactions.Done done) {
            Submission.applied(done.response(), 1);
            // The chaincode spells what it answers.
            Bytes _ = done.response().canonical();
            Optional<Bytes> _ = done.event().map(Json.Obj::canonical);
            return done;
        }
        throw new IllegalStateException("our own instruction fails: " + outcome);
    }
}
