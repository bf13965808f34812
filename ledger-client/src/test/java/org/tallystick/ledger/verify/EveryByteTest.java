package org.tallystick.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.ledger.pack.PackReader;
import org.tallystick.ledger.pack.TrustFile;
import org.tallystick.ledger.verify.Finding.Result;
import org.tallystick.ledger.verify.Report.Outcome;

/// No byte of a pack can be changed without being found, even by who computes every checksum anew, and no part of it
/// can
/// be cut off. What is found has a place, and is no fault of the verifier.
final class EveryByteTest {

    private static final long SEED = 5;
    private static final String MEMBER = "north";

    /// A small pack of one form, and what is trusted.
    enum Form {
        FIRST,
        FINAL;

        private Small make() {
            TestStory story = TestStory.smallest(SEED);
            TrustFile first = story.ledger.network.trust(story.ledger.id());
            if (this == FIRST) {
                return new Small(TestPack.of(story.pack()), Optional.of(first));
            }
            TestLog log = log(story);
            byte[] pack =
                    story.pack(Optional.empty(), Optional.of(log.published(log.blocks(), Optional.empty(), MEMBER)));
            // Every witness is needed, so that no signature could be left out.
            return new Small(TestPack.of(pack), Optional.of(log.trust(first, 1, Optional.empty())));
        }

        private static TestLog log(TestStory story) {
            try {
                return new TestLog(story.ledger, story.ledger.height(), SEED, MEMBER);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A byte: of the content of an entry, or of its name.
    private record Spot(int entry, boolean inName, int index) {}

    private record Small(TestPack pack, Optional<TrustFile> trust) {

        List<Spot> spots() {
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

        String name(Spot spot) {
            return pack.names.get(spot.entry());
        }

        /// The pack with one bit of a byte changed, another one at each place.
        byte[] changed(Spot spot) {
            if (spot.inName()) {
                StringBuilder name = new StringBuilder(name(spot));
                name.setCharAt(spot.index(), (char) (name.charAt(spot.index()) ^ 1));
                return pack.renamed(spot.entry(), name.toString()).bytes();
            }
            byte[] content = pack.contents.get(spot.entry()).toArray();
            content[spot.index()] ^= (byte) (1 << (spot.index() % 8));
            return pack.with(name(spot), Bytes.copyOf(content)).bytes();
        }

        /// Where a change is missed.
        List<String> missed(List<Spot> spots, Predicate<byte[]> refuted) {
            assertThat(VerifierTest.verify(pack.bytes(), trust).outcome()).isEqualTo(Outcome.HOLDS);
            return spots.parallelStream()
                    .filter(spot -> !refuted.test(changed(spot)))
                    .map(spot -> name(spot) + (spot.inName() ? " name " : " byte ") + spot.index())
                    .toList();
        }

        /// Reads no further than the first failure.
        boolean isRefuted(byte[] changed) {
            try {
                return !Verifier.holds(new ByteArrayInputStream(changed), trust);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Reads all of it: every failure has a place, and none is the verifier's own.
        boolean isRefutedThroughout(byte[] changed) {
            return isRefuted(VerifierTest.verify(changed, trust));
        }

        private static boolean isRefuted(Report report) {
            return report.outcome() == Outcome.DOES_NOT_HOLD
                    && report.findings().stream()
                            .noneMatch(finding -> finding.text().contains("the verifier failed")
                                    || (finding.result() == Result.FAIL
                                            && finding.place().isEmpty()));
        }

        /// Changes every nth byte, from a place on.
        List<String> missed(int from, int step) {
            List<Spot> all = spots();
            List<Spot> some = IntStream.range(0, all.size())
                    .filter(i -> i % step == from)
                    .mapToObj(all::get)
                    .toList();
            return missed(some, this::isRefuted);
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_name_and_every_byte_but_of_transactions_is_bound(Form form) {
        Small small = form.make();
        List<Spot> spots = small.spots().stream()
                .filter(spot -> (spot.inName() && spot.index() % 6 == 5)
                        || (!spot.inName() && !small.name(spot).startsWith("tx/") && spot.index() % 83 == 0))
                .toList();

        assertThat(small.missed(spots, small::isRefuted)).isEmpty();
    }

    @Test
    void a_changed_byte_is_found() {
        assertThat(Form.FIRST.make().missed(0, 1499)).isEmpty();
    }

    @Tag("slow")
    @Test
    void every_thirty_first_byte_changed_is_found() {
        assertThat(Form.FIRST.make().missed(3, 31)).isEmpty();
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    void every_byte_changed_is_found(Form form) {
        Small small = form.make();

        assertThat(small.missed(small.spots(), small::isRefutedThroughout)).isEmpty();
    }

    private static PackReader.Next last(byte[] pack) {
        PackReader reader = new PackReader(new ByteArrayInputStream(pack));
        try {
            while (true) {
                PackReader.Next next = reader.next();
                if (!(next instanceof PackReader.Entry || next instanceof PackReader.Streamed)) {
                    return next;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lengths at which a pack is cut: every so many bytes, and all at the ends of its entries.
    private static IntStream cuts(Small small, byte[] whole, int step) {
        List<Integer> near = new ArrayList<>();
        String text = BadFiles.text(Bytes.copyOf(whole));
        for (String name : small.pack().names) {
            int at = text.indexOf("\nentry " + name + " ");
            near.addAll(List.of(at - 1, at, at + 1, at + 2));
        }
        int end = text.lastIndexOf("\nend ");
        IntStream last = IntStream.range(end, whole.length);
        return IntStream.concat(
                        IntStream.concat(
                                near.stream().mapToInt(Integer::intValue).filter(at -> at >= 0), last),
                        IntStream.iterate(0, at -> at < whole.length, at -> at + step))
                .distinct();
    }

    private static List<Integer> misjudged(int step) {
        Small small = Form.FINAL.make();
        byte[] whole = small.pack().bytes();
        return cuts(small, whole, step)
                .parallel()
                .filter(length -> {
                    Report report = VerifierTest.verify(
                            Bytes.copyOf(whole).slice(0, length).toArray(), small.trust());
                    int least = "tallypack/1\n".length();
                    return report.outcome() != (length < least ? Outcome.COULD_NOT_CHECK : Outcome.DOES_NOT_HOLD)
                            || (length >= least && !Small.isRefuted(report));
                })
                .boxed()
                .toList();
    }

    @Test
    void a_pack_that_is_cut_is_refuted() {
        assertThat(misjudged(1999)).isEmpty();
    }

    @Tag("long")
    @Test
    void a_pack_that_is_cut_at_every_length_is_refuted() {
        byte[] whole = Form.FINAL.make().pack().bytes();

        assertThat(IntStream.range(0, whole.length).parallel().filter(length -> {
                    PackReader.Next end =
                            last(Bytes.copyOf(whole).slice(0, length).toArray());
                    boolean cut = end instanceof PackReader.Damaged damaged
                            && damaged.code().equals("truncated");
                    return !cut && !(end instanceof PackReader.NotAPack);
                }))
                .isEmpty();
        assertThat(misjudged(13)).isEmpty();
    }
}
