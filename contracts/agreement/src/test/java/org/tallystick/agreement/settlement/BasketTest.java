package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.Documents;

/// Sums by coin, as members keep them: all must write the same bytes.
class BasketTest {

    private static Basket basket(boolean lacks, String... sums) {
        SortedMap<Coin, Rational> byCoin = new TreeMap<>();
        for (String sum : sums) {
            String[] words = sum.split(": ", -1);
            byCoin.put(Coin.ofText(words[0]), Rational.ofText(words[1]));
        }
        return new Basket(byCoin, lacks);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            : 5/2                     | false | '5/2'
            : 5/2                     | true  | {'':'5/2','?':true}
            EUR 2026-01-10: 7         | false | {'EUR 2026-01-10':'7'}
            : 5/2, EUR 2026-01-10: 7  | false | {'':'5/2','EUR 2026-01-10':'7'}
            : 0, EUR 2026-01-10: 0    | true  | {'':'0','EUR 2026-01-10':'0','?':true}
            """)
    void a_basket_is_written_in_one_way_and_read_again(String sums, boolean lacks, String written) {
        Basket basket = basket(lacks, sums.split(", ", -1));

        Json encoded = basket.encode();

        assertThat(encoded).isEqualTo(Documents.json(written));
        assertThat(Basket.decode(encoded)).isEqualTo(basket);
    }

    @Test
    void what_a_part_lacks_the_whole_lacks() {
        Basket whole = basket(false, ": 1");
        Basket lacking = basket(true, ": 2", "EUR 2026-01-10: 7");

        assertThat(whole.plus(lacking)).isEqualTo(basket(true, ": 3", "EUR 2026-01-10: 7"));
        assertThat(lacking.plus(whole)).isEqualTo(basket(true, ": 3", "EUR 2026-01-10: 7"));
        assertThat(whole.plus(whole)).isEqualTo(basket(false, ": 2"));
    }
}
