package org.tallystick.ledger.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.rules.Told;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.BlockStream;
import org.tallystick.ledger.Ledger;
import org.tallystick.ledger.LedgerBlock;
import org.tallystick.ledger.LedgerException;

/// What the blocks say and no key does, since no transaction reads a range of keys: which agreements there are, where
/// the verdict stands that settled a period, which claims were made, which keys a party has or had, and the story of
/// each agreement.
///
/// Each question reads on from where the one before ended.
final class BlockIndex {

    private static final String AGREEMENTS = "agr/";
    private static final String UNREADABLE = "the blocks could not be read to their end";

    private final Ledger ledger;
    private final TreeSet<AgreementId> agreements = new TreeSet<>();
    private final Map<String, Position> settled = new TreeMap<>();
    private final TreeMap<AgreementId, List<Hash>> claims = new TreeMap<>();
    private final TreeMap<String, SortedSet<Kid>> keys = new TreeMap<>();
    private final TreeMap<AgreementId, List<StoryEntry>> stories = new TreeMap<>();
    private long next;

    BlockIndex(Ledger ledger) {
        this.ledger = ledger;
    }

    synchronized List<AgreementId> agreements() throws LedgerException {
        readOn();
        return List.copyOf(agreements);
    }

    synchronized Optional<Position> settledAt(AgreementId agreement, Period period) throws LedgerException {
        readOn();
        return Optional.ofNullable(settled.get(key(agreement, period.text())));
    }

    synchronized List<Hash> claims(AgreementId agreement) throws LedgerException {
        readOn();
        return List.copyOf(claims.getOrDefault(agreement, List.of()));
    }

    synchronized List<Kid> keys(PartyId party) throws LedgerException {
        readOn();
        return List.copyOf(keys.getOrDefault(party.text(), new TreeSet<>()));
    }

    synchronized List<StoryEntry> story(AgreementId agreement) throws LedgerException {
        readOn();
        return List.copyOf(stories.getOrDefault(agreement, List.of()));
    }

    /// The verdict on an instruction of a party. Nobody remembers all of them, so the blocks are read once more.
    Optional<Answer> verdict(AgreementId agreement, Owner party, Ulid id) throws LedgerException {
        long height = ledger.height();
        try (BlockStream blocks = ledger.blocks(0)) {
            for (long block = 0; block < height; block++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    if (transaction.valid() && concerned(transaction).contains(agreement)) {
                        OptionalInt item = verdict(transaction, party, id);
                        if (item.isPresent()) {
                            Position at = new Position(block, transaction.index(), item.getAsInt());
                            return Optional.of(Answer.of(transaction.answers().get(item.getAsInt()), Optional.of(at)));
                        }
                    }
                }
            }
        } catch (BlockStream.Broken e) {
            throw new LedgerException.Unavailable(UNREADABLE, e);
        }
        return Optional.empty();
    }

    /// Which item of a transaction is the verdict on an instruction of a party.
    private static OptionalInt verdict(LedgerBlock.Transaction transaction, Owner party, Ulid id) {
        List<Json> items = transaction.response().items("items");
        return IntStream.range(0, items.size())
                .filter(item -> isVerdict((Json.Obj) items.get(item)))
                .filter(item -> Signed.read(transaction.arguments().get(item)) instanceof Signed signed
                        && signed.payload().id().equals(id)
                        && signed.payload().party().equals(party))
                .findFirst();
    }

    private static boolean isVerdict(Json.Obj told) {
        return Told.isBrief(told) || (told.has("verdict") && !told.has("repeat"));
    }

    private void readOn() throws LedgerException {
        long height = ledger.height();
        if (next >= height) {
            return;
        }
        try (BlockStream blocks = ledger.blocks(next)) {
            for (; next < height; next++) {
                for (LedgerBlock.Transaction transaction : blocks.next().transactions()) {
                    if (transaction.valid()) {
                        read(transaction);
                    }
                }
            }
        } catch (BlockStream.Broken e) {
            throw new LedgerException.Unavailable(UNREADABLE, e);
        }
    }

    /// A transaction concerns one agreement at most.
    private void read(LedgerBlock.Transaction transaction) {
        SortedSet<AgreementId> concerned = concerned(transaction);
        agreements.addAll(concerned);
        if (concerned.size() == 1) {
            read(concerned.first(), transaction);
        }
        if (concerned.isEmpty()) {
            readKeys(transaction);
        }
    }

    /// One that concerns no agreement concerns the registry, or nobody's will.
    private void readKeys(LedgerBlock.Transaction transaction) {
        for (Json.Obj answer : transaction.answers()) {
            if (Answer.of(answer, Optional.empty()) instanceof Answer.Applied applied) {
                for (Json.Obj effect : applied.effects()) {
                    if (effect.text("kind").equals("key")) {
                        Kid.parse(effect.text("owner") + "#" + effect.text("thumb"))
                                .ifPresent(
                                        kid -> keys.computeIfAbsent(kid.owner().text(), _ -> new TreeSet<>())
                                                .add(kid));
                    }
                }
            }
        }
    }

    private static SortedSet<AgreementId> concerned(LedgerBlock.Transaction transaction) {
        SortedSet<AgreementId> concerned = new TreeSet<>();
        transaction
                .event()
                .ifPresent(event -> event.object("chains").members().keySet().stream()
                        .filter(chain -> chain.startsWith(AGREEMENTS))
                        .flatMap(chain -> AgreementId.parse(chain.substring(AGREEMENTS.length())).stream())
                        .forEach(concerned::add));
        return concerned;
    }

    private void read(AgreementId agreement, LedgerBlock.Transaction transaction) {
        List<Json.Obj> answers = transaction.answers();
        for (int item = 0; item < answers.size(); item++) {
            if (Answer.of(answers.get(item), Optional.empty()) instanceof Answer.Applied applied && !applied.repeat()) {
                Position at = new Position(next, transaction.index(), item);
                for (Json.Obj effect : applied.effects()) {
                    read(agreement, effect, at);
                }
                if (applied.effects().stream().noneMatch(BlockIndex::isOfBusiness)) {
                    tell(agreement, transaction, answers.get(item), at);
                }
            }
        }
    }

    /// Of acts that are many and large, and no part of an agreement's story.
    private static boolean isOfBusiness(Json.Obj effect) {
        return switch (effect.text("kind")) {
            case "report", "released", "declared", "opened", "claim" -> true;
            default -> false;
        };
    }

    private void tell(AgreementId agreement, LedgerBlock.Transaction transaction, Json.Obj answer, Position at) {
        Optional<StoryEntry> entry = transaction.function().equals(StoryEntry.STEP)
                ? StoryEntry.ofStep(answer, at)
                : Signed.read(transaction.arguments().get((int) at.item())) instanceof Signed signed
                        ? StoryEntry.of(signed, answer, at)
                        : Optional.empty();
        entry.ifPresent(told ->
                stories.computeIfAbsent(agreement, _ -> new ArrayList<>()).add(told));
    }

    private void read(AgreementId agreement, Json.Obj effect, Position at) {
        switch (effect.text("kind")) {
            case "settlement" -> settled.put(key(agreement, effect.text("period")), at);
            case "claim" -> {
                if (effect.text("state").equals("open")) {
                    claims.computeIfAbsent(agreement, _ -> new ArrayList<>()).add(new Hash(effect.text("claim")));
                }
            }
            default -> {
                // No question is asked about it here.
            }
        }
    }

    private static String key(AgreementId agreement, String period) {
        return agreement.text() + " " + period;
    }
}
