package org.tallystick.gateway.stream;

import java.util.Set;
import org.tallystick.gateway.store.News;

/// Which news are wanted; an empty set leaves nothing out.
///
/// @param homes agreements, or the registry
/// @param parties that asked; a step, for which nobody asks, is wanted with its agreement
public record StreamFilter(Set<String> homes, Set<String> parties) {

    /// Values of one kind in a request.
    public static final int MOST = 100;

    public StreamFilter {
        homes = Set.copyOf(homes);
        parties = Set.copyOf(parties);
    }

    boolean wants(News news) {
        return (homes.isEmpty() || homes.contains(news.home()))
                && (parties.isEmpty()
                        || news.asked()
                                .map(asked -> parties.contains(asked.party()))
                                .orElse(!homes.isEmpty()));
    }
}
