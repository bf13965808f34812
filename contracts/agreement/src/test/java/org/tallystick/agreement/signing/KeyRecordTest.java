package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Act.KeyLimits;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Purpose;

final class KeyRecordTest {

    private static final KeyRecord WHOLE = new KeyRecord(
            Instructions.key(Algorithm.EIP712, 1).key(),
            Instructions.FROM,
            Optional.of(Instructions.FROM),
            Optional.of(Instructions.UNTIL),
            Optional.of("ana"),
            Optional.of(new KeyLimits(Optional.of(BigInteger.TEN.pow(20)), Optional.of(List.of("sale")))),
            Optional.of("a name"),
            List.of(Purpose.SIGN, Purpose.DECIDE),
            Optional.of(new KeyRecord.Revocation(Instructions.NOW, "lost")),
            Optional.of(Instructions.FROM));

    @Test
    void a_record_is_written_and_read_again() {
        KeyRecord bare = KeyRecord.of(Instructions.key(Algorithm.ES256, 1).key(), Instructions.FROM, List.of());

        assertThat(KeyRecord.decode(WHOLE.encode())).isEqualTo(WHOLE);
        assertThat(KeyRecord.decode(bare.encode())).isEqualTo(bare);
    }

    @Test
    void a_record_has_the_members_that_ledger_1_lists() {
        assertThat(WHOLE.encode().utf8().orElseThrow())
                .startsWith("{\"alg\":\"EIP712\",\"at\":\"2026-03-01T12:00:00Z\",\"from\":\"2026-03-01T12:00:00Z\","
                        + "\"holder\":\"ana\",\"key\":{\"address\":\"0x")
                .endsWith(
                        "\",\"kty\":\"EIP712\"},\"limits\":{\"amount\":\"100000000000000000000\",\"types\":[\"sale\"]},"
                                + "\"name\":\"a name\",\"purposes\":[\"decide\",\"sign\"],"
                                + "\"revoked\":{\"at\":\"2026-03-02T00:00:00Z\",\"reason\":\"lost\"},"
                                + "\"since\":\"2026-03-01T12:00:00Z\",\"until\":\"2026-03-03T12:00:00Z\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"alg\":\"ES256\",\"at\":\"2026-03-01T12:00:00Z\","
                        + "\"key\":{\"address\":\"0x00000000000000000000000000000000000000aa\",\"kty\":\"EIP712\"}}",
                "{\"alg\":\"EIP712\", \"at\":\"2026-03-01T12:00:00Z\","
                        + "\"key\":{\"address\":\"0x00000000000000000000000000000000000000aa\",\"kty\":\"EIP712\"}}"
            })
    void anything_else_in_its_place_is_a_mistake_of_ours(String value) {
        assertThatIllegalStateException().isThrownBy(() -> KeyRecord.decode(Bytes.ofUtf8(value)));
    }
}
