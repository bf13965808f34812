package org.tallystick.fabric.lifecycle;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerBlock.Transaction;

/// Plays the ledger's transactions again through other code, in a process of its own, and compares what it decides
/// with what was decided.
public final class Rehearsing implements AutoCloseable {

    /// What a process that rehearses runs.
    private static final String MAIN_CLASS = "org.tallystick.chaincode.Rehearsal";

    private static final String ITEMS = "items";
    private static final String SUBMIT = "submit";

    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private final List<Difference> differences = new ArrayList<>();
    private long played;

    private Rehearsing(Process process) {
        this.process = process;
        this.to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// @param log where the process says what goes wrong
    public static Rehearsing with(Code code, Path log) throws IOException {
        return new Rehearsing(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        code.classPath(),
                        MAIN_CLASS)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /// What the other code would have decided differently.
    ///
    /// @param item the place in the transaction, if it is one item's answer
    /// @param what was asked for: `close of north/vendor/reseller by north/vendor`, or the name of a function
    public record Difference(
            long block, int transaction, Optional<Integer> item, String what, Json decided, Json rehearsed) {}

    /// Plays what took effect in a block.
    public void play(LedgerBlock block) throws IOException, NodeException {
        for (Transaction transaction : block.transactions()) {
            if (transaction.valid()) {
                play(block.number(), transaction);
            }
        }
    }

    private void play(long block, Transaction transaction) throws IOException, NodeException {
        List<String> arguments = new ArrayList<>();
        arguments.add(Base64Url.encode(Bytes.ofUtf8(transaction.function())));
        transaction.arguments().forEach(argument -> arguments.add(Base64Url.encode(argument)));
        Json.Obj line = Json.object()
                .with("arguments", Json.texts(arguments))
                .with("creator", Base64Url.encode(creator(transaction)))
                .with("time", transaction.timestamp().seconds())
                .build();
        to.println(line.canonical().utf8().orElseThrow());
        String answer = from.readLine();
        if (answer == null
                || !(JsonReader.read(Bytes.ofUtf8(answer), JsonReader.Profile.FILE)
                        instanceof JsonReader.Value(Json.Obj rehearsed))) {
            throw new NodeException(
                    "the code that is rehearsed ended at block " + block + ", transaction " + transaction.index(),
                    "it may be older than rehearsals are, or faulty; its log says more");
        }
        played++;
        compare(block, transaction, rehearsed);
    }

    private static Bytes creator(Transaction transaction) throws NodeException {
        try {
            var payload = org.hyperledger.fabric.protos.common.Payload.parseFrom(
                    Envelope.parseFrom(transaction.envelope().toArray()).getPayload());
            ByteString creator = SignatureHeader.parseFrom(payload.getHeader().getSignatureHeader())
                    .getCreator();
            return Bytes.copyOf(creator.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new NodeException("transaction " + transaction.id() + " is no envelope: " + e.getMessage());
        }
    }

    private void compare(long block, Transaction transaction, Json.Obj rehearsed) {
        Json.Obj decided = Json.object()
                .with("event", transaction.event())
                .with("response", transaction.response())
                .build();
        if (decided.equals(rehearsed)) {
            return;
        }
        int before = differences.size();
        List<Json> one = items(decided);
        List<Json> other = items(rehearsed);
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            if (!one.get(i).equals(other.get(i))) {
                differences.add(new Difference(
                        block, transaction.index(), Optional.of(i), what(transaction, i), one.get(i), other.get(i)));
            }
        }
        if (differences.size() == before) {
            differences.add(new Difference(
                    block, transaction.index(), Optional.empty(), transaction.function(), decided, rehearsed));
        }
    }

    private static String what(Transaction transaction, int item) {
        if (!transaction.function().equals(SUBMIT)
                || !(Signed.read(transaction.arguments().get(item)) instanceof Signed signed)) {
            return transaction.function();
        }
        Payload payload = signed.payload();
        return payload.kind().text()
                + payload.scope()
                        .map(scope -> " of " + scope.agreement().text())
                        .orElse("") + " by " + payload.party().text();
    }

    private static List<Json> items(Json.Obj outcome) {
        return outcome.find("response").orElse(Json.Obj.EMPTY) instanceof Json.Obj response
                        && response.find(ITEMS).orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items)
                ? items
                : List.of();
    }

    public List<Difference> differences() {
        return List.copyOf(differences);
    }

    /// How many transactions were played.
    public long played() {
        return played;
    }

    @Override
    public void close() {
        to.close();
        Process _ = process.destroyForcibly();
    }
}
