package org.tallystick.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;

/// Both hashes, computed apart with Python (hashlib, and the DER written by hand).
class LedgerIdTest {

    @Test
    void a_header_is_hashed_as_fabric_does() {
        Bytes zeros = Bytes.copyOf(new byte[32]);

        assertThat(BlockHash.ofHeader(0, Bytes.EMPTY, zeros).hex())
                .isEqualTo("800b9c7f6a272f3d699331b0a3374dc6ac0739cfae2b338041f3506bd932d0a0");
        assertThat(BlockHash.ofHeader(200, zeros, zeros).hex())
                .isEqualTo("28bc308475d52c95e81b553372a49797715a9b9bd440733b1d793c7c11c2db63");
    }

    @Test
    void the_ledger_id_names_genesis_channel_and_chaincode() {
        assertThat(LedgerId.of(Hash.ZERO, "tallystick", "tallystick").hex())
                .isEqualTo("92650dad79f3e4e0fe9b053b8b768b8435e9bf1b36a59e8ce170311101004a42");
    }
}
