package org.tallystick.ledger.verify;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What is checked, in the order of `docs/spec/pack-1.md` section 6. The names are stable.
public enum Check {
    PACK_CONTAINER(Need.ALWAYS, "the container has its form, and pack.json says what is there"),
    PACK_TRUST(Need.ALWAYS, "the trust file is for this ledger and has its members' authorities"),
    PACK_LEDGER(Need.ALWAYS, "the ledger id follows from the genesis block and is everywhere the same"),
    PACK_TRIAL(Need.ALWAYS, "pack.json says of a trial what init says"),

    OCCURRENCE_SIGNATURES(Need.ALWAYS, "each instruction is signed by the keys its act needs"),
    OCCURRENCE_KEYS(Need.ALWAYS, "each key record follows from the acts before it"),
    OCCURRENCE_ENDORSED(Need.ALWAYS, "each transaction is endorsed by enough members"),
    OCCURRENCE_VALID(Need.FINAL, "each transaction is valid"),
    OCCURRENCE_INCLUDED(Need.FINAL, "each leaf is in the log"),
    OCCURRENCE_ANCHOR(Need.OPTIONAL, "the root is anchored"),

    COMPLETENESS_SOURCES(Need.ALWAYS, "each source runs from 1 without a gap"),
    COMPLETENESS_DECLARED(Need.ALWAYS, "each source declared each settled period as it is"),
    COMPLETENESS_PERIODS(Need.ALWAYS, "settlements run from the opening period without a gap"),
    COMPLETENESS_CHAINS(Need.FINAL, "no transaction was left out"),
    COMPLETENESS_HEADS(Need.FINAL, "members state these ends of the chains"),
    COMPLETENESS_CONSISTENT(Need.OPTIONAL, "the log goes on from an older pack"),

    ACCURACY_VERSION(Need.ALWAYS, "each document is the one signed, and its checks pass"),
    ACCURACY_SETTLED(Need.ALWAYS, "each settlement, computed again from the signed events, is the same"),
    ACCURACY_VERDICTS(Need.ALWAYS, "each instruction, decided again, has the same verdict and writes"),
    ACCURACY_ITEMS(Need.ALWAYS, "open items are those of the settlements"),
    ACCURACY_ZERO_SUM(Need.ALWAYS, "accounts balance in each settlement"),
    ACCURACY_POSTING(Need.POSTING, "the posting is in the settlement that the log names"),

    CUTOFF_BOOKING(Need.ALWAYS, "each event is booked in the right period"),
    CUTOFF_WINDOWS(Need.ALWAYS, "each act was within its window and after its period"),
    CUTOFF_TIME(Need.ALWAYS, "time never goes back, and each transaction read what the one before wrote"),

    AUTHORIZATION_ROLES(Need.ALWAYS, "each act was by who holds its role"),
    AUTHORIZATION_GOVERNANCE(Need.ALWAYS, "each version was accepted by all who must"),
    AUTHORIZATION_KEYS(Need.ALWAYS, "each key was good, and for its purpose, when it signed"),
    AUTHORIZATION_REGISTRARS(Need.ALWAYS, "registrar keys come from their member's admin"),

    ATTENTION_LATE(Need.ATTENTION, "events booked later than their date"),
    ATTENTION_SEALED(Need.ATTENTION, "sources that were sealed"),
    ATTENTION_SELF_ATTESTED(Need.ATTENTION, "events attested by the owner of their source"),
    ATTENTION_CONTRADICTED(Need.ATTENTION, "events that an attester contradicted"),
    ATTENTION_HELD(Need.ATTENTION, "events still held"),
    ATTENTION_KEYS(Need.ATTENTION, "changes of keys"),
    ATTENTION_COMPROMISED(Need.ATTENTION, "verdicts of keys that were compromised since"),
    ATTENTION_ADJUSTED(Need.ATTENTION, "agreed adjustments"),
    ATTENTION_DISPUTED(Need.ATTENTION, "disputes"),
    ATTENTION_REFUSED(Need.ATTENTION, "refused instructions"),
    ATTENTION_TAKEN(Need.ATTENTION, "codes taken as stated"),
    ATTENTION_NOT_ENDORSED_BY_HOST(Need.ATTENTION, "acts that the party's member did not endorse"),
    ATTENTION_CLAIMS(Need.ATTENTION, "missing-event claims"),
    ATTENTION_MATCHED(Need.ATTENTION, "sales that two sources report differently, or only one"),
    ATTENTION_UNDONE(Need.ATTENTION, "closes that other rules undid");

    /// In which form of the pack a check must have run.
    enum Need {
        ALWAYS,
        /// Of the proof of one posting alone, which is no pack.
        POSTING,
        FINAL,
        OPTIONAL,
        ATTENTION
    }

    private static final Set<Check> OF_POSTING = EnumSet.of(PACK_TRUST, OCCURRENCE_INCLUDED, ACCURACY_POSTING);

    private final Need need;
    private final String holds;

    Check(Need need, String holds) {
        this.need = need;
        this.holds = holds;
    }

    /// As it stands in answers: the group, a dot, and the name with hyphens.
    public String text() {
        String lower = name().toLowerCase(Locale.ROOT);
        int group = lower.indexOf('_');
        return lower.substring(0, group) + "." + lower.substring(group + 1).replace('_', '-');
    }

    /// What is the case when it passes.
    String holds() {
        return holds;
    }

    /// Whether it looks at what this form has.
    boolean isOf(Report.Form form) {
        return form == Report.Form.POSTING ? OF_POSTING.contains(this) : need != Need.POSTING;
    }

    /// Whether it is for an auditor's eye, and never fails.
    boolean isAttention() {
        return need == Need.ATTENTION;
    }

    boolean isRequired(Report.Form form) {
        return switch (form) {
            case NOTHING -> false;
            case FIRST -> need == Need.ALWAYS;
            case FINAL -> need == Need.ALWAYS || need == Need.FINAL;
            case POSTING -> OF_POSTING.contains(this);
        };
    }

    /// What stands before the dot of its name.
    String group() {
        String text = text();
        return text.substring(0, text.indexOf('.'));
    }

    /// The group in an auditor's words.
    String title() {
        return switch (group()) {
            case "occurrence" -> "Occurrence: what is recorded happened";
            case "completeness" -> "Completeness: nothing is missing";
            case "accuracy" -> "Accuracy: the amounts are right";
            case "cutoff" -> "Cut-off: in the right period";
            case "authorization" -> "Authorization: by those who may";
            case "attention" -> "What an auditor would ask about";
            default -> "The pack itself";
        };
    }
}
