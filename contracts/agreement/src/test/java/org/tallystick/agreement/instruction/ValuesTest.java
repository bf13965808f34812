package org.tallystick.agreement.instruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.agreement.bytes.Base64Url;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.json.Json;

/// Ids, times and keys: what each may look like.
final class ValuesTest {

    @ParameterizedTest(name = "\"{0}\" is {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            north                                    | a member
            N-1                                      | a member
            abcdefghijklmnopqrstuvwxyzABCDEF         | a member
            abcdefghijklmnopqrstuvwxyzABCDEFG        | nothing
            1north                                   | nothing
            north_1                                  | nothing
            north/platform                           | a party
            North/p-1                                | a party
            north/Platform                           | nothing
            north/                                   | nothing
            /platform                                | nothing
            north/platform/creators                  | an agreement
            north/platform/1                         | an agreement
            north/platform/-1                        | nothing
            north/platform/creators/1                | nothing
            sales/0000000001                         | an event
            sales_1-A/9999999999                     | an event
            sales/0000000000                         | nothing
            sales/1                                  | nothing
            ``                                       | nothing
            """)
    void an_id_is_known_by_its_form(String text, String kind) {
        Optional<? extends Record> found = MemberId.parse(text)
                .map(id -> (Record) id)
                .or(() -> PartyId.parse(text))
                .or(() -> AgreementId.parse(text))
                .or(() -> text.contains("0") || text.contains("9") ? EventId.parse(text) : Optional.empty());

        String name = switch (found.map(Record.class::cast).orElse(null)) {
            case null -> "nothing";
            case MemberId _ -> "a member";
            case PartyId _ -> "a party";
            case AgreementId _ -> "an agreement";
            case EventId _ -> "an event";
            default -> "unexpected";
        };

        assertThat(name).isEqualTo(kind);
        found.ifPresent(id -> assertThat(id).hasToString(text));
    }

    @Test
    void an_id_tells_its_parts() {
        assertThat(new AgreementId("north/platform/creators").offerer()).isEqualTo(new PartyId("north/platform"));
        assertThat(new PartyId("north/platform").member()).isEqualTo(new MemberId("north"));
        assertThat(EventId.parse("sales/0000000042")).contains(new EventId(new SourceId("sales"), 42));
        assertThat(Kid.parse("north/platform#" + "A".repeat(43)))
                .contains(new Kid(new PartyId("north/platform"), "A".repeat(43)));
        assertThatIllegalArgumentException().isThrownBy(() -> new PartyId("north"));
        assertThatIllegalArgumentException().isThrownBy(() -> new EventId(new SourceId("sales"), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "north", "north#", "#AAAA", "north#AAAA", "north/#AAAA", "a#b#AAAA"})
    void what_is_no_kid_is_none(String text) {
        assertThat(Kid.parse(text.replace("AAAA", "A".repeat(42)))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "2000-01-01T00:00:00Z,946684800",
        "2024-02-29T23:59:59Z,1709251199",
        "2999-12-31T23:59:59Z,32503679999",
        "1999-12-31T23:59:59Z,",
        "3000-01-01T00:00:00Z,",
        "2023-02-29T00:00:00Z,",
        "2026-01-01T24:00:00Z,",
        "2026-01-01T00:60:00Z,",
        "2026-01-01T00:00:60Z,",
        "2026-01-01T00:00:00+00:00,",
        "2026-01-01T00:00:00z,",
        "2026-01-01 00:00:00Z,",
        "2026-1-1T00:00:00Z,",
    })
    void a_time_is_a_real_second_of_the_years_2000_to_2999(String text, Long seconds) {
        assertThat(LedgerTime.parse(text).map(LedgerTime::seconds)).isEqualTo(Optional.ofNullable(seconds));
        LedgerTime.parse(text).ifPresent(time -> assertThat(time).hasToString(text));
    }

    @Test
    void a_time_reaches_beyond_what_can_be_written() {
        LedgerTime last = LedgerTime.of("2999-12-31T23:59:59Z");

        assertThat(last.plus(Duration.ofDays(8))).hasToString("3000-01-08T23:59:59Z");
        assertThat(last.isBefore(last.plus(Duration.ofSeconds(1)))).isTrue();
        assertThat(last.day()).isEqualTo(LocalDate.of(2999, 12, 31));
    }

    @Test
    void a_ulid_is_a_time_and_what_nobody_used_before() {
        Bytes entropy = Bytes.ofHex("ffffffffffffffffffff");

        assertThat(Ulid.of(1469918176385L, Bytes.copyOf(new byte[10]))).hasToString("01ARYZ6S410000000000000000");
        assertThat(Ulid.of((1L << 48) - 1, entropy)).hasToString("7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        assertThat(Ulid.of(0, Bytes.ofHex("00443214c74254b635cf")))
                .hasToString("0000000000" + "0123456789ABCDEF".substring(0, 16));
        assertThat(new Ulid("01ARYZ6S410000000000000000").millis()).isEqualTo(1469918176385L);
        assertThat(new Ulid("01ARYZ6S410000000000000000").day()).isEqualTo(LocalDate.of(2016, 7, 30));
        assertThat(new Ulid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ").millis()).isEqualTo((1L << 48) - 1);
        assertThatIllegalArgumentException().isThrownBy(() -> Ulid.of(1L << 48, entropy));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
                "01ARYZ6S41000000000000000",
                "01ARYZ6S41000000000000000I",
                "01ARYZ6S41000000000000000L",
                "01ARYZ6S41000000000000000O",
                "01ARYZ6S41000000000000000U",
                "01aryz6s410000000000000000"
            })
    void what_is_no_ulid_is_none(String text) {
        assertThat(Ulid.parse(text)).isEmpty();
    }

    /// RFC 8037 appendix A.3.
    @Test
    void the_thumbprint_is_that_of_rfc_7638() {
        Key key = new Key.Ed25519(
                Base64Url.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").orElseThrow());

        assertThat(key.thumb()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(Key.parse(key.toJson())).contains(key);
    }

    @ParameterizedTest(name = "{0} is at fault in {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"address":"0x00000000000000000000000000000000000000aa","kty":"EIP712"}  | nothing
            {"address":"0x00000000000000000000000000000000000000AA","kty":"EIP712"}  | /address
            {"kty":"RSA"}                                                            | /kty
            {"crv":"P-384","kty":"EC","x":"X","y":"X"}                               | /crv
            {"crv":"P-256","kty":"EC","x":"X"}                                       | /y
            {"crv":"P-256","d":"X","kty":"EC","x":"X","y":"X"}                       | /d
            {"crv":"P-256","kty":"EC","x":"X","y":"X"}                               | nothing
            {"crv":"Ed25519","kty":"OKP","x":"X"}                                    | nothing
            {"crv":"Ed25519","kty":"OKP","x":"AAAA"}                                 | /x
            {"crv":"Ed25519","kty":"OKP","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB"} | /x
            """)
    void a_key_has_one_form(String text, String fault) {
        Json key = Texts.json(text.replace("\"X\"", "\"" + "A".repeat(43) + "\""));

        assertThat(Key.FORM.fault(key).orElse("nothing")).isEqualTo(fault);
        assertThat(Key.parse(key).map(Key::toJson))
                .isEqualTo(fault.equals("nothing") ? Optional.of(key) : Optional.empty());
    }
}
