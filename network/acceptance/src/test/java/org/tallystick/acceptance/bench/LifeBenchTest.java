package org.tallystick.acceptance.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.instruction.ActKind;

final class LifeBenchTest {

    @Test
    void every_act_that_is_enforced_has_a_figure() {
        assertThat(LifeBench.acts())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ActKind.values())
                        .filter(ActKind::enforced)
                        .toList());
    }
}
