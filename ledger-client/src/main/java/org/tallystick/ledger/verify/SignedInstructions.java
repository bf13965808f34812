package org.tallystick.ledger.verify;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.ledger.pack.EntryName;
import org.tallystick.ledger.pack.TransactionEnvelope.Position;

/// What each key signed, in order: every instruction of a history, and asked for only of a key that was compromised. So
/// it is kept where octets are kept, a page at a time.
final class SignedInstructions {

    private static final int ONE = Long.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES + Integer.BYTES;
    private static final int PAGE = 256;
    private static final List<ActKind> KINDS = List.of(ActKind.values());

    private final OctetStore octets;
    private final Map<Kid, Pages> byKey = new LinkedHashMap<>();

    /// @param octets where they are kept
    SignedInstructions(OctetStore octets) {
        this.octets = octets;
    }

    /// A verdict on what a key signed.
    record One(LedgerTime time, ActKind kind, Place place) {}

    private static final class Pages {
        private final List<Long> full = new ArrayList<>();
        private ByteBuffer last = ByteBuffer.allocate(ONE);
    }

    /// @param place an item of a transaction
    void add(Kid kid, LedgerTime time, ActKind kind, Place place) {
        Pages pages = byKey.computeIfAbsent(kid, _ -> new Pages());
        if (!pages.last.hasRemaining()) {
            grow(pages);
        }
        Position position = place.position().orElseThrow();
        pages.last
                .putLong(time.seconds())
                .putInt(KINDS.indexOf(kind))
                .putLong(position.block())
                .putInt((int) position.transaction())
                .putInt(place.item().orElseThrow());
    }

    /// Most keys sign little, so a page begins small.
    private void grow(Pages pages) {
        if (pages.last.capacity() == PAGE * ONE) {
            pages.full.add(octets.add(Bytes.copyOf(pages.last.array())));
            pages.last.clear();
            return;
        }
        pages.last = ByteBuffer.allocate(2 * pages.last.capacity()).put(pages.last.flip());
    }

    /// The keys that signed anything, in the order in which they first did.
    Set<Kid> kids() {
        return byKey.keySet();
    }

    Stream<One> of(Kid kid) {
        Pages pages = byKey.getOrDefault(kid, new Pages());
        return Stream.concat(
                pages.full.stream().map(octets::read).flatMap(page -> read(ByteBuffer.wrap(page.toArray()))),
                read(pages.last.duplicate().flip()));
    }

    private static Stream<One> read(ByteBuffer page) {
        List<One> all = new ArrayList<>();
        while (page.hasRemaining()) {
            LedgerTime time = new LedgerTime(page.getLong());
            ActKind kind = KINDS.get(page.getInt());
            Position position = new Position(page.getLong(), page.getInt());
            EntryName entry = EntryName.transaction(position.block(), (int) position.transaction());
            all.add(new One(time, kind, Place.of(entry, position).item(page.getInt())));
        }
        return all.stream();
    }
}
