package org.tallystick.gateway.store;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.state.Keys;

/// Which news are wanted; an empty set leaves nothing out.
///
/// @param homes agreements, or the registry
/// @param parties that asked; a step, for which nobody asks, is wanted with its agreement
public record NewsFilter(Set<String> homes, Set<String> parties) {

    public static final NewsFilter ALL = new NewsFilter(Set.of(), Set.of());

    /// Values of one kind.
    public static final int MOST = 100;

    private static final String AGREEMENTS = "agreements";
    private static final String PARTIES = "parties";

    public NewsFilter {
        homes = Set.copyOf(homes);
        parties = Set.copyOf(parties);
    }

    /// Whether this can be one of the homes.
    public static boolean isHome(String text) {
        return text.equals(Keys.REGISTRY) || AgreementId.parse(text).isPresent();
    }

    /// Whether this can be one of the parties. A member asks, too.
    public static boolean isParty(String text) {
        return PartyId.parse(text).isPresent() || MemberId.parse(text).isPresent();
    }

    public boolean wants(News news) {
        return (homes.isEmpty() || homes.contains(news.home()))
                && (parties.isEmpty()
                        || news.asked()
                                .map(asked -> parties.contains(asked.party()))
                                .orElse(!homes.isEmpty()));
    }

    public Json.Obj toJson() {
        return Json.object()
                .with(AGREEMENTS, Json.texts(sorted(homes)))
                .with(PARTIES, Json.texts(sorted(parties)))
                .build();
    }

    static NewsFilter of(Json.Obj json) {
        return new NewsFilter(texts(json, AGREEMENTS), texts(json, PARTIES));
    }

    private static List<String> sorted(Set<String> texts) {
        return texts.stream().sorted().toList();
    }

    private static Set<String> texts(Json.Obj json, String member) {
        return json.items(member).stream()
                .map(text -> ((Json.Text) text).value())
                .collect(Collectors.toUnmodifiableSet());
    }
}
