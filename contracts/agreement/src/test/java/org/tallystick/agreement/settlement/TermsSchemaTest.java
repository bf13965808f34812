package org.tallystick.agreement.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.agreement.Mutations;
import org.tallystick.agreement.Schemas;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.naive.Case;
import org.tallystick.agreement.settlement.naive.Comparison;
import org.tallystick.agreement.terms.TermsReader;
import org.tallystick.agreement.terms.TermsReading;

/// The schemas of terms and of cases accept what the code accepts, and refuse what has no such form.
final class TermsSchemaTest {

    private static final int MUTATIONS = 10;
    private static final int FEW_MUTATIONS = 3;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Json.Obj drawn(long seed) {
        return Case.draw(seed, Comparison.FEATURES).terms();
    }

    static Stream<Path> cases() {
        return SharedVectors.files(SharedVectors.path("docs/spec/examples", "spec/examples"), ".json").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_public_case_has_the_form_of_a_case_and_its_terms_that_of_terms(Path file) {
        Json.Obj example = SharedVectors.json(file);

        assertThat(Schemas.faults("case", example)).isEmpty();
        assertThat(Schemas.faults("terms-1", example.get("terms"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_case_without_one_of_its_members_or_with_a_stranger_is_refused(Path file) {
        Json.Obj example = SharedVectors.json(file);

        for (String name : List.of("id", "terms", "events", "settlements")) {
            TreeMap<String, Json> members = new TreeMap<>(example.members());
            members.remove(name);
            assertThat(Schemas.faults("case", new Json.Obj(members))).as(name).isNotEmpty();
        }
        TreeMap<String, Json> more = new TreeMap<>(example.members());
        more.put("stranger", Json.whole(1));
        assertThat(Schemas.faults("case", new Json.Obj(more))).isNotEmpty();
    }

    /// A schema that refused what the ledger accepts would stop an honest author.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_the_code_accepts_the_schema_accepts(long seed) {
        Json.Obj terms = drawn(seed);
        Mutations mutations = new Mutations(seed);

        assertThat(TermsReader.read(terms)).isInstanceOf(TermsReading.Accepted.class);
        assertThat(Schemas.faults("terms-1", terms)).isEmpty();
        for (int i = 0; i < MUTATIONS; i++) {
            Json mutated = mutations.of(terms);
            if (TermsReader.read(mutated) instanceof TermsReading.Accepted) {
                assertThat(Schemas.faults("terms-1", mutated))
                        .as(mutated.toString())
                        .isEmpty();
            }
        }
    }

    /// The other way round it need not hold, but where the form is wrong it mostly does.
    @Test
    void most_of_what_the_schema_accepts_the_code_accepts_too() {
        int accepted = 0;
        int refused = 0;
        int bySchemaOnly = 0;
        for (long seed : seeds().toArray()) {
            Json.Obj terms = drawn(seed);
            Mutations mutations = new Mutations(seed);
            for (int i = 0; i < FEW_MUTATIONS; i++) {
                Json mutated = mutations.of(terms);
                boolean bySchema = Schemas.faults("terms-1", mutated).isEmpty();
                boolean byCode = TermsReader.read(mutated) instanceof TermsReading.Accepted;
                accepted += bySchema && byCode ? 1 : 0;
                refused += !bySchema && !byCode ? 1 : 0;
                bySchemaOnly += bySchema && !byCode ? 1 : 0;
            }
        }

        assertThat(accepted).isGreaterThan(20);
        assertThat(refused).isGreaterThan(20);
        assertThat(accepted + refused).isGreaterThan(2 * bySchemaOnly);
    }
}
