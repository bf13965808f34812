package org.tallystick.chaincode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.rules.Carrier;
import org.tallystick.agreement.rules.Transactions.Done;
import org.tallystick.agreement.rules.Transactions.Failed;
import org.tallystick.agreement.rules.Transactions.Outcome;
import org.tallystick.agreement.rules.Transactions.Sent;

/// How a member's chaincode lets a ledger begin.
final class CharterTest {

    private static final Hash OURS = Hash.of(Bytes.ofUtf8("the genesis block that the member has"));
    private static final Hash ANOTHER = Hash.of(Bytes.ofUtf8("a genesis block that somebody tells of"));

    private record Member(String member, boolean admin) implements Carrier {}

    private static Outcome at(Charter charter, boolean admin, String... arguments) {
        List<Bytes> all = List.of(arguments).stream().map(Bytes::ofUtf8).toList();
        Sent sent = new Sent(LedgerTime.of("2026-11-26T12:00:00Z"), new Member("north", admin));
        return charter.outcome(all, new Functions().outcome(_ -> Optional.empty(), sent, all));
    }

    private static String code(Outcome outcome) {
        return switch (outcome) {
            case Done _ -> "";
            case Failed failed -> failed.code();
        };
    }

    @ParameterizedTest(name = "told {0}: {1}, {2} is answered {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # told a trial | ledger  | trial | code
            true           | ours    | true  | ''
            true           | ours    | false | charter_differs
            true           | another | true  | charter_differs
            false          | ours    | false | ''
            false          | ours    | true  | charter_differs
            false          | another | false | charter_differs
            """)
    void a_ledger_begins_only_as_the_member_was_told(boolean told, String ledger, String trial, String code) {
        Charter charter = new Charter(OURS, told);

        Outcome outcome = at(charter, true, "init", (ledger.equals("ours") ? OURS : ANOTHER).hex(), trial);

        assertThat(code(outcome)).isEqualTo(code);
    }

    @Test
    void a_refusal_says_what_the_member_was_told() {
        Outcome outcome = at(new Charter(OURS, false), true, "init", ANOTHER.hex(), "true");

        assertThat(((Failed) outcome).message())
                .isEqualTo("tallystick: charter_differs {\"ledger\":\"" + OURS + "\",\"trial\":false}");
    }

    @Test
    void what_the_rules_say_comes_first() {
        Charter charter = new Charter(OURS, true);

        assertThat(code(at(charter, false, "init", ANOTHER.hex(), "true"))).isEqualTo("not_admin");
        assertThat(code(at(charter, true, "init", "5", "true"))).isEqualTo("arguments_wrong");
        assertThat(code(at(charter, true, "advance-epoch"))).isEqualTo("not_initialized");
        assertThat(code(at(charter, true))).isEqualTo("function_unknown");
    }

    @ParameterizedTest(name = "trial: {0}")
    @ValueSource(booleans = {true, false})
    void a_charter_is_read_as_it_was_written(boolean trial) {
        Charter charter = new Charter(OURS, trial);

        assertThat(Charter.read(Bytes.ofUtf8(charter.text()))).contains(charter);
    }

    @ParameterizedTest(name = "not {0}")
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"ledger\":5,\"trial\":true}",
                "{\"ledger\":\"abc\",\"trial\":true}",
                "{\"ledger\":\"LEDGER\"}",
                "{\"ledger\":\"LEDGER\",\"trial\":\"true\"}",
                "{\"ledger\":\"LEDGER\",\"trial\":true,\"more\":1}"
            })
    void what_is_no_charter_is_none(String text) {
        assertThat(Charter.read(Bytes.ofUtf8(text.replace("LEDGER", OURS.hex()))))
                .isEmpty();
    }
}
