package org.tallystick.acceptance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.Position;

/// What clients saw of their instructions, in the order of time, and whether all of it can be true beside the blocks.
///
/// A client whose request had no answer saw nothing. Of two looks that overlapped, either may have been the first; so
/// each
/// says when it began and when it ended, and only one that began after another had ended is held against that.
final class History {

    /// What a client was told of an instruction by one answer.
    sealed interface Sight {}

    /// There is none of this hash.
    record Absent() implements Sight {}

    /// @param state as the gateway spells it
    /// @param position of the verdict, which makes the state final
    record Told(String state, Optional<Json.Obj> answer, Optional<Position> position) implements Sight {

        boolean says(Decided decided) {
            return position.equals(Optional.of(decided.position()))
                    && answer.equals(Optional.of(decided.answer()))
                    && state.equals(decided.answer().text("result"));
        }

        /// How far it is: told later, it may be as far or farther.
        int rank() {
            return position.isPresent()
                    ? 2
                    : switch (state) {
                        case "received" -> 0;
                        case "waiting" -> 1;
                        default -> throw new IllegalArgumentException(state + " without a position");
                    };
        }
    }

    /// A look at one instruction.
    ///
    /// @param began before the request was sent, as `System.nanoTime` counts
    /// @param ended when its answer was there
    private record Look(long began, long ended, Sight sight) {}

    /// What a receipt says of an instruction: when it came first, and by when it will have an answer.
    record Promised(LedgerTime received, LedgerTime promised) {}

    /// A verdict as it stands in a block.
    record Decided(Json.Obj answer, Position position) {}

    enum Kind {
        /// It was acknowledged, and there is no verdict.
        LOST,
        /// It was acknowledged, and later the gateway knew nothing of it.
        FORGOTTEN,
        /// A state came after one that is farther.
        BACKWARD,
        /// There was a verdict, and later another.
        CHANGED,
        /// A verdict was told that is not on the ledger.
        GUESSED,
        /// There are several verdicts.
        DECIDED_TWICE,
        /// There is a verdict on what nobody sent.
        INVENTED,
        /// It was said to be received at one time, and later at another.
        PROMISE_MOVED
    }

    /// What cannot be.
    record Lie(Kind kind, Hash instruction, String what) {}

    private final Set<Hash> sent = new HashSet<>();
    private final Set<Hash> acknowledged = new HashSet<>();
    private final Map<Hash, List<Look>> looks = new HashMap<>();
    private final Map<Hash, List<Promised>> promises = new HashMap<>();

    /// Somebody is about to send it, and may never know what came of that.
    synchronized void sends(Hash instruction) {
        sent.add(instruction);
    }

    /// The gateway answered who sent it that it is taken.
    synchronized void acknowledged(Hash instruction, long began, long ended, Told told) {
        acknowledged.add(instruction);
        sees(instruction, began, ended, told);
    }

    synchronized void promised(Hash instruction, Promised promised) {
        promises.computeIfAbsent(instruction, _ -> new ArrayList<>()).add(promised);
    }

    /// Somebody asked for it.
    synchronized void sees(Hash instruction, long began, long ended, Sight sight) {
        looks.computeIfAbsent(instruction, _ -> new ArrayList<>()).add(new Look(began, ended, sight));
    }

    synchronized int acknowledged() {
        return acknowledged.size();
    }

    /// How often somebody was told something.
    synchronized int size() {
        return looks.values().stream().mapToInt(List::size).sum();
    }

    /// @param blocks the verdicts on each instruction, as the blocks have them
    /// @return nothing if it can all be true
    synchronized List<Lie> lies(Map<Hash, List<Decided>> blocks) {
        List<Lie> lies = new ArrayList<>();
        blocks.forEach((instruction, verdicts) -> {
            if (!sent.contains(instruction)) {
                lies.add(new Lie(Kind.INVENTED, instruction, verdicts.toString()));
            }
            if (verdicts.size() > 1) {
                lies.add(new Lie(Kind.DECIDED_TWICE, instruction, verdicts.toString()));
            }
        });
        for (Hash instruction : acknowledged) {
            if (!blocks.containsKey(instruction)) {
                lies.add(new Lie(Kind.LOST, instruction, "acknowledged, and in no block"));
            }
        }
        looks.forEach((instruction, all) -> {
            forgotten(instruction, all, lies);
            states(instruction, all, lies);
            verdicts(instruction, all, blocks.getOrDefault(instruction, List.of()), lies);
        });
        promises.forEach((instruction, all) -> promises(instruction, all, lies));
        lies.sort(Comparator.comparing(Lie::kind)
                .thenComparing(lie -> lie.instruction().hex()));
        return List.copyOf(lies);
    }

    private static void forgotten(Hash instruction, List<Look> all, List<Lie> lies) {
        long known = all.stream()
                .filter(look -> look.sight() instanceof Told)
                .mapToLong(Look::ended)
                .min()
                .orElse(Long.MAX_VALUE);
        all.stream()
                .filter(look -> look.sight() instanceof Absent && look.began() >= known)
                .findFirst()
                .ifPresent(look -> lies.add(
                        new Lie(Kind.FORGOTTEN, instruction, "unknown " + (look.began() - known) + " ns after")));
    }

    private static void states(Hash instruction, List<Look> all, List<Lie> lies) {
        for (Look later : all) {
            for (Look earlier : all) {
                if (earlier.ended() <= later.began()
                        && earlier.sight() instanceof Told before
                        && later.sight() instanceof Told after
                        && after.rank() < before.rank()) {
                    lies.add(new Lie(Kind.BACKWARD, instruction, before + ", then " + after));
                    return;
                }
            }
        }
    }

    private static void verdicts(Hash instruction, List<Look> all, List<Decided> blocks, List<Lie> lies) {
        List<Told> told = all.stream()
                .map(Look::sight)
                .filter(Told.class::isInstance)
                .map(Told.class::cast)
                .filter(one -> one.position().isPresent())
                .distinct()
                .toList();
        if (told.size() > 1) {
            lies.add(new Lie(Kind.CHANGED, instruction, told.toString()));
        }
        told.stream()
                .filter(one -> blocks.stream().noneMatch(one::says))
                .findFirst()
                .ifPresent(one -> lies.add(new Lie(Kind.GUESSED, instruction, one + ", but the blocks: " + blocks)));
    }

    private static void promises(Hash instruction, List<Promised> all, List<Lie> lies) {
        all.stream()
                .filter(promised -> !promised.equals(all.getFirst()))
                .findFirst()
                .ifPresent(promised ->
                        lies.add(new Lie(Kind.PROMISE_MOVED, instruction, all.getFirst() + ", then " + promised)));
    }
}
