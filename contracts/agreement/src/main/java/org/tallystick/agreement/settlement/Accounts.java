package org.tallystick.agreement.settlement;

/// The names of the escrow accounts; the other accounts are the parties (terms/1 section 4).
final class Accounts {

    /// The clause of lines that belong to a dispute.
    static final String DISPUTE = "dispute";

    private Accounts() {}

    static String fund(String clause) {
        return "fund:" + clause;
    }

    static String reserve(String party) {
        return "reserve:" + party;
    }

    static String dispute(String party) {
        return DISPUTE + ":" + party;
    }
}
