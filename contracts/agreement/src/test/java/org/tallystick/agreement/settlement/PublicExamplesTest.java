package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.terms.Terms;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

class PublicExamplesTest {

    static Stream<String> names() {
        return Examples.NAMES.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void settles_to_the_last_minor_unit(String name) {
        Json.Obj file = Examples.read(name);

        CaseFile.Reading reading = CaseFile.settle(file);

        assertThat(reading).isInstanceOf(CaseFile.Settled.class);
        assertThat(((CaseFile.Settled) reading).encode()).isEqualTo(expected(file));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void reads_byte_for_byte_as_the_parties_read_it(String name) {
        assertThat(terms(name).rendered()).isEqualTo(Examples.rendered(name));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            01-channel-reseller    | d81152e2744eb7177e732a5af511734d727f09a0649912ba445cab40c7ef337e
            04-si-service-delivery | d02b09852237bb0521172513bdccf4b45182e09defa1bfad838210825f21304f
            09a-rounding-per-event | 6ba198941d844ec5563f4158a066a0dc1b43802465d02d5162abf0238e728f43
            12-rounding-modes      | 62d8e50390c7bc86bb9b4cd12f962740547590dbdcbdfff53a4e6291f769a37c
            """)
    void has_the_published_hash(String name, String hash) {
        assertThat(terms(name).hash().hex()).isEqualTo(hash);
    }

    private static Terms terms(String name) {
        return switch (TermsReader.read(Examples.read(name).get("terms"))) {
            case TermsReading.Accepted(var terms) -> terms;
            case TermsReading.Refused(var findings) -> throw new AssertionError(findings.toString());
        };
    }

    /// What the case expects, with its lines in the one order that statements have.
    private static Json expected(Json.Obj file) {
        List<Json> expected = file.items("settlements").stream()
                .map(item -> (Json.Obj) item)
                .<Json>map(item -> {
                    Json.Obj statement = item.object("expected");
                    return Json.object()
                            .with("balances", statement.has("balances") ? statement.get("balances") : Json.Obj.EMPTY)
                            .with("lines", Books.sorted(statement.items("lines")))
                            .with("payments", statement.get("payments"))
                            .with("period", item.get("period"))
                            .build();
                })
                .toList();
        return Json.array(expected);
    }
}
