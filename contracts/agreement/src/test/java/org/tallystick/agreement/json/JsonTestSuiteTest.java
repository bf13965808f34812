package org.tallystick.agreement.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.tallystick.agreement.SharedVectors;
import org.tallystick.agreement.json.JsonReader.Profile;

/// Nicolas Seriot's JSONTestSuite: what a reader must accept (`y_`), must refuse (`n_`), may do as it likes (`i_`).
final class JsonTestSuiteTest {

    /// RFC 8259 says SHOULD, we say MUST: a name twice in an object has no one meaning.
    private static final List<String> STRICTER_IN_FILES =
            List.of("y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json");

    /// In what is signed a number is whole and has one spelling.
    private static final List<String> STRICTER_NUMBERS = """
            y_number.json
            y_number_0e+1.json
            y_number_0e1.json
            y_number_double_close_to_zero.json
            y_number_int_with_exp.json
            y_number_minus_zero.json
            y_number_negative_zero.json
            y_number_real_capital_e.json
            y_number_real_capital_e_neg_exp.json
            y_number_real_capital_e_pos_exp.json
            y_number_real_exponent.json
            y_number_real_fraction_exponent.json
            y_number_real_neg_exp.json
            y_number_real_pos_exponent.json
            y_number_simple_real.json
            y_object_extreme_numbers.json
            y_structure_lonely_negative_real.json
            """.lines().toList();

    /// The suite leaves these open, and we take them: numbers as large or small as one likes keep their spelling.
    private static final List<String> TAKEN = """
            i_number_double_huge_neg_exp.json
            i_number_huge_exp.json
            i_number_neg_int_huge_exp.json
            i_number_pos_double_huge_exp.json
            i_number_real_neg_overflow.json
            i_number_real_pos_overflow.json
            i_number_real_underflow.json
            i_number_too_big_neg_int.json
            i_number_too_big_pos_int.json
            i_number_very_big_negative_int.json
            """.lines().toList();

    @Test
    void what_must_be_accepted_is_but_for_names_that_stand_twice() {
        Map<String, String> refused = refused("y_", Profile.FILE);

        assertThat(refused.keySet()).containsExactlyElementsOf(STRICTER_IN_FILES);
        assertThat(refused.values()).containsOnly("duplicate_member");
    }

    @Test
    void what_is_signed_has_whole_numbers_only_and_each_exception_has_a_name() {
        Map<String, String> refused = refused("y_", Profile.SIGNED);

        assertThat(named(refused, "duplicate_member"))
                .isEqualTo(STRICTER_IN_FILES)
                .hasSize(2);
        assertThat(named(refused, "number_form")).isEqualTo(STRICTER_NUMBERS).hasSize(17);
        assertThat(refused).hasSize(19);
    }

    @Test
    void what_must_be_refused_is() {
        List<Path> files = files("n_");

        assertThat(refused("n_", Profile.FILE)).hasSize(files.size());
        assertThat(refused("n_", Profile.SIGNED)).hasSize(files.size());
        assertThat(files).hasSize(188);
    }

    @Test
    void where_a_reader_may_choose_this_is_the_choice() {
        Map<String, String> refused = refused("i_", Profile.FILE);
        Map<String, String> refusedSigned = refused("i_", Profile.SIGNED);

        assertThat(named(refused, "too_deep")).containsExactly("i_structure_500_nested_arrays.json");
        assertThat(named(refused, "not_json")).hasSize(24).doesNotContainAnyElementsOf(TAKEN);
        assertThat(refused).hasSize(files("i_").size() - TAKEN.size());
        assertThat(named(refusedSigned, "number_form")).isEqualTo(TAKEN);
        assertThat(refusedSigned).hasSize(35);
    }

    private static Map<String, String> refused(String kind, Profile profile) {
        Map<String, String> refused = new TreeMap<>();
        for (Path file : files(kind)) {
            if (JsonReader.read(SharedVectors.bytes(file), profile) instanceof JsonReader.Fault fault) {
                refused.put(String.valueOf(file.getFileName()), fault.code());
            }
        }
        return refused;
    }

    private static List<String> named(Map<String, String> refused, String code) {
        return refused.keySet().stream()
                .filter(name -> code.equals(refused.get(name)))
                .toList();
    }

    private static List<Path> files(String kind) {
        return SharedVectors.files(SharedVectors.path("vectors/json-parsing/test_parsing"), ".json").stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(kind))
                .toList();
    }
}
