package org.tallystick.fabric.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TemplateTest {

    private static Template consenter() {
        return Template.named("consenter-raft.yaml").lines("host", "h").with("port", 7);
    }

    @Test
    void texts_are_quoted_and_numbers_are_not() {
        assertThat(consenter().with("tls", "a \"b\" \\ $1").filled().strip())
                .isEqualTo(
                        "- {Host: h, Port: 7, ClientTLSCert: \"a \\\"b\\\" \\\\ $1\", ServerTLSCert: \"a \\\"b\\\" \\\\ $1\"}");
    }

    @Test
    void a_gap_that_is_not_filled_is_a_mistake_and_so_is_a_filling_without_a_gap() {
        assertThatThrownBy(() -> consenter().filled())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gap tls");
        assertThatThrownBy(() -> consenter().with("tls", "t").with("other", 1).filled())
                .hasMessageContaining("no gaps [other]");
        assertThatThrownBy(() -> consenter().with("port", 8)).hasMessageContaining("filled twice");
        assertThatThrownBy(() -> Template.named("none.yaml")).hasMessageContaining("none.yaml");
    }
}
