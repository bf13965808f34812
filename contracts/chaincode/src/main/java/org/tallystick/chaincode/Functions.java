package org.tallystick.chaincode;

import java.util.List;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;
import org.tallystick.agreement.state.State;

/// The functions of the chaincode by their names: the same for a peer and for a rehearsal.
final class Functions {

    private static final int SHOWN_NAME = 40;

    private final Transactions transactions = new Transactions(new ParsedDocuments());

    /// @param arguments the name of the function first
    Outcome outcome(State home, Sent sent, List<Bytes> arguments) {
        if (arguments.isEmpty()) {
            return unknown("");
        }
        String function = arguments.getFirst().utf8().orElse("");
        List<Bytes> rest = arguments.subList(1, arguments.size());
        return switch (function) {
            case "submit" -> transactions.submit(home, sent, rest);
            case "get" -> transactions.get(home, rest);
            case "step" -> transactions.step(home, sent, rest);
            case "init" -> transactions.init(home, sent, rest);
            case "sweep" -> transactions.sweep(home, sent, rest);
            case "advance-epoch" -> transactions.advanceEpoch(home, sent, rest);
            default -> unknown(function);
        };
    }

    private static Failed unknown(String function) {
        String named = function.substring(0, Math.min(SHOWN_NAME, function.length()));
        return new Failed(
                "function_unknown", Json.object().with("function", named).build());
    }
}
