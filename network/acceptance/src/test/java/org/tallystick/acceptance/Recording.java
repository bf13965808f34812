package org.tallystick.acceptance;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.ledger.rwset.NsReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.TxReadWriteSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRWSet;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVRead;
import org.hyperledger.fabric.protos.ledger.rwset.kvrwset.KVWrite;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.hyperledger.fabric.protos.peer.ChaincodeAction;
import org.hyperledger.fabric.protos.peer.ChaincodeActionPayload;
import org.hyperledger.fabric.protos.peer.Endorsement;
import org.hyperledger.fabric.protos.peer.ProposalResponsePayload;
import org.hyperledger.fabric.protos.peer.Transaction;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// What a scenario left in the blocks of a ledger, told so that it can be compared with what it left on another.
///
/// @param transactions each with its function, validation code, response, event, endorsers, reads and writes, under
///     [Names]
record Recording(String scenario, List<Json.Obj> transactions) {

    private static final String CHAINCODE = "tallystick";

    Recording {
        transactions = List.copyOf(transactions);
    }

    /// Reads what was committed since the ledger had this height.
    static Recording since(long height, String scenario, Ledger ledger) throws LedgerException {
        Reading reading = new Reading();
        long end = ledger.height();
        try (BlockStream blocks = ledger.blocks(height)) {
            for (long number = height; number < end; number++) {
                LedgerBlock block = blocks.next();
                for (LedgerBlock.Transaction transaction : block.transactions()) {
                    reading.take(block.number(), transaction);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a transaction of ours is no protobuf message", e);
        }
        return new Recording(scenario, reading.transactions);
    }

    /// How many verdicts of this result there are.
    long verdicts(String result) {
        return items().filter(item -> Told.isBrief(item) || (item.has("verdict") && !item.has("repeat")))
                .filter(item -> item.findText("result").orElse("applied").equals(result))
                .count();
    }

    /// How many settlements were posted.
    long settlements() {
        return items().filter(item -> item.has("effects"))
                .flatMap(item -> item.items("effects").stream())
                .filter(effect -> ((Json.Obj) effect).findText("kind").equals(Optional.of("settlement")))
                .count();
    }

    /// How many entries all lists of this name have.
    long sum(String name) {
        return transactions.stream()
                .mapToLong(transaction -> transaction.items(name).size())
                .sum();
    }

    private Stream<Json.Obj> items() {
        return transactions.stream()
                .filter(transaction -> transaction.text("code").equals("VALID"))
                .map(transaction -> transaction.object("response"))
                .filter(response -> response.has("items"))
                .flatMap(response -> response.items("items").stream())
                .map(Json.Obj.class::cast);
    }

    /// One pass over the blocks of a scenario.
    private static final class Reading {

        private final Names names = new Names();
        private final Map<String, Integer> writers = new HashMap<>();
        private final List<Json.Obj> transactions = new ArrayList<>();

        void take(long block, LedgerBlock.Transaction transaction) throws InvalidProtocolBufferException {
            Transaction content = Transaction.parseFrom(Payload.parseFrom(
                            Envelope.parseFrom(transaction.envelope().toArray()).getPayload())
                    .getData());
            var endorsed = ChaincodeActionPayload.parseFrom(
                            content.getActions(0).getPayload())
                    .getAction();
            var action =
                    ChaincodeAction.parseFrom(ProposalResponsePayload.parseFrom(endorsed.getProposalResponsePayload())
                            .getExtension());
            KVRWSet set = ours(action.getResults());
            // Named first, and in their order: what follows may lie in the order of ids or hashes.
            List<Json> instructions = instructions(transaction);
            Json.Obj told = Json.object()
                    .with("code", transaction.code())
                    .with("endorsers", endorsers(endorsed.getEndorsementsList(), instructions.isEmpty()))
                    .with("event", transaction.event().map(names::in))
                    .with("function", transaction.function())
                    .with("instructions", Json.array(instructions))
                    .with("response", names.in(transaction.response()))
                    .with("reads", Json.array(reads(set)))
                    .with("writes", Json.array(writes(set, ids(transaction))))
                    .build();
            transactions.add(told);
            if (transaction.valid()) {
                writers.put(block + "/" + transaction.index(), transactions.size());
            }
        }

        private List<Json> instructions(LedgerBlock.Transaction transaction) {
            List<Json> instructions = new ArrayList<>();
            for (Bytes argument : transaction.arguments()) {
                if (Signed.read(argument) instanceof Signed signed) {
                    instructions.add(Json.object()
                            .with("act", signed.payload().kind().text())
                            .with("hash", names.in(signed.instruction().hex()))
                            .with("id", names.in(signed.payload().id().text()))
                            .with("party", signed.payload().party().text())
                            .build());
                }
            }
            return instructions;
        }

        /// Of other chaincodes, Fabric reads how ours is defined; nobody writes there.
        private static KVRWSet ours(ByteString results) throws InvalidProtocolBufferException {
            KVRWSet ours = KVRWSet.getDefaultInstance();
            for (NsReadWriteSet set : TxReadWriteSet.parseFrom(results).getNsRwsetList()) {
                KVRWSet content = KVRWSet.parseFrom(set.getRwset());
                if (set.getNamespace().equals(CHAINCODE)) {
                    ours = content;
                } else if (!set.getNamespace().equals("_lifecycle") || content.getWritesCount() > 0) {
                    throw new IllegalStateException("a transaction of ours touches " + set.getNamespace());
                }
            }
            if (ours.getRangeQueriesInfoCount() + ours.getMetadataWritesCount() > 0) {
                throw new IllegalStateException("a transaction of ours reads ranges or writes policies of keys");
            }
            return ours;
        }

        /// Who endorses what no party has signed is the peer's choice, so of these only the number is told.
        private static Json endorsers(List<Endorsement> endorsements, boolean chosenByPeer)
                throws InvalidProtocolBufferException {
            TreeSet<String> members = new TreeSet<>();
            for (Endorsement endorsement : endorsements) {
                members.add(
                        SerializedIdentity.parseFrom(endorsement.getEndorser()).getMspid());
            }
            return chosenByPeer ? Json.whole(members.size()) : Json.texts(members);
        }

        private static Set<String> ids(LedgerBlock.Transaction transaction) {
            TreeSet<String> ids = new TreeSet<>();
            for (Bytes argument : transaction.arguments()) {
                if (Signed.read(argument) instanceof Signed signed) {
                    ids.add(signed.payload().id().text());
                }
            }
            return ids;
        }

        /// Which markers share a key depends on the clock, so whose they are is all that is told of the key.
        private static Optional<String> markers(String key) {
            return key.startsWith("once/") ? Optional.of(key.substring(0, key.lastIndexOf('/'))) : Optional.empty();
        }

        /// A version is told by who wrote it: which transaction of this scenario, or an earlier one.
        private List<Json> reads(KVRWSet set) {
            List<Json> reads = new ArrayList<>();
            TreeSet<String> markers = new TreeSet<>();
            for (KVRead read : set.getReadsList().stream()
                    .sorted(Comparator.comparing(KVRead::getKey, names.order()))
                    .toList()) {
                if (markers(read.getKey()).isPresent()) {
                    markers.add(markers(read.getKey()).get());
                    continue;
                }
                reads.add(Json.object()
                        .with("key", names.in(read.getKey()))
                        .with("written", written(read))
                        .build());
            }
            markers.forEach(key -> reads.add(Json.object()
                    .with("key", names.in(key))
                    .with("written", "at any time")
                    .build()));
            return byKey(reads);
        }

        private String written(KVRead read) {
            if (!read.hasVersion()) {
                return "never";
            }
            Integer writer = writers.get(
                    read.getVersion().getBlockNum() + "/" + read.getVersion().getTxNum());
            return writer == null ? "before" : "by transaction " + writer;
        }

        /// @param ids of the instructions of the transaction: of markers, only theirs are new
        private List<Json> writes(KVRWSet set, Set<String> ids) {
            List<Json> writes = new ArrayList<>();
            TreeMap<String, TreeMap<String, Json>> marked = new TreeMap<>();
            for (KVWrite write : set.getWritesList().stream()
                    .sorted(Comparator.comparing(KVWrite::getKey, names.order()))
                    .toList()) {
                Optional<String> markers = markers(write.getKey());
                if (markers.isPresent() && !write.getIsDelete()) {
                    TreeMap<String, Json> own = marked.computeIfAbsent(markers.get(), _ -> new TreeMap<>());
                    object(write).object("markers").members().forEach((id, marker) -> {
                        if (ids.contains(id)) {
                            own.put(id, marker);
                        }
                    });
                    continue;
                }
                Json.Builder one = Json.object().with("key", names.in(markers.orElse(write.getKey())));
                writes.add(
                        write.getIsDelete()
                                ? one.with("deleted", true).build()
                                : one.with("value", value(write)).build());
            }
            marked.forEach((key, own) -> writes.add(Json.object()
                    .with("key", names.in(key))
                    .with("value", names.in(new Json.Obj(own)))
                    .build()));
            return byKey(writes);
        }

        private static Json.Obj object(KVWrite write) {
            if (JsonReader.readCanonical(Bytes.copyOf(write.getValue().toByteArray()))
                    instanceof JsonReader.Value(Json.Obj object)) {
                return object;
            }
            throw new IllegalStateException("the value of " + write.getKey() + " is no object");
        }

        /// Under the names, since ids that were made within a millisecond lie in no certain order.
        private static List<Json> byKey(List<Json> entries) {
            return entries.stream()
                    .sorted(Comparator.comparing(entry -> ((Json.Obj) entry).text("key")))
                    .toList();
        }

        private Json value(KVWrite write) {
            Bytes value = Bytes.copyOf(write.getValue().toByteArray());
            return JsonReader.readCanonical(value) instanceof JsonReader.Value(var json)
                    ? names.in(json)
                    : Json.text(names.in(value.utf8().orElseGet(value::toHex)));
        }
    }
}
