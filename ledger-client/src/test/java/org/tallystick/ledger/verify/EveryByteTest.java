package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.TrustFile;

/// No byte of a pack can be changed without being found, even by who computes every checksum anew.
final class EveryByteTest {

    private static final long SEED = 5;

    private final TestStory story = TestStory.smallest(SEED);
    private final Optional<TrustFile> trust = Optional.of(story.ledger.network.trust(story.ledger.id()));
    private final TestPack pack = TestPack.of(story.pack());

    /// A byte: of the content of an entry, or of its name.
    private record Spot(int entry, boolean inName, int index) {}

    private List<Spot> spots() {
        List<Spot> spots = new ArrayList<>();
        for (int entry = 0; entry < pack.names.size(); entry++) {
            for (int i = 0; i < pack.names.get(entry).length(); i++) {
                spots.add(new Spot(entry, true, i));
            }
            for (int i = 0; i < pack.contents.get(entry).size(); i++) {
                spots.add(new Spot(entry, false, i));
            }
        }
        return spots;
    }

    /// The pack with one bit of a byte changed, another one at each place.
    private byte[] changed(Spot spot) {
        if (spot.inName()) {
            StringBuilder name = new StringBuilder(pack.names.get(spot.entry()));
            name.setCharAt(spot.index(), (char) (name.charAt(spot.index()) ^ 1));
            return pack.renamed(spot.entry(), name.toString()).bytes();
        }
        byte[] content = pack.contents.get(spot.entry()).toArray();
        content[spot.index()] ^= (byte) (1 << (spot.index() % 8));
        return pack.with(pack.names.get(spot.entry()), Bytes.copyOf(content)).bytes();
    }

    private boolean holds(byte[] bytes) {
        try {
            return Verifier.holds(new ByteArrayInputStream(bytes), trust);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Changes every nth byte, from a place on.
    private List<String> missed(int from, int step) {
        assertThat(holds(pack.bytes())).isTrue();
        List<Spot> all = spots();
        return IntStream.range(0, all.size())
                .filter(i -> i % step == from)
                .parallel()
                .mapToObj(all::get)
                .filter(spot -> holds(changed(spot)))
                .map(spot -> pack.names.get(spot.entry()) + (spot.inName() ? " name " : " byte ") + spot.index())
                .toList();
    }

    @Test
    void every_name_and_every_byte_of_the_cover_and_the_settlement_is_bound() {
        assertThat(holds(pack.bytes())).isTrue();
        List<String> missed = spots().parallelStream()
                .filter(spot -> (spot.inName() && spot.index() % 6 == 5)
                        || (!spot.inName()
                                && !pack.names.get(spot.entry()).startsWith("tx/")
                                && spot.index() % 83 == 0))
                .filter(spot -> holds(changed(spot)))
                .map(spot -> pack.names.get(spot.entry()) + (spot.inName() ? " name " : " byte ") + spot.index())
                .toList();

        assertThat(missed).isEmpty();
    }

    @Test
    void a_changed_byte_is_found() {
        assertThat(missed(0, 1499)).isEmpty();
    }

    @Tag("slow")
    @Test
    void every_thirty_first_byte_changed_is_found() {
        assertThat(missed(3, 31)).isEmpty();
    }

    @Tag("long")
    @Test
    void every_byte_changed_is_found() {
        assertThat(missed(0, 1)).isEmpty();
    }
}
