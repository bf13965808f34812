package org.tallystick.agreement.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.instruction.Key;

final class WalletAddressTest {

    /// The test cases of EIP-55.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x52908400098527886E0F7030069857D2E4169EE7",
                "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
                "0xde709f2102306220921060314715629080e2fb77",
                "0x27b1fdb04752bbc536007a920d24acb045561c26",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
            })
    void an_address_has_the_checksum_of_eip_55(String address) {
        Key.Wallet wallet = new Key.Wallet(address.toLowerCase(Locale.ROOT));

        assertThat(WalletAddress.shown(wallet)).isEqualTo(address);
        assertThat(WalletAddress.parse(address)).contains(wallet);
        assertThat(WalletAddress.parse(wallet.address())).contains(wallet);
    }

    @Test
    void a_wrong_digit_is_found_where_there_is_a_checksum() {
        assertThat(WalletAddress.parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee"))
                .isEmpty();
        assertThat(WalletAddress.parse("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"))
                .isEmpty();
        assertThat(WalletAddress.parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe"))
                .isEmpty();
        assertThat(WalletAddress.parse("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"))
                .isEmpty();
    }
}
