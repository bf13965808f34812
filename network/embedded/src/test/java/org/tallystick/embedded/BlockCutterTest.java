package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCutterTest {
    /// At most three envelopes, and ten bytes.
    private static final BatchLimits LIMITS = new BatchLimits(3, 10, 100, Duration.ofSeconds(1));

    @ParameterizedTest(name = "envelopes of {0} bytes: blocks {1}, left {2}")
    @CsvSource(delimiter = '|', textBlock = """
            # sizes     | blocks       | left
            1           | ''           | 1
            1 1 1       | 1+1+1        | ''
            1 1 1 1     | 1+1+1        | 1
            5 5         | ''           | 5+5
            5 5 1       | 5+5          | 1
            5 6         | 5            | 6
            10          | ''           | 10
            11          | 11           | ''
            1 11        | 1 11         | ''
            1 11 2      | 1 11         | 2
            11 12       | 11 12        | ''
            9 1 1 9     | 9+1          | 1+9
            """)
    void blocks_are_cut_by_count_and_size(String sizes, String blocks, String left) {
        var cutter = new BlockCutter(LIMITS);
        var cut = new ArrayList<List<ByteString>>();

        for (String size : sizes.split(" ", -1)) {
            cut.addAll(cutter.add(ByteString.copyFrom(new byte[Integer.parseInt(size)])));
        }

        assertThat(cut.stream().map(BlockCutterTest::sizes).collect(Collectors.joining(" ")))
                .isEqualTo(blocks);
        assertThat(cutter.hasPending()).isEqualTo(!left.isEmpty());
        assertThat(sizes(cutter.cut())).isEqualTo(left);
        assertThat(cutter.hasPending()).isFalse();
    }

    private static String sizes(List<ByteString> batch) {
        return batch.stream()
                .map(ByteString::size)
                .map(size -> Integer.toString(size))
                .collect(Collectors.joining("+"));
    }
}
