package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.embedded.tally.TallyLedger;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Committed;
import org.tallystick.ledger.client.LedgerCourier;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// What a thief of the gateway could send: a signed instruction with any of its bytes changed, straight to the
/// chaincode. The ledger refuses it and writes nothing.
@Tag("slow")
final class AlteredInstructionTest {

    private static final AgreementId AGREEMENT = Partnership.agreement("altered");
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Bytes NO_HINTS = Bytes.ofUtf8("{\"hints\":[]}");
    /// One bit of a byte.
    private static final int[] CHANGES = {1, 2, 4, 8, 16, 32, 64, 128};

    @TempDir
    Path folder = Path.of(".");

    /// A changed envelope, and what was done to it.
    private record Altered(int at, int change, Bytes envelope) {}

    @Test
    void each_byte_of_a_signed_instruction_changed_behind_the_gateway_is_refused_and_writes_nothing() throws Exception {
        TallyLedger.Settings settings =
                new TallyLedger.Settings(folder, Partnership.MEMBERS, OptionalInt.empty(), false, Duration.ofMillis(1));
        try (TallyLedger embedded = TallyLedger.start(settings);
                Ledger ledger = embedded.connect("east")) {
            Partnership partnership = begun(embedded, ledger);
            for (PartyId party : List.of(Partnership.HUB, Partnership.ANA)) {
                refusesAllButTheTrueOne(ledger, partnership, party);
            }
        }
    }

    private static Partnership begun(TallyLedger embedded, Ledger ledger) throws Exception {
        Partnership partnership = new Partnership(ledger.id(), 1);
        for (String member : Partnership.MEMBERS) {
            try (Ledger admin = embedded.connectAdmin(member)) {
                partnership.registers(member, admin);
            }
        }
        LedgerCourier courier = new LedgerCourier(ledger);
        partnership.enrolls(courier);
        partnership.agrees(AGREEMENT, courier);
        return partnership;
    }

    private static void refusesAllButTheTrueOne(Ledger ledger, Partnership partnership, PartyId party)
            throws LedgerException {
        SourceId source = Partnership.sources(party).getFirst();
        Bytes envelope = partnership.report(AGREEMENT, party, source, 1, 1);
        Map<String, Integer> codes = new TreeMap<>();

        int judged = 0;
        for (List<Altered> batch : batches(altered(envelope))) {
            judged += refuses(ledger, batch, codes);
        }

        assertThat(judged).isEqualTo(envelope.size() * CHANGES.length);
        assertThat(codes)
                .containsKeys(
                        "not_json", "base64_form", "not_canonical", "payload_form", "key_unknown", "signature_wrong");
        TransactionEnvelope unaltered = submit(ledger, List.of(envelope));
        assertThat(Told.answers(unaltered.arguments(), unaltered.response()).orElseThrow())
                .allMatch(answer -> answer.text("result").equals("applied"));
    }

    private static List<Altered> altered(Bytes envelope) {
        List<Altered> all = new ArrayList<>();
        byte[] octets = envelope.toArray();
        for (int at = 0; at < octets.length; at++) {
            for (int change : CHANGES) {
                octets[at] ^= (byte) change;
                all.add(new Altered(at, change, Bytes.copyOf(octets)));
                octets[at] ^= (byte) change;
            }
        }
        return all;
    }

    /// As few transactions as may be. What can be read is under one agreement in each, as the chaincode asks.
    private static List<List<Altered>> batches(List<Altered> all) {
        List<List<Altered>> full = new ArrayList<>();
        Map<String, List<Altered>> open = new TreeMap<>();
        Map<String, Integer> sizes = new TreeMap<>();
        for (Altered one : all) {
            String scope = Signed.read(one.envelope()) instanceof Signed signed
                    ? signed.payload()
                            .scope()
                            .map(under -> under.agreement().text())
                            .orElse("reg")
                    : "unreadable";
            List<Altered> batch = open.computeIfAbsent(scope, _ -> new ArrayList<>());
            int size = sizes.merge(scope, one.envelope().size(), Integer::sum);
            if (batch.size() == Transactions.MAX_ENVELOPES || size > Transactions.MAX_ARGUMENTS - NO_HINTS.size()) {
                full.add(List.copyOf(batch));
                batch.clear();
                sizes.put(scope, one.envelope().size());
            }
            batch.add(one);
        }
        full.addAll(open.values());
        return full;
    }

    /// @return how many were judged: all of them
    private static int refuses(Ledger ledger, List<Altered> batch, Map<String, Integer> codes) throws LedgerException {
        TransactionEnvelope transaction =
                submit(ledger, batch.stream().map(Altered::envelope).toList());
        List<Json> items = transaction.response().items("items");
        assertThat(items).hasSameSizeAs(batch);
        for (int n = 0; n < batch.size(); n++) {
            Json.Obj item = (Json.Obj) items.get(n);
            Altered altered = batch.get(n);
            String what = "byte " + altered.at() + ", exclusive or " + altered.change() + ": " + item.canonical();
            assertThat(item.text("result")).as(what).isEqualTo("refused");
            assertThat(item.has("verdict")).as(what).isFalse();
            codes.merge(item.text("code"), 1, Integer::sum);
        }
        assertThat(transaction.writes()).isEmpty();
        assertThat(transaction.event()).isEmpty();
        return items.size();
    }

    /// Sends these in one transaction, and has it from its block.
    private static TransactionEnvelope submit(Ledger ledger, List<Bytes> envelopes) throws LedgerException {
        List<Bytes> arguments = new ArrayList<>(envelopes);
        arguments.add(NO_HINTS);
        Committed committed = Committed.of(ledger, new Ledger.Call("submit", arguments), LONGEST);
        return switch (TransactionEnvelope.read(committed.transaction().envelope())) {
            case TransactionEnvelope.Parsed(var transaction) -> transaction;
            case TransactionEnvelope.Misformed(var why) -> throw new IllegalStateException(why);
        };
    }
}
