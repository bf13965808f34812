package org.tallystick.ledger.cli;

import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Purpose;
import org.tallystick.agreement.instruction.Recovery;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.instruction.Ulid;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.numbers.Amounts;
import org.tallystick.agreement.numbers.Rational;
import org.tallystick.agreement.terms.EventType;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.statement.PostingName;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How the words on a command line become values, each with a message that shows a good one.
final class Words {

    private Words() {}

    /// `1 event`, `3 events`.
    static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static CommandLine register(CommandLine line) {
        return line.registerConverter(PartyId.class, word("a party, such as north/vendor", PartyId::parse))
                .registerConverter(MemberId.class, word("a member, such as north", MemberId::parse))
                .registerConverter(Owner.class, word("a party or a member, such as north/vendor", Owner::parse))
                .registerConverter(
                        AgreementId.class, word("an agreement, such as north/vendor/reseller", AgreementId::parse))
                .registerConverter(SourceId.class, word("a source, such as sales", SourceId::parse))
                .registerConverter(EventId.class, word("an event, such as sales/0000000042", EventId::parse))
                .registerConverter(
                        PostingName.class,
                        word("a posting, such as north/vendor/reseller/2026-Q1/3", PostingName::parse))
                .registerConverter(
                        KeyName.class, word("a key, by at least 6 characters of its thumbprint", KeyName::parse))
                .registerConverter(
                        HashName.class, word("at least 8 digits of a hash, such as 0271aea4539e", HashName::parse))
                .registerConverter(Hash.class, word("a hash (64 hexadecimal digits)", Words::hash))
                .registerConverter(Ulid.class, word("the id of an instruction (26 characters)", Ulid::parse))
                .registerConverter(Period.class, word("a period, such as 2026-01, 2026-Q1 or 2026", Period::parse))
                .registerConverter(
                        EventType.class,
                        word(
                                "a type of event that measures count, such as sale or usage",
                                text -> EventType.ofText(text).filter(EventType::isMeasured)))
                .registerConverter(
                        VolumeWord.class, word("a volume, such as 2000000, or 0..2000000", VolumeWord::parse))
                .registerConverter(Rational.class, word("an exact number, such as 250, 0.15 or 1/3", Words::number))
                .registerConverter(
                        BigInteger.class, word("an amount in minor units, such as 100000 for 1,000.00", Words::amount))
                .registerConverter(Algorithm.class, word("an algorithm: ES256, Ed25519 or EIP712", Words::algorithm))
                .registerConverter(
                        LedgerTime.class,
                        word("a day or an instant, such as 2026-04-01 or 2026-04-01T12:00:00Z", Words::time))
                .registerConverter(
                        Purpose.class, word("a purpose: sign, report, decide or administer", Purpose::ofText))
                .registerConverter(LocalDate.class, word("a day, such as 2026-12-31", Words::day))
                .registerConverter(Duration.class, word("a time, such as 10s, 5m, 12h or 30d", Words::duration));
    }

    private static Optional<Hash> hash(String text) {
        return Hash.isHash(text) ? Optional.of(new Hash(text)) : Optional.empty();
    }

    private static <T> ITypeConverter<T> word(String what, Function<String, Optional<T>> parse) {
        return text ->
                parse.apply(text).orElseThrow(() -> new TypeConversionException("'" + text + "' is not " + what));
    }

    private static Optional<Rational> number(String text) {
        return Rational.parse(text);
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Optional<BigInteger> amount(String text) {
        return Amounts.read(Json.text(text));
    }

    private static Optional<Algorithm> algorithm(String text) {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.text().equalsIgnoreCase(text)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /// Recovery parties, and how many of them act together.
    static String quorum(Recovery recovery) {
        return recovery.threshold() + " of "
                + String.join(
                        ", ", recovery.parties().stream().map(PartyId::text).toList());
    }

    /// An instant, or the beginning of a day in UTC.
    static Optional<LedgerTime> time(String text) {
        try {
            return LedgerTime.parse(text).or(() -> Optional.of(LedgerTime.startOf(LocalDate.parse(text))));
        } catch (DateTimeParseException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// A number and one of s, m, h, d.
    static Optional<Duration> duration(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            return Optional.of(Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper))
                    .filter(duration -> !duration.isNegative());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
