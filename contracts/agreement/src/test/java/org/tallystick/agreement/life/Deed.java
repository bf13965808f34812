package org.tallystick.agreement.life;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/// What a party asks for.
public sealed interface Deed {

    /// @param hash of the document, as the ledger counts it
    record Offer(Paper paper, String hash, long expires) implements Deed {}

    record Counter(Paper paper, String hash, long expires, String to) implements Deed {}

    record Accept(String version, Text text) implements Deed {}

    /// What the signer says to have read.
    enum Text {
        UNSAID,
        RIGHT,
        WRONG
    }

    record Decline(String version) implements Deed {}

    record Withdraw(String version, Optional<String> motion) implements Deed {}

    record Amend(Paper paper, String hash, String decision, long expires) implements Deed {}

    record Motion(Decision decision, long expires) implements Deed {}

    /// @param last of a termination, `notice` of one for a breach, `party` whose payments are suspended or resumed
    record Decision(
            String kind, boolean breach, Optional<LocalDate> last, Optional<String> notice, Optional<String> party) {

        public static Decision of(String kind) {
            return new Decision(kind, false, Optional.empty(), Optional.empty(), Optional.empty());
        }

        public static Decision of(String kind, String party) {
            return new Decision(kind, false, Optional.empty(), Optional.empty(), Optional.of(party));
        }

        public static Decision terminate(LocalDate last) {
            return new Decision("terminate", false, Optional.of(last), Optional.empty(), Optional.empty());
        }

        public static Decision terminate(LocalDate last, Optional<String> notice) {
            return new Decision("terminate", true, Optional.of(last), notice, Optional.empty());
        }
    }

    record Vote(String motion, String choice) implements Deed {}

    record Execute(String motion) implements Deed {}

    record Notice(String kind, Optional<String> against, Optional<String> notice) implements Deed {}

    /// The report of one sale of the hub's source, of this number and date.
    record Sale(long number, LocalDate date) implements Deed {}

    /// What is in the hub's source is all of a period.
    record Declare(YearMonth period) implements Deed {}

    record Close(YearMonth period) implements Deed {}
}
