package org.tallystick.fabric.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.fabric.lifecycle.Code;

final class ImagesTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"chaincode", "gateway"})
    void a_dockerfile_takes_its_base_from_who_builds_and_else_the_usual_one(String kind) throws Exception {
        String text;
        try (InputStream in = Images.class.getResourceAsStream(kind + "/Dockerfile")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(text)
                .contains("ARG BASE=" + Images.USUAL.base() + "\nFROM ${BASE}\n")
                .contains("\nUSER 65534:65534\n")
                .doesNotContain("\nRUN ");
    }

    @Test
    void an_image_of_chaincode_is_known_by_the_version_that_members_approve() {
        assertThat(Images.USUAL.of(new Code(Path.of("code"), "1-c0de"))).isEqualTo("tallystick/chaincode:1-c0de");
        assertThat(Images.USUAL.peer()).isEqualTo("hyperledger/fabric-peer:3.1.5");
        assertThat(Images.USUAL.orderer()).isEqualTo("hyperledger/fabric-orderer:3.1.5");
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(strings = {"", "--privileged", "peer image", "Peer"})
    void what_is_no_name_of_an_image_is_refused(String name) {
        Images usual = Images.USUAL;

        assertThatThrownBy(() -> new Images(name, usual.orderer(), usual.chaincode(), usual.base()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
