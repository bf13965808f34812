package org.tallystick.agreement.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Deflated;

/// How a function and its arguments travel in a transaction: as they are, or those of `submit` deflated
/// (`docs/spec/ledger-1.md` section 11).
///
/// Envelopes of one batch say mostly the same, and every node copies, hashes and keeps what a transaction carries.
public final class SentArguments {

    /// What the arguments of a `submit` take at most, with the length of each.
    static final int MAX_INFLATED = Transactions.MAX_ARGUMENTS + Integer.BYTES * (Transactions.MAX_ENVELOPES + 1);

    private static final Bytes SUBMIT = Bytes.ofUtf8("submit");
    private static final Bytes DEFLATED = Bytes.ofUtf8("deflated");

    private SentArguments() {}

    /// The shorter way to send a call.
    ///
    /// @param call the name of the function, then its arguments
    public static List<Bytes> of(List<Bytes> call) {
        if (!call.getFirst().equals(SUBMIT)) {
            return call;
        }
        List<Bytes> deflated = List.of(DEFLATED, Deflated.deflate(call.subList(1, call.size())));
        return size(deflated) < size(call) ? deflated : call;
    }

    private static long size(List<Bytes> parts) {
        return parts.stream().mapToLong(Bytes::size).sum();
    }

    /// The call that was sent, or nothing if it says that it is deflated and is not.
    public static Optional<List<Bytes>> read(List<Bytes> sent) {
        if (sent.isEmpty() || !sent.getFirst().equals(DEFLATED)) {
            return Optional.of(sent);
        }
        return sent.size() == 2
                ? Deflated.inflate(sent.getLast(), MAX_INFLATED).map(SentArguments::submit)
                : Optional.empty();
    }

    private static List<Bytes> submit(List<Bytes> arguments) {
        List<Bytes> call = new ArrayList<>();
        call.add(SUBMIT);
        call.addAll(arguments);
        return List.copyOf(call);
    }
}
