package org.tallystick.ledger;

import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;

/// No answer was reached. Says whether the same signed instructions may be sent again.
public abstract sealed class LedgerException extends Exception {

    private static final long serialVersionUID = 1;

    private LedgerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Whether the same instructions may be sent again at once.
    public abstract boolean mayRepeat();

    /// A peer or orderer is not reached, refuses work, or does not answer in time. The transaction may still commit.
    public static final class Unavailable extends LedgerException {
        private static final long serialVersionUID = 1;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean mayRepeat() {
            return true;
        }
    }

    /// Endorsers disagree, or the identity may not do this: a matter for the operators.
    public static final class Refused extends LedgerException {
        private static final long serialVersionUID = 1;

        private final boolean mayRepeat;

        public Refused(String message, @Nullable Throwable cause) {
            this(message, cause, false);
        }

        private Refused(String message, @Nullable Throwable cause, boolean mayRepeat) {
            super(message, cause);
            this.mayRepeat = mayRepeat;
        }

        /// Endorsers disagree. Mostly one peer is a block behind the others, and asking again cures it; if it does not,
        /// they run different rules.
        public static Refused disagreement(String message, @Nullable Throwable cause) {
            return new Refused(message, cause, true);
        }

        @Override
        public boolean mayRepeat() {
            return mayRepeat;
        }
    }

    /// The chaincode failed the transaction as a whole: `docs/spec/ledger-1.md` section 11.
    public static final class Failed extends LedgerException {
        private static final long serialVersionUID = 1;

        private final String code;
        private final transient Json.Obj values;

        public Failed(String code, Json.Obj values) {
            super(
                    "the transaction failed: " + code + " "
                            + values.canonical().utf8().orElse(""),
                    null);
            this.code = code;
            this.values = values;
        }

        public String code() {
            return code;
        }

        public Json.Obj values() {
            return values;
        }

        @Override
        public boolean mayRepeat() {
            return false;
        }
    }
}
