package org.tallystick.ledger.statement;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.Act;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Kid;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.settlement.Line;
import org.tallystick.agreement.settlement.Working;
import org.tallystick.agreement.state.AgreedLine;
import org.tallystick.agreement.terms.Period;
import org.tallystick.ledger.client.Position;
import org.tallystick.ledger.client.StoryEntry;

/// What one or several parties of an agreement see of the settlement of a period: computed once, shown in four forms.
///
/// @param title of the terms
/// @param names what the parties of the terms are called, by their ids
/// @param trial whether the ledger is a trial
/// @param parties those whose view it is, in the order of the terms; the hub's is the whole, since it keeps the books
/// @param accounts theirs, but not the hub's: all accounts are with it
/// @param balances of theirs, besides what is carried
/// @param holds what is held back of theirs, until when
/// @param agreed what two of them agreed on beside what is computed
public record Statement(
        AgreementId agreement,
        String title,
        SortedMap<String, String> names,
        String currency,
        Period period,
        boolean trial,
        Standing standing,
        Holder hub,
        List<Holder> parties,
        List<Posting> postings,
        List<Account> accounts,
        List<Balance> balances,
        List<Hold> holds,
        List<Agreed> agreed) {

    public Statement {
        names = new TreeMap<>(names);
        parties = List.copyOf(parties);
        postings = List.copyOf(postings);
        accounts = List.copyOf(accounts);
        balances = List.copyOf(balances);
        holds = List.copyOf(holds);
        agreed = List.copyOf(agreed);
    }

    /// Whether the ledger settled it.
    public sealed interface Standing {}

    /// The ledger settled it, and the settlement was computed again here, to the last minor unit.
    ///
    /// @param on the day of the close, if some party is paid or charged for it
    /// @param position where the verdict stands, if whoever was asked knows it
    public record Settled(
            long number,
            Hash hash,
            Hash previous,
            Hash version,
            Hash terms,
            String engine,
            Optional<LocalDate> on,
            List<Consumed> sources,
            Optional<Position> position)
            implements Standing {
        public Settled {
            sources = List.copyOf(sources);
        }
    }

    /// What a source had declared, and whether another had to do it.
    public record Consumed(String source, long count, boolean sealed) {}

    /// Computed here from what is on the ledger so far; nobody owes it yet, and it may change until the close.
    ///
    /// @param at ledger time when it was computed
    /// @param undeclared sources that have not declared the period yet
    /// @param held how many events are held, and so are not in it
    public record Provisional(LedgerTime at, Hash version, Hash terms, SortedSet<String> undeclared, long held)
            implements Standing {
        public Provisional {
            undeclared = new TreeSet<>(undeclared);
        }
    }

    /// A party of the terms.
    ///
    /// @param party who stands for it on the ledger; an authority may be unbound
    public record Holder(String id, String name, Optional<PartyId> party) {}

    /// A line of the settlement.
    ///
    /// @param number among all lines of the settlement, from 1 on
    /// @param sentence of the agreement that made it, as everybody who accepted has read it
    public record Posting(long number, Line line, String sentence, Working working) {}

    /// What a party had, got, gave, and is left with.
    ///
    /// @param payment what the hub pays, or collects if negative, as computed
    /// @param agreed what comes to it by agreement; what is due is both together
    /// @param due when
    public record Account(
            Holder holder,
            BigInteger opening,
            BigInteger credited,
            BigInteger charged,
            BigInteger payment,
            BigInteger agreed,
            BigInteger closing,
            Optional<LocalDate> due) {}

    /// What kind of balance it is.
    public enum Of {
        ADVANCE("still to recoup"),
        CAPITAL("not yet returned"),
        FUND("in the fund"),
        RESERVE("held back");

        private final String words;

        Of(String words) {
            this.words = words;
        }

        /// As settlements name the group.
        public String group() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String words() {
            return words;
        }
    }

    /// @param name the clause, or the investor
    public record Balance(Of of, String name, BigInteger opening, BigInteger closing) {}

    /// What was held back in a period under a reserve, and when it is released.
    public record Hold(String clause, String party, Period held, Period released, BigInteger amount) {}

    /// A sum that payer and payee agreed on: no clause made it, and it is in no measure.
    ///
    /// @param number among all of the settlement, from 1 on
    /// @param told by the instruction that both signed, where it is known here
    public record Agreed(long number, AgreedLine line, Optional<StoryEntry> told) {

        /// Why, in words.
        public String text() {
            return signed().map(signed -> signed.body().text("text")).orElse("");
        }

        public Optional<Act.Evidence> evidence() {
            return signed().flatMap(signed -> signed.body().find("evidence"))
                    .map(evidence -> Act.Evidence.of((Json.Obj) evidence));
        }

        /// By their keys; nobody if that is not known here.
        public List<Kid> signers() {
            return signed().map(StoryEntry.Instruction::signers).orElse(List.of());
        }

        private Optional<StoryEntry.Instruction> signed() {
            return told.flatMap(StoryEntry::instruction);
        }
    }

    /// How what was agreed on is named on the command line.
    public String nameOf(Agreed one) {
        return new PostingName(agreement, period, true, one.number()).toString();
    }

    /// How a posting is named on the command line.
    public String nameOf(Posting posting) {
        return new PostingName(agreement, period, false, posting.number()).toString();
    }

    /// What an account of a line is called: a party by its name, what is set aside by whose or which it is.
    public String called(String account) {
        String[] parts = account.split(":", 2);
        if (parts.length == 1) {
            return names.getOrDefault(account, account);
        }
        return parts[0].equals("fund") ? "fund " + parts[1] : parts[0] + " of " + called(parts[1]);
    }

    public boolean isProvisional() {
        return standing instanceof Provisional;
    }
}
