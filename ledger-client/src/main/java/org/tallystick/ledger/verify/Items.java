package org.tallystick.ledger.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.signing.Read;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.state.Keys;
import org.tallystick.ledger.pack.Leaf;
import org.tallystick.ledger.pack.TransactionEnvelope;

/// The instructions of a `submit`, each beside what the transaction says the ledger answered.
///
/// @param read all envelopes, those without an answer too
/// @param hints the courier's word where proofs lie, if there is one
/// @param misformed why response and event do not belong to the arguments; empty if they do
record Items(List<Read> read, List<Item> all, Optional<Bytes> hints, List<Misfit> misformed) {

    static final Items NONE = new Items(List.of(), List.of(), Optional.empty(), List.of());

    private static final Bytes HINTS = Bytes.ofUtf8("{\"hints\":");

    /// An instruction.
    ///
    /// @param read the envelope, as far as it can be read
    /// @param stated the item of the response, at full length
    /// @param leaf what the log keeps of it, if it is a new verdict
    record Item(int index, Bytes envelope, Read read, Json.Obj stated, Optional<Leaf> leaf) {

        static Item of(int index, Bytes envelope, Read read, Json.Obj stated) {
            boolean logged = isVerdict(stated) && read instanceof Signed;
            return new Item(
                    index,
                    envelope,
                    read,
                    stated,
                    logged ? Optional.of(Leaf.of(index, (Signed) read, stated)) : Optional.empty());
        }

        Optional<Payload> payload() {
            return read instanceof Signed signed ? Optional.of(signed.payload()) : Optional.empty();
        }

        /// Whether the ledger gave a new verdict: neither waiting, nor refused before a valid signature, nor a repeat.
        boolean isVerdict() {
            return isVerdict(stated);
        }

        private static boolean isVerdict(Json.Obj stated) {
            return stated.has("verdict") && !stated.has("repeat");
        }

        boolean isRepeat() {
            return stated.has("repeat");
        }

        boolean isApplied() {
            return isVerdict() && stated.find("result").equals(Optional.of(Json.text("applied")));
        }

        Optional<String> code() {
            return stated.find("code").map(code -> code instanceof Json.Text(var text) ? text : "");
        }

        /// The chain of an instruction that can be read.
        Optional<String> chain() {
            return payload().map(Keys::chain);
        }
    }

    /// What does not fit, and where.
    record Misfit(String pointer, String text) {}

    /// The first effect of that kind of a verdict.
    static Optional<Json.Obj> effect(Json.Obj stated, String kind) {
        if (!(stated.find("effects").orElse(Json.Obj.EMPTY) instanceof Json.Arr(var effects))) {
            return Optional.empty();
        }
        return effects.stream()
                .filter(effect ->
                        effect instanceof Json.Obj object && object.find("kind").equals(Optional.of(Json.text(kind))))
                .map(Json.Obj.class::cast)
                .findFirst();
    }

    /// The answer of a function, of which a transaction has one.
    static Json.Obj only(TransactionEnvelope transaction) {
        List<Json> items = array(transaction.response(), "items");
        return items.size() == 1 && items.getFirst() instanceof Json.Obj item ? item : Json.Obj.EMPTY;
    }

    static Items of(TransactionEnvelope transaction) {
        List<Bytes> arguments = transaction.arguments();
        boolean hinted = !arguments.isEmpty() && isHints(arguments.getLast());
        List<Bytes> envelopes = hinted ? arguments.subList(0, arguments.size() - 1) : arguments;
        List<Misfit> misfits = new ArrayList<>();
        List<Json> stated = array(transaction.response(), "items");
        if (stated.size() != envelopes.size()) {
            misfits.add(new Misfit("/items", stated.size() + " answers to " + envelopes.size() + " instructions"));
        }
        List<Read> reads = Signed.readAll(envelopes);
        List<Item> items = new ArrayList<>();
        TreeMap<String, Json> leaves = new TreeMap<>();
        for (int n = 0; n < Math.min(stated.size(), envelopes.size()); n++) {
            Json.Obj told = stated.get(n) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
            Read read = reads.get(n);
            Optional<Json.Obj> answer = Told.whole(transaction.response(), told, read);
            if (answer.isEmpty()) {
                misfits.add(new Misfit("/items/" + n, "told otherwise than the ledger tells an answer to this"));
            }
            Item item = Item.of(n, envelopes.get(n), read, answer.orElse(Json.Obj.EMPTY));
            if (item.isVerdict() && item.payload().isEmpty()) {
                misfits.add(new Misfit("/items/" + n, "a verdict on what cannot be read"));
            }
            item.leaf().ifPresent(leaf -> leaves.merge(leaf.chain(), Json.whole(1), Items::sum));
            items.add(item);
        }
        Json said = transaction.event().flatMap(event -> event.find("chains")).orElse(Json.Obj.EMPTY);
        if (!said.equals(new Json.Obj(leaves))) {
            misfits.add(new Misfit("/chains", "other leaves than those of the verdicts"));
        }
        return new Items(
                reads, List.copyOf(items), hinted ? Optional.of(arguments.getLast()) : Optional.empty(), misfits);
    }

    private static Json sum(Json one, Json other) {
        return Json.whole(((Json.Whole) one).value() + ((Json.Whole) other).value());
    }

    private static boolean isHints(Bytes argument) {
        return argument.size() >= HINTS.size()
                && argument.slice(0, HINTS.size()).equals(HINTS)
                && JsonReader.readCanonical(argument) instanceof JsonReader.Value(Json.Obj _);
    }

    private static List<Json> array(Json.Obj object, String name) {
        return object.find(name).orElse(Json.Obj.EMPTY) instanceof Json.Arr(var items) ? items : List.of();
    }

    /// Whether no instruction names an agreement.
    boolean ofRegistry() {
        return all.stream()
                .allMatch(item ->
                        item.payload().map(payload -> payload.scope().isEmpty()).orElse(true));
    }
}
