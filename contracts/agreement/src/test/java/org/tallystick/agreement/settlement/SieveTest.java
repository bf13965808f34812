package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.agreement.terms.Documents;
import org.tallystick.agreement.terms.Filter;
import org.tallystick.agreement.terms.Terms;

/// Filters, asked about one event that the ledger knows.
class SieveTest {

    private static final String FEE = "{'id':'f','type':'fee','from':'hub','to':'x','of':'sales','rate':'0.1'}";

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type':'sale'}                         | r sale 2026-01-02 a=1              | true
            {'type':'cost'}                         | r sale 2026-01-02 a=1              | false
            {'type':['cost','sale']}                | r sale 2026-01-02 a=1              | true
            {'type':'sale','attrs':{'kind':'a'}}    | r sale 2026-01-02 a=1 kind=a       | true
            {'type':'sale','attrs':{'kind':'a'}}    | r sale 2026-01-02 a=1 kind=b       | false
            {'type':'sale','attrs':{'kind':'a'}}    | r sale 2026-01-02 a=1              | false
            # The origin is of kind a.
            {'type':'refund','attrs':{'kind':'a'}}  | r refund 2026-01-02 a=1 ref=s      | true
            {'type':'refund','attrs':{'kind':'b'}}  | r refund 2026-01-02 a=1 ref=s      | false
            """)
    void a_filter_matches_type_and_attributes_its_own_or_of_the_origin(String filter, String event, boolean matches) {
        Terms terms = Documents.accepted(Documents.withMeasures(Documents.of(FEE), "'m':{'plus':[" + filter + "]}"));
        Filter only = terms.measure("m").plus().getFirst();
        KnownEvent known = Books.known(terms, Books.events("s sale 2026-01-01 a=9 kind=a\n" + event))
                .getLast();

        assertThat(new Sieve(only).matches(known)).isEqualTo(matches);
    }
}
