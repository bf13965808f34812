package org.tallystick.chaincode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;

/// Plays transactions again, on a state of its own, and says what this code makes of them: so that members see,
/// before they approve a new version, what it would have decided differently.
///
/// It reads a line for each transaction that took effect, in the order of the ledger:
/// `{"arguments":[base64url, ...],"creator":base64url,"time":seconds}`, the name of the function first. It answers
/// with a line each: `{"event":..., "response":...}` or `{"failed":message}`.
public final class Rehearsal {

    private final Functions functions = new Functions();
    private final Map<String, Bytes> state = new HashMap<>();

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        Rehearsal rehearsal = new Rehearsal();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(rehearsal.play(line).canonical().utf8().orElseThrow());
            out.flush();
        }
    }

    private Json.Obj play(String line) throws IOException {
        if (!(JsonReader.read(Bytes.ofUtf8(line), JsonReader.Profile.FILE)
                instanceof JsonReader.Value(Json.Obj said))) {
            throw new IOException("not a transaction to rehearse: " + line.substring(0, Math.min(80, line.length())));
        }
        Sent sent = new Sent(
                new LedgerTime(said.whole("time")),
                new Creator(bytes(said.get("creator")).toArray()));
        List<Bytes> arguments =
                said.items("arguments").stream().map(Rehearsal::bytes).toList();
        Outcome outcome = functions.outcome(key -> Optional.ofNullable(state.get(key)), sent, arguments);
        return switch (outcome) {
            case Failed failed -> Json.object().with("failed", failed.message()).build();
            case Done(var response, var event, var writes) -> {
                writes.forEach((key, value) -> {
                    if (value.isPresent()) {
                        Bytes _ = state.put(key, value.get());
                    } else {
                        Bytes _ = state.remove(key);
                    }
                });
                yield Json.object()
                        .with("event", event)
                        .with("response", response)
                        .build();
            }
        };
    }

    private static Bytes bytes(Json text) {
        return Base64Url.decode(((Json.Text) text).value())
                .orElseThrow(() -> new IllegalArgumentException("not base64url: " + text));
    }
}
