package org.tallystick.gateway.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.Signed;
import org.tallystick.ledger.pack.ChainLeaves;

/// What the couriers of one member's gateways must not lose, and share with each other if there are
/// several.
///
/// Each home (an agreement, or the registry) is carried by one instance at a time, which holds the lease on
/// it. A lease ends when its holder has not renewed it for a while, by the clock of the database. Whoever
/// takes it over has a higher fence, and what the one before still tries to write is refused as [Fenced]:
/// no clock is trusted for more than patience.
public interface CourierStore {

    /// The most leases that are handed out at once.
    int MAX_CLAIMED = 500;

    /// The right to carry what belongs to one home.
    ///
    /// @param fence higher for each holder, and each time that a holder has it anew
    record Lease(String home, long fence) {}

    /// What there is to do for a home.
    ///
    /// @param held acknowledged, without an answer, and not handed out under this lease before; in the
    ///     order of acknowledgment
    /// @param sendings signed envelopes whose outcome is not known; only when the lease is new
    record Work(Lease lease, List<Held> held, List<Sending> sendings) {
        public Work {
            held = List.copyOf(held);
            sendings = List.copyOf(sendings);
        }
    }

    /// The lease was taken over, by another instance or by this one anew. Nothing was written.
    final class Fenced extends StoreException {
        private static final long serialVersionUID = 1;

        public Fenced(Lease lease) {
            super("the lease on " + lease.home() + " with fence " + lease.fence() + " was taken over", null);
        }

        /// The same, thrown where it was waited for.
        Fenced(Fenced cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /// Begins anew under this name, which no other instance may have: leases that it held before have
    /// ended.
    ///
    /// A commit of which it is not known whether it was done has the same effect, by itself: what this
    /// instance noted in it may stand in the database without anybody having been told. So after
    /// [StoreException#isInDoubt] no lease is [renewed][#renew], and [#claim] hands everything out again,
    /// under higher fences.
    void begin(String owner) throws StoreException, InterruptedException;

    /// Takes envelopes in, in this order. What has a verdict or is held already is not taken in again; what
    /// was refused without a verdict is. Those of homes of which `owner` holds the lease are handed to it by
    /// this.
    List<Taken> take(String owner, List<Signed> all, long nowMillis) throws StoreException, InterruptedException;

    /// Hands out work: of homes of `owner` what others took in since; and of homes without a living lease,
    /// up to `most`, all. Which of these homes is left to chance: none waits for ever, and two who ask at
    /// once seldom want the same.
    List<Work> claim(String owner, int most, Duration term) throws StoreException, InterruptedException;

    /// Keeps the living leases of `owner` for `term` from now, whatever they are on.
    ///
    /// @return those it still has; one that is missing may be another's, and may only be had by [#claim]
    List<Lease> renew(String owner, Duration term) throws StoreException, InterruptedException;

    /// Gives a lease back.
    void release(Lease lease) throws StoreException, InterruptedException;

    /// A lease that is not about instructions: the upkeep of the ledger, of which one instance is enough.
    ///
    /// @param name of no home
    /// @return the lease, kept for `term` from now if `owner` has it already; nothing if another has it
    Optional<Lease> lease(String owner, String name, Duration term) throws StoreException, InterruptedException;

    /// How many instructions are held without an answer, by whatever instance.
    long pending() throws StoreException, InterruptedException;

    /// Notes what the ledger said to instructions that have no verdict by it.
    ///
    /// @param state waiting, or refused
    void answer(Lease lease, Map<Long, Json.Obj> answers, State state) throws StoreException, InterruptedException;

    /// Keeps a signed Fabric envelope; only then it may be sent.
    void keep(Lease lease, Sending sending) throws StoreException, InterruptedException;

    /// Forgets a signed envelope that is known never to have been taken by an orderer.
    void discard(String transaction) throws StoreException, InterruptedException;

    /// Begins to store what a block adds, with the block's number; done when it is on the disk.
    ///
    /// @return false if another instance has stored this block before; nothing is written then
    CompletableFuture<Boolean> apply(BlockChange change) throws StoreException, InterruptedException;

    /// The verdict on an instruction, whoever carried it.
    Optional<Standing> verdict(Hash instruction) throws StoreException, InterruptedException;

    /// First number of the run that holds the report beginning with `reportFirst`, if the report does not
    /// begin it.
    OptionalLong run(String agreement, String source, long reportFirst) throws StoreException, InterruptedException;

    /// Agreements seen on the ledger, by id, after `after`.
    List<String> agreements(String after, int most) throws StoreException, InterruptedException;

    /// The last block that is stored, and how far each chain of the log goes with it.
    Stored stored() throws StoreException, InterruptedException;

    /// The newest block whose commit hash is stored, and that hash; nothing before the first block behind genesis.
    Optional<ChainLeaves.Committed> committed() throws StoreException, InterruptedException;

    /// @param chains of the log, each with its end
    record Stored(long block, SortedMap<String, ChainLeaves.End> chains) {}
}
