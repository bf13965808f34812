package org.tallystick.ledger.client;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.instruction.SourceId;
import org.tallystick.agreement.terms.Period;

/// Which items of a gateway's list somebody wants to see, and which of them first. The gateway refuses what the list
/// cannot be chosen by; its contract says what that is for each.
///
/// @param wanted by the name of the parameter
/// @param limit how many are in one page at the most, if not as many as is usual
public record ListFilter(Map<String, String> wanted, Optional<Integer> limit) {

    public static final ListFilter ALL = new ListFilter(Map.of(), Optional.empty());

    public ListFilter {
        wanted = new TreeMap<>(wanted);
    }

    private ListFilter with(String name, String value) {
        TreeMap<String, String> more = new TreeMap<>(wanted);
        more.put(name, value);
        return new ListFilter(more, limit);
    }

    public ListFilter agreement(AgreementId agreement) {
        return with("agreement", agreement.text());
    }

    public ListFilter party(Owner party) {
        return with("party", party.text());
    }

    public ListFilter act(ActKind act) {
        return with("act", act.text());
    }

    public ListFilter state(String state) {
        return with("state", state);
    }

    public ListFilter source(SourceId source) {
        return with("source", source.text());
    }

    public ListFilter period(Period period) {
        return with("period", period.text());
    }

    /// Only what stands after this position.
    public ListFilter since(Position position) {
        return with("since", position.toString());
    }

    public ListFilter newestFirst() {
        return with("order", "newest");
    }

    public ListFilter limit(int most) {
        return new ListFilter(wanted, Optional.of(most));
    }

    /// As the query of an address.
    ///
    /// @param cursor of the page before
    String query(Optional<String> cursor) {
        List<String> parts = new ArrayList<>();
        wanted.forEach((name, value) -> parts.add(name + "=" + encode(value, UTF_8)));
        limit.ifPresent(most -> parts.add("limit=" + most));
        cursor.ifPresent(text -> parts.add("cursor=" + encode(text, UTF_8)));
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }
}
