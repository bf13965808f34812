package org.tallystick.agreement.state;

import java.time.format.DateTimeFormatter;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.EventId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.instruction.Payload;
import org.tallystick.agreement.instruction.Ulid;

/// The names of the state's keys: `docs/spec/ledger-1.md` section 3.
public final class Keys {

    public static final String NET = "net";

    /// Where the markers of registry acts stand, in the place of an agreement.
    public static final String REGISTRY = "reg";

    private Keys() {}

    public static String party(String party) {
        return "pty/" + party;
    }

    public static String key(String owner, String thumb) {
        return "key/" + owner + "/" + thumb;
    }

    public static String keyOwner(String thumb) {
        return "kid/" + thumb;
    }

    /// The markers of instructions whose ids begin with the same letters as this one.
    ///
    /// @param home the agreement, or [#REGISTRY]
    /// @param letters how many
    public static String markers(String home, String owner, Ulid id, int letters) {
        String day = id.day().format(DateTimeFormatter.BASIC_ISO_DATE);
        return "once/" + day + "/" + home + "/" + owner + "/" + id.text().substring(0, letters);
    }

    /// The keys of one kind with which a member signs the log.
    public static String logKeys(String member, String kind) {
        return "log/" + member + "/" + kind;
    }

    public static String agreement(String agreement) {
        return "agr/" + agreement;
    }

    public static String document(String agreement, Hash version) {
        return "doc/" + agreement + "/" + version;
    }

    public static String offer(String agreement, Hash version) {
        return "off/" + agreement + "/" + version;
    }

    /// Versions that the head has no room for any more.
    public static String versions(String agreement, int page) {
        return agreement(agreement) + "/v/" + page;
    }

    public static String motion(String agreement, Hash motion) {
        return "mot/" + agreement + "/" + motion;
    }

    public static String notice(String agreement, Hash notice) {
        return "ntc/" + agreement + "/" + notice;
    }

    /// What payer and payee agreed on, for the settlement of that period.
    public static String adjustments(String agreement, String period) {
        return "adj/" + agreement + "/" + period;
    }

    public static String source(String agreement, String source) {
        return "src/" + agreement + "/" + source;
    }

    public static String run(String agreement, String source, long first) {
        return "run/" + agreement + "/" + source + "/" + EventId.tenDigits(first);
    }

    public static String events(String agreement, String source, long first) {
        return "ev/" + agreement + "/" + source + "/" + EventId.tenDigits(first);
    }

    public static String total(String agreement, String source, String period) {
        return "tot/" + agreement + "/" + source + "/" + period;
    }

    public static String released(String agreement, String source, String period, int page) {
        return page("rel/" + agreement + "/" + source + "/" + period, page);
    }

    public static String mark(String agreement, EventId event) {
        return "mark/" + agreement + "/" + event.text();
    }

    /// What was said of one reference.
    ///
    /// @param notices the source of the notices
    /// @param reference hash of type and reference
    public static String match(String agreement, String notices, Hash reference) {
        return "match/" + agreement + "/" + notices + "/" + reference;
    }

    public static String claim(String agreement, Hash claim) {
        return "clm/" + agreement + "/" + claim;
    }

    public static String singles(String agreement, String source, String clause, String window) {
        return "one/" + agreement + "/" + source + "/" + clause + "/" + window;
    }

    public static String figures(String agreement, String source, String period, int page) {
        return "fig/" + agreement + "/" + source + "/" + period + "/" + page;
    }

    public static String declaration(String agreement, String source, String period) {
        return "dec/" + agreement + "/" + source + "/" + period;
    }

    public static String facts(String agreement, String type, String period, int page) {
        return page(("fact/" + agreement + "/" + type + "/" + period), page);
    }

    public static String closing(String agreement, String period) {
        return "cls/" + agreement + "/" + period;
    }

    public static String settlement(String agreement, String period) {
        return "set/" + agreement + "/" + period;
    }

    public static String lines(String agreement, String period, int page) {
        return settlement(agreement, period) + "/" + page;
    }

    public static String rollUp(String agreement, String period, int page) {
        return "roll/" + agreement + "/" + period + "/" + page;
    }

    /// Which closes wrote what is kept of a period.
    public static String past(String agreement, String period) {
        return "past/" + agreement + "/" + period;
    }

    /// What is kept of a period.
    ///
    /// @param closed the period whose close wrote it
    public static String pastSums(String agreement, String period, String closed, int page) {
        return past(agreement, period) + "/" + closed + "/sums/" + page;
    }

    /// The events of a period that clauses keep one by one.
    ///
    /// @param closed the period whose close wrote them
    public static String pastSingles(String agreement, String period, String closed, int page) {
        return past(agreement, period) + "/" + closed + "/singles/" + page;
    }

    public static String openItems(String agreement, String period) {
        return "itm/" + agreement + "/" + period;
    }

    /// `base` for the first page, then `base/2`, `base/3` ...
    private static String page(String base, int page) {
        return page == 1 ? base : base + "/" + page;
    }

    /// The chain of an agreement in the transparency log.
    public static String chain(String agreement) {
        return "agr/" + agreement;
    }

    /// The chain of the transparency log that holds the leaf of an instruction's verdict (`ledger-1` section 14).
    public static String chain(Payload payload) {
        return payload.scope()
                .map(scope -> chain(scope.agreement().text()))
                .orElseGet(() -> payload.party() instanceof PartyId party ? "pty/" + party.text() : REGISTRY);
    }
}
